/* pool.c - sends a mail to each of the addresses given, over one pool. */
/* SPDX-License-Identifier: MIT */
/*
 *     example_pool HOST PORT FROM TO...
 *
 * In the clear, for a server on this machine.  Exits with 0 when the server
 * has taken every mail.
 */
#define _POSIX_C_SOURCE 200809L

#include <duva/pool.h>

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

struct letter {
    duva_pool_mail pooled;
    duva_rcpt      rcpt;
    duva_memory    text;
};

static const char text[] = "Subject: Greetings\r\n\r\nFrom the pool.\r\n";
static int        failures;

static void done(duva_pool_mail *m)
{
    const duva_result *r = &m->job.mail.result;

    printf("%s: %s %s\n", m->job.mail.rcpt[0].addr,
           duva_verdict_name(r->verdict), r->text);
    failures += r->verdict != DUVA_ACCEPTED;
}

static void write_letter(struct letter *l, duva_pool_route *to,
                         const char *from, const char *addr)
{
    l->text.data = text;
    l->text.len = sizeof(text) - 1;
    l->rcpt.addr = addr;
    l->pooled.job.mail.from = from;
    l->pooled.job.mail.rcpt = &l->rcpt;
    l->pooled.job.mail.rcpt_count = 1;
    l->pooled.job.source = duva_memory_read;
    l->pooled.job.source_ctx = &l->text;
    l->pooled.to = to;
    l->pooled.done = done;
}

int main(int argc, char **argv)
{
    duva_pool_route to = { .config = { .name = "localhost",
                                       .tls = DUVA_TLS_NEVER, .window = 1 },
                           .connections = 4, .tries = 3 };
    struct letter  *letters;
    duva_pool      *pool;
    int             i;

    if (argc < 5) {
        fputs("usage: example_pool HOST PORT FROM TO...\n", stderr);
        return 64;
    }
    to.host = argv[1];
    to.port = argv[2];
    letters = calloc((size_t)argc, sizeof(*letters));
    pool = duva_pool_new(uv_default_loop());
    if (letters == NULL || pool == NULL)
        return 71;
    for (i = 4; i < argc; i++) {
        write_letter(&letters[i], &to, argv[3], argv[i]);
        failures += duva_pool_send(pool, &letters[i].pooled) != DUVA_OK;
    }
    duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    duva_pool_free(pool);
    uv_loop_close(uv_default_loop());
    free(letters);
    return failures > 0;
}
