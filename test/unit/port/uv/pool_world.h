/* pool_world.h - a server, a loop, a pool on it, and mails, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_POOL_WORLD_H
#define DUVA_TEST_POOL_WORLD_H

#include "duva/pool.h"
#include "duva/posix.h"

#include "pool_server.h"

#include "cmocka_all.h"

#include <uv.h>

enum { MAILS = 400 };

static const char piping[] = "250-peer\r\n250 PIPELINING";

struct letter {
    duva_pool_mail m;
    duva_rcpt      rcpt;
    duva_memory    text;
    unsigned       reports;
};

/* All that a test needs: a server, a loop, a pool on it, and mails. */
struct world {
    struct server   server;
    uv_loop_t       loop;
    duva_pool      *pool;
    duva_pool_route to;
    struct letter   letter[MAILS];
    unsigned        sent, reported, stop_at, overs;
    duva_pool_how   how;
    duva_pool_progress last;
};

static struct world *w;

static inline void over(void *ctx)
{
    (void)ctx;
    w->overs++;
}

static inline void done(duva_pool_mail *m)
{
    struct letter *l = (struct letter *)m;

    assert_int_not_equal(m->job.mail.result.verdict, DUVA_PENDING);
    l->reports++;
    if (++w->reported == w->stop_at)
        assert_int_equal(duva_pool_stop(w->pool, w->how, over, NULL), DUVA_OK);
}

static inline void write_letter(struct letter *l, const char *addr)
{
    memset(l, 0, sizeof(*l));
    l->text.data = "Subject: test\r\n\r\n.a line\r\n";
    l->text.len = strlen(l->text.data);
    l->rcpt.addr = addr;
    l->m.job.mail.from = "pool@client.example";
    l->m.job.mail.rcpt = &l->rcpt;
    l->m.job.mail.rcpt_count = 1;
    l->m.job.source = duva_memory_read;
    l->m.job.source_ctx = &l->text;
    l->m.to = &w->to;
    l->m.done = done;
}

static inline void send_by(duva_pool_route *to, unsigned n)
{
    while (n-- > 0) {
        struct letter *l = &w->letter[w->sent++];

        write_letter(l, "ada@server.example");
        l->m.to = to;
        assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_OK);
    }
}

static inline void send_mails(unsigned n)
{
    send_by(&w->to, n);
}

/* ---- messages past the engine ---- */

static unsigned passed_by;

static inline int count_direct(void *extent, duva_link *link, size_t len)
{
    passed_by++;
    return duva_extent_direct(extent, link, len);
}

/* A file of so many octets, in lines of 64. */
static inline FILE *make_file(size_t size)
{
    FILE  *file = tmpfile();
    size_t i;

    assert_non_null(file);
    for (i = 0; i < size / 64; i++)
        fprintf(file, "%062u\r\n", (unsigned)i);
    assert_int_equal(fflush(file), 0);
    passed_by = 0;
    return file;
}

static inline void send_file(duva_extent *extent, FILE *file, size_t size)
{
    struct letter *l = &w->letter[w->sent++];

    write_letter(l, "ada@server.example");
    *extent = (duva_extent) { .fd = fileno(file), .end = size };
    l->m.job.mail.size = size;
    l->m.job.mail.flags = DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS;
    l->m.job.source = duva_extent_read;
    l->m.job.source_ctx = extent;
    l->m.job.direct = count_direct;
    assert_int_equal(duva_pool_send(w->pool, &l->m), DUVA_OK);
}

/* Until the pool is over. */
static inline void run(void)
{
    assert_int_equal(duva_pool_free(w->pool), DUVA_ERR_STATE);
    uv_run(&w->loop, UV_RUN_DEFAULT);
    assert_int_equal(w->overs, 1);
    duva_pool_look(w->pool, &w->last);
    assert_int_equal(w->last.waiting, 0);
    assert_int_equal(w->last.under_way, 0);
    assert_int_equal(w->last.connections, 0);
    assert_int_equal(w->last.idle, 0);
    assert_int_equal(duva_pool_free(w->pool), DUVA_OK);
    w->pool = NULL;
    assert_int_equal(uv_loop_close(&w->loop), 0);
    server_end(&w->server);
    assert_int_equal(w->reported, w->sent);
    assert_null(w->to.state);
}

static inline void finish(void)
{
    assert_int_equal(duva_pool_stop(w->pool, DUVA_POOL_FINISH, over, NULL),
                     DUVA_OK);
    run();
}

static inline unsigned count(duva_verdict verdict)
{
    unsigned i, n = 0;

    for (i = 0; i < w->sent; i++) {
        const duva_mail *mail = &w->letter[i].m.job.mail;

        assert_int_equal(w->letter[i].reports, 1);
        assert_int_equal(mail->rcpt[0].verdict, mail->result.verdict);
        n += mail->result.verdict == verdict;
    }
    return n;
}

static inline int begin(void **state)
{
    (void)state;
    w = calloc(1, sizeof(*w));
    if (w == NULL || uv_loop_init(&w->loop) != 0)
        return -1;
    w->pool = duva_pool_new(&w->loop);
    w->how = DUVA_POOL_FINISH;
    w->to.host = "127.0.0.1";
    w->to.config.name = "client.example";
    w->to.config.tls = DUVA_TLS_NEVER;
    w->to.config.window = 1;
    w->to.backoff_ms = 20;
    w->server.ehlo = piping;
    return w->pool == NULL ? -1 : 0;
}

static inline int end(void **state)
{
    (void)state;
    free(w);
    w = NULL;
    return 0;
}

static inline void open_server(void)
{
    server_begin(&w->server);
    w->to.port = w->server.port;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, begin, end)

#endif
