/* pool.c - walks pool.h. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "walk.h"

#include "duva/pool.h"

#include <uv.h>

static uv_loop_t       loop;
static duva_pool      *pool;
static duva_pool_route to;
static duva_pool_proxy proxy;
static duva_pool_mail  m;
static duva_rcpt       rcpt;
static size_t          at;
static unsigned        reports;

static void done(duva_pool_mail *mail)
{
    (void)mail;
    reports++;
}

static void write_mail(void)
{
    memset(&to, 0, sizeof(to));
    memset(&proxy, 0, sizeof(proxy));
    memset(&m, 0, sizeof(m));
    memset(&rcpt, 0, sizeof(rcpt));
    to.host = "127.0.0.1";
    to.port = "1";             /* nobody is there */
    to.config.name = "client.example";
    to.config.tls = DUVA_TLS_NEVER;
    to.backoff_ms = 1;
    rcpt.addr = "ada@example.org";
    m.job.mail.from = "bob@example.org";
    m.job.mail.rcpt = &rcpt;
    m.job.mail.rcpt_count = 1;
    m.job.source = walk_source;
    m.job.source_ctx = &at;
    m.to = &to;
    m.done = done;
}

static void set_up(void)
{
    assert_int_equal(uv_loop_init(&loop), 0);
    pool = duva_pool_new(&loop);
    assert_non_null(pool);
    reports = 0;
    write_mail();
}

static void tear_down(void)
{
    duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL);
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(duva_pool_free(pool), DUVA_OK);
    assert_int_equal(uv_loop_close(&loop), 0);
}

static void walk_duva_pool_new(void **state)
{
    (void)state;
    assert_null(duva_pool_new(NULL));
}

static void refused(void)
{
    assert_int_equal(duva_pool_send(pool, &m), DUVA_ERR_ARG);
    write_mail();
}

static void walk_routes(void)
{
    size_t i;

    to.host = NULL;
    refused();
    to.proxy = &proxy;         /* without a host */
    refused();
    to.buffer = DUVA_BUFFER_MIN - 1;
    refused();
    to.config.tls = DUVA_TLS_REQUIRED;
    refused();
    to.config.tls = (duva_tls_mode)WALK_NONE;
    refused();
    to.config.name = NULL;
    refused();
    for (i = 0; i < WALK_BAD; i++) {
        to.config.name = walk_bad[i];
        refused();
    }
}

static void decided(duva_err err, duva_verdict verdict)
{
    reports = 0;
    assert_int_equal(duva_pool_send(pool, &m), DUVA_OK);
    tear_down();
    assert_int_equal(reports, 1);
    assert_int_equal(m.job.mail.result.err, err);
    assert_int_equal(m.job.mail.result.verdict, verdict);
    assert_int_equal(rcpt.verdict, m.job.mail.rcpt_count > 0 ? verdict : 0);
    set_up();
}

static void walk_duva_pool_send(void **state)
{
    (void)state;
    set_up();
    assert_int_equal(duva_pool_send(NULL, &m), DUVA_ERR_ARG);
    assert_int_equal(duva_pool_send(pool, NULL), DUVA_ERR_ARG);
    m.to = NULL;
    refused();
    m.done = NULL;
    refused();
    m.job.source = NULL;
    refused();
    m.job.mail.rcpt = NULL;
    refused();
    walk_routes();
    rcpt.text_size = 9;        /* and no text */
    decided(DUVA_ERR_CONNECT, DUVA_RETRY);
    m.job.mail.rcpt = NULL;
    m.job.mail.rcpt_count = 0;
    decided(DUVA_ERR_CONNECT, DUVA_RETRY);
    to.port = "no such port";
    decided(DUVA_ERR_RESOLVE, DUVA_RETRY);
    to.host = "";
    decided(DUVA_ERR_RESOLVE, DUVA_RETRY);
    proxy = (duva_pool_proxy) { .kind = (duva_proxy_kind)WALK_NONE,
                                .host = "127.0.0.1", .port = "1" };
    to.proxy = &proxy;
    decided(DUVA_ERR_ARG, DUVA_REFUSED);
    tear_down();
}

static void walk_duva_pool_stop(void **state)
{
    (void)state;
    set_up();
    assert_int_equal(duva_pool_stop(NULL, DUVA_POOL_FINISH, NULL, NULL),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_pool_stop(pool, (duva_pool_how)0, NULL, NULL),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_pool_stop(pool, (duva_pool_how)WALK_NONE, NULL,
                                    NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_pool_stop(pool, DUVA_POOL_ABORT, NULL, NULL),
                     DUVA_OK);
    assert_int_equal(duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL),
                     DUVA_ERR_STATE);
    tear_down();
}

static void walk_duva_pool_look(void **state)
{
    duva_pool_progress now;

    (void)state;
    set_up();
    duva_pool_look(pool, &now);
    assert_int_equal(now.waiting, 0);
    tear_down();
}

static void walk_duva_pool_free(void **state)
{
    (void)state;
    set_up();
    assert_int_equal(duva_pool_free(NULL), DUVA_ERR_STATE);
    assert_int_equal(duva_pool_free(pool), DUVA_ERR_STATE);
    tear_down();
}

static void walk_duva_pool_session_size(void **state)
{
    (void)state;
    assert_in_range(duva_pool_session_size(), sizeof(duva_client), 4096);
}

static const struct CMUnitTest tests[] = {
    WALK(duva_pool_new), WALK(duva_pool_send), WALK(duva_pool_stop),
    WALK(duva_pool_look), WALK(duva_pool_free), WALK(duva_pool_session_size)
};

const struct walk walk_pool = WALKED(tests);
