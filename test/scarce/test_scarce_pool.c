/* test_scarce_pool.c - a pool with little memory or few descriptors. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "duva/openssl.h"
#include "duva/pool.h"

#include "../unit/support/cmocka_all.h"
#include "scarce.h"
#include "server.h"

#include <uv.h>

#define HOST "mail.example.org"
#define SAYS "250-peer\r\n250-SIZE\r\n250 PIPELINING"

enum { MAILS = 5 };

static struct identity authority, good;
static char            pem[4096];
static duva_tls_config trust;
static duva_openssl    shared;

struct letter {
    duva_pool_mail m;
    duva_rcpt      rcpt;
    duva_memory    text;
    unsigned       reports;
};

static struct letter    letter[MAILS];
static duva_pool_route  route;
static struct server    server;
static unsigned         handed_in;

/* ---- contexts ---- */

static int make(void *ctx, duva_pool_context *context)
{
    duva_openssl *t = calloc(1, sizeof(*t));
    int           err;

    (void)ctx;
    if (t == NULL)
        return DUVA_ERR_RESOURCES;
    err = duva_openssl_init_like(t, &shared);
    if (err != DUVA_OK) {
        free(t);
        return err;
    }
    context->tls = &t->tls;
    context->own = t;
    return DUVA_OK;
}

static void unmake(void *ctx, duva_pool_context *context)
{
    (void)ctx;
    duva_openssl_free(context->own);
    free(context->own);
}

/* ---- a run ---- */

static void done(duva_pool_mail *m)
{
    ((struct letter *)m)->reports++;
}

static void prepare(void)
{
    unsigned i;

    memset(letter, 0, sizeof(letter));
    for (i = 0; i < MAILS; i++) {
        struct letter *l = &letter[i];

        l->text.data = "Subject: test\r\n\r\na line\r\n";
        l->text.len = strlen(l->text.data);
        l->rcpt.addr = "ada@server.example";
        l->m.job.mail.from = "pool@client.example";
        l->m.job.mail.rcpt = &l->rcpt;
        l->m.job.mail.rcpt_count = 1;
        l->m.job.source = duva_memory_read;
        l->m.job.source_ctx = &l->text;
        l->m.to = &route;
        l->m.done = done;
    }
    handed_in = 0;
}

static void run(void)
{
    uv_loop_t  loop;
    duva_pool *pool;

    if (uv_loop_init(&loop) != 0)
        return;
    pool = duva_pool_new(&loop);
    if (pool != NULL) {
        for (; handed_in < MAILS; handed_in++)
            duva_pool_send(pool, &letter[handed_in].m);
        duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL);
    }
    uv_run(&loop, UV_RUN_DEFAULT);
    assert_int_equal(duva_pool_free(pool), pool != NULL ? DUVA_OK
                                                        : DUVA_ERR_STATE);
    assert_int_equal(uv_loop_close(&loop), 0);
}

/* OpenSSL alone may have lost what it wanted without a word. */
static int is_true(const duva_result *r)
{
    if (r->err == DUVA_ERR_RESOURCES)
        return is_shortage(r->cause);
    if (r->err == DUVA_ERR_RESOLVE)
        return 1;              /* the resolver does not tell why */
    return !scarce_lasting && r->err == DUVA_ERR_TLS
           && r->reason >= DUVA_REASON_HANDSHAKE
           && r->reason < DUVA_REASON_CERT_UNTRUSTED;
}

static void check(void)
{
    const unsigned stored = server_settle(&server);
    unsigned i, accepted = 0, uncertain = 0;

    for (i = 0; i < MAILS; i++) {
        const duva_result *r = &letter[i].m.job.mail.result;

        assert_int_equal(letter[i].reports, i < handed_in);
        if (i >= handed_in)
            continue;
        if (r->verdict == DUVA_ACCEPTED) {
            accepted++;
            continue;
        }
        if (!is_true(r))
            told("pool", r);
        assert_true(is_true(r));
        if (r->verdict == DUVA_UNCERTAIN)
            uncertain++;
        else
            assert_int_equal(r->verdict, DUVA_RETRY);
    }
    assert_in_range(stored, accepted, accepted + uncertain);
    assert_null(route.state);
}

static void go(const char *name)
{
    server_begin(&server);
    route.port = server.port;
    scarce_memory(name, prepare, run, check);
    scarce_descriptors(prepare, run, check);
    server_end(&server);
}

static int begin(void **state)
{
    (void)state;
    memset(&server, 0, sizeof(server));
    server.ehlo = SAYS;
    memset(&route, 0, sizeof(route));
    route.host = "127.0.0.1";
    route.config.name = "client.example";
    route.config.tls = DUVA_TLS_NEVER;
    route.config.window = 1;
    route.connections = 2;
    route.mails = 2;
    route.backoff_ms = 1;
    route.backoff_max_ms = 2;
    return 0;
}

static void in_clear(void **state)
{
    (void)state;
    go("clear");
}

static void secured(void **state)
{
    (void)state;
    server.self = &good;
    server.implicit = 1;
    route.config.tls = DUVA_TLS_IMPLICIT;
    route.tls_host = HOST;
    route.make = make;
    route.unmake = unmake;
    go("tls");
}

static void through_a_proxy(void **state)
{
    duva_pool_proxy proxy = { .kind = DUVA_PROXY_SOCKS5,
                              .host = "127.0.0.1" };

    (void)state;
    server.socks = 1;
    server_begin(&server);
    proxy.port = server.port;
    route.proxy = &proxy;
    route.host = "server.example";
    route.port = "25";
    scarce_memory("proxy", prepare, run, check);
    scarce_descriptors(prepare, run, check);
    server_end(&server);
}

static int set_up(void **state)
{
    const struct wish w = { .name = HOST, .alt = "DNS:" HOST };

    (void)state;
    signal(SIGPIPE, SIG_IGN);
    /* libuv ends the process when its table of descriptors cannot grow. */
    uv_replace_allocator(malloc, heap_realloc, calloc, free);
    authority = make_authority("An authority");
    good = make_identity(w, &authority);
    trust.ca.len = pem_of(&authority, pem, sizeof(pem));
    trust.ca.data = pem;
    return duva_openssl_init(&shared, &trust);
}

static int tear_down(void **state)
{
    (void)state;
    duva_openssl_free(&shared);
    forget_identity(&authority);
    forget_identity(&good);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(in_clear, begin),
        cmocka_unit_test_setup(secured, begin),
        cmocka_unit_test_setup(through_a_proxy, begin),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
