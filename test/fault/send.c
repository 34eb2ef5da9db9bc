/* send.c - hands the mails of a script to a client. */
/* SPDX-License-Identifier: MIT */
#include "send.h"

#include <stdlib.h>
#include <string.h>

struct source {
    const struct given_mail *mail;
    size_t                   at;
    int                      slow; /* an octet at a time */
};

static int source_read(void *ctx, void *buf, size_t len)
{
    struct source *s = ctx;

    if (buf == NULL) {
        s->at = 0;
        return 0;
    }
    if (len > s->mail->body.len - s->at)
        len = s->mail->body.len - s->at;
    if (s->slow && len > 1)
        len = 1;
    if (len > 0)
        memcpy(buf, s->mail->body.data + s->at, len);
    else if (s->mail->source_fails)
        return -7;
    s->at += len;
    return (int)len;
}

/* The kernel, or who else sends without the engine. */
int send_direct(void *ctx, duva_link *link, size_t len)
{
    struct source *s = ctx;
    int            n;

    n = link->ops->write(link, s->mail->body.data + s->at, s->slow ? 1 : len);
    if (n > 0)
        s->at += (size_t)n;
    return n;
}

static int wants_more(const duva_mail *m)
{
    size_t i;

    for (i = 0; i < m->rcpt_count; i++)
        if (m->rcpt[i].verdict == DUVA_PENDING
            || m->rcpt[i].verdict == DUVA_RETRY)
            return 1;
    return m->rcpt_count == 0;
}

static void send_mails(duva_client *c, struct played *p, struct traffic *t,
                       int slow)
{
    const struct script *s = p->script;
    struct source        source;
    size_t               i;

    source.slow = slow;
    for (i = 0; i < s->plan_count; i++) {
        const unsigned m = s->plan[i] - 1;

        if (p->begun[m] && !wants_more(&p->mail[m]))
            continue;          /* the client has sent the rest by itself */
        source.mail = &s->mail[m];
        source.at = 0;
        t->sending = (uint16_t)i;
        p->begun[m] = (uint8_t)(i + 1);
        duva_send_mail(c, &p->mail[m], source_read, &source);
    }
}

/* Several mails under way: all at once. */
static duva_job *send_jobs(duva_client *c, struct played *p,
                           struct traffic *t, int slow, struct source *source)
{
    const struct script *s = p->script;
    duva_job            *job = calloc(s->plan_count + 1, sizeof(*job));
    size_t               i;

    if (job == NULL)
        exit(1);
    for (i = 0; i < s->plan_count; i++) {
        const unsigned m = s->plan[i] - 1;

        if (p->begun[m])
            played_fail(p, s->mail[m].line, "again, with a window");
        p->begun[m] = (uint8_t)(i + 1);
        source[i].mail = &s->mail[m];
        source[i].slow = slow;
        job[i].mail = p->mail[m];
        job[i].source = source_read;
        job[i].source_ctx = &source[i];
        job[i].direct = c->direct;
    }
    t->client = c;
    t->job = job;
    duva_send_mails(c, job, s->plan_count);
    for (i = 0; i < s->plan_count; i++)
        p->mail[s->plan[i] - 1] = job[i].mail;
    return job;
}

/* QUIT and what comes after it must change nothing. */
static void close_session(duva_client *c, struct played *p)
{
    const duva_err     before = duva_outcome(&c->engine)->err;
    const size_t       size = p->script->mail_count;
    duva_result       *kept = calloc(size + 1, sizeof(*kept));
    size_t             i;

    if (kept == NULL)
        exit(1);
    for (i = 0; i < size; i++)
        kept[i] = p->mail[i].result;
    duva_close(c);
    for (i = 0; i < size; i++)
        if (memcmp(&kept[i], &p->mail[i].result, sizeof(*kept)) != 0)
            played_fail(p, 0, "QUIT has changed the result of a mail");
    free(kept);
    if (duva_next(&c->engine) != DUVA_CLOSED)
        played_fail(p, 0, "duva_close() has not closed");
    if (before == DUVA_OK && size > 0
        && duva_outcome(&c->engine)->err != DUVA_OK)
        played_fail(p, 0, "QUIT has changed the result of the session");
}

void send_script(duva_client *c, struct played *p, struct traffic *t, int slow)
{
    const struct script *s = p->script;
    struct source       *source;
    duva_job            *job;
    size_t               i;

    if (!t->together) {
        send_mails(c, p, t, slow);
        close_session(c, p);
        return;
    }
    source = calloc(s->plan_count + 1, sizeof(*source));
    if (source == NULL)
        exit(1);
    job = send_jobs(c, p, t, slow, source);
    close_session(c, p);
    t->client = NULL;
    for (i = 0; i < s->plan_count; i++)
        if (memcmp(&job[i].mail.result, &p->mail[s->plan[i] - 1].result,
                   sizeof(duva_result)) != 0)
            played_fail(p, 0, "QUIT has changed the result of a job");
    free(job);
    free(source);
}
