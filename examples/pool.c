/* pool.c - sends a mail to each address given, over a connection pool. */
/* SPDX-License-Identifier: MIT */
/*
 *     example_pool HOST PORT FROM TO...
 *
 * Without TLS, for a server on this machine.  Returns 0 when every mail was
 * accepted.
 */
#define _POSIX_C_SOURCE 200809L

#include <duva/pool.h>

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

struct message {
    duva_pool_mail mail;
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

static void set_up(struct message *m, duva_pool_route *to, const char *from,
                   const char *addr)
{
    m->text.data = text;
    m->text.len = sizeof(text) - 1;
    m->rcpt.addr = addr;
    m->mail.job.mail.from = from;
    m->mail.job.mail.rcpt = &m->rcpt;
    m->mail.job.mail.rcpt_count = 1;
    m->mail.job.source = duva_memory_read;
    m->mail.job.source_ctx = &m->text;
    m->mail.to = to;
    m->mail.done = done;
}

int main(int argc, char **argv)
{
    duva_pool_route to = { .config = { .name = "localhost",
                                       .tls = DUVA_TLS_NEVER, .window = 1 },
                           .connections = 4, .tries = 3 };
    struct message *messages;
    duva_pool      *pool;
    int             i;

    if (argc < 5) {
        fputs("usage: example_pool HOST PORT FROM TO...\n", stderr);
        return 64;
    }
    to.host = argv[1];
    to.port = argv[2];
    messages = calloc((size_t)argc, sizeof(*messages));
    pool = duva_pool_new(uv_default_loop());
    if (messages == NULL || pool == NULL)
        return 71;
    for (i = 4; i < argc; i++) {
        set_up(&messages[i], &to, argv[3], argv[i]);
        failures += duva_pool_send(pool, &messages[i].mail) != DUVA_OK;
    }
    duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL);
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    duva_pool_free(pool);
    uv_loop_close(uv_default_loop());
    free(messages);
    return failures > 0;
}
