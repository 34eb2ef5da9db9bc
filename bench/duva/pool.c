/* pool.c - sends a job on many connections at a time, by the pool. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "source.h"

#include <duva/pool.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

/* Mails handed in at a time, for each connection: enough for the next to be
 * there when one is done. */
enum { AHEAD = 2 };

struct letter {
    duva_pool_mail    pooled;
    struct job_reader reader;
};

static struct job      job;
static duva_pool      *pool;
static unsigned long   begun, done;
static duva_pool_route to = {
    .config = { .name = "client.example", .tls = DUVA_TLS_NEVER, .window = 1 }
};

static void hand_in(struct letter *l)
{
    duva_mail    *mail = &l->pooled.job.mail;
    unsigned long i;

    for (i = 0; i < job.rcpts; i++)
        mail->rcpt[i].verdict = DUVA_PENDING;
    job_open(&l->reader, &job);
    if (duva_pool_send(pool, &l->pooled) != DUVA_OK)
        job_fail("a mail", "cannot be handed in");
    begun++;
}

static void mail_done(duva_pool_mail *m)
{
    struct letter *l = m->ctx;

    bench_require_accepted(&m->job.mail);
    job_close(&l->reader);
    done++;
    if (begun < job.mails)
        hand_in(l);
    else if (done == job.mails)
        duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL);
}

static void prepare(struct letter *l)
{
    l->pooled.job.mail.from = JOB_FROM;
    l->pooled.job.mail.rcpt = bench_rcpts(&job);
    l->pooled.job.mail.rcpt_count = job.rcpts;
    l->pooled.job.mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    l->pooled.job.source = bench_source;
    l->pooled.job.source_ctx = &l->reader;
    l->pooled.to = &to;
    l->pooled.done = mail_done;
    l->pooled.ctx = l;
}

int main(int argc, char **argv)
{
    struct letter *letters;
    unsigned long  i, most;

    (void)argc;
    job_read(&job, argv);
    to.host = job.host;
    to.port = job.port;
    to.connections = (uint32_t)job.sessions;
    to.mails = job.anew ? 1 : 0;
    most = job.sessions * AHEAD < job.mails ? job.sessions * AHEAD : job.mails;
    letters = calloc(most, sizeof(*letters));
    pool = duva_pool_new(uv_default_loop());
    if (letters == NULL || pool == NULL)
        job_fail("memory", "there is none left");
    for (i = 0; i < most; i++) {
        prepare(&letters[i]);
        hand_in(&letters[i]);
    }
    uv_run(uv_default_loop(), UV_RUN_DEFAULT);
    duva_pool_free(pool);
    for (i = 0; i < most; i++)
        free(letters[i].pooled.job.mail.rcpt);
    free(letters);
    if (done != job.mails)
        job_fail("mails", "some were not sent");
    return 0;
}
