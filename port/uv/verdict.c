/* verdict.c - is a failure that of the mail or of its connection? */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "verdict.h"

/* The wait for the reply to a trial: this, and so many round trips. */
enum { TRIAL_MS = 1000, TRIAL_FACTOR = 4 };

/* A bad sign counts more than a good one. */
void duva__verdict_share(struct session *s)
{
    duva_overlap *known = &s->queue->destination->overlap;
    duva_engine *e = &s->client.engine;

    if (duva_overlap_get(e) > *known)
        *known = duva_overlap_get(e);
    duva_overlap_set(e, *known);
}

/* Has the server closed a connection that had carried mails, or lost commands
 * on it?  That is no result of the mail. */
static int is_connection_lost(const struct session *s)
{
    const duva_result *r = duva_outcome(&s->client.engine);

    return duva_next(&s->client.engine) == DUVA_CLOSED
           && (r->err == DUVA_ERR_CLOSED || r->err == DUVA_ERR_IO
               || r->status.code == 421 || r->reason == DUVA_REASON_OUT_OF_STEP
               || (r->err == DUVA_ERR_TIMEOUT
                   && r->status.stage == DUVA_STAGE_MAIL));
}

/* 4yz to MAIL; or 503, which is wrong where no transaction is open. */
static int is_mail_deferred(const duva_result *r)
{
    return r->err == DUVA_ERR_REJECTED && r->status.stage == DUVA_STAGE_MAIL
           && (r->status.code / 100 == 4 || r->status.code == 503);
}

/* 503 made it REFUSED, but it is to be sent again. */
static void make_retry(duva_mail *m)
{
    size_t i;

    m->result.verdict = DUVA_RETRY;
    for (i = 0; i < m->rcpt_count; i++)
        if (m->rcpt[i].verdict == DUVA_REFUSED
            && m->rcpt[i].status.stage == DUVA_STAGE_MAIL)
            m->rcpt[i].verdict = DUVA_RETRY;
}

int duva__verdict_is_connection_fault(struct session *s, duva_pool_mail *m)
{
    const duva_result *r = &m->job.mail.result;

    if (s->kept && m->after == 0 && r->verdict == DUVA_REFUSED
        && is_mail_deferred(r))
        make_retry(&m->job.mail);
    if (r->verdict != DUVA_RETRY)
        return 0;
    if (r->err == DUVA_ERR_CLOSED
        && duva_outcome(&s->client.engine)->err == DUVA_ERR_BODY)
        return 1; /* another mail's message ended the session */
    if (!s->kept)
        return 0;
    if (is_mail_deferred(r))
        s->retired = 1;
    return is_mail_deferred(r) || is_connection_lost(s);
}

/* The time limit of the reply.  That to a trial comes soon: the server has just
 * answered the end of data. */
static uint32_t reply_ms(const struct session *s)
{
    const duva_engine *e = &s->client.engine;
    const uint32_t ms = duva_timeout_ms(e);
    const uint64_t trial_ms = TRIAL_MS + TRIAL_FACTOR * s->slowest;

    return duva_is_trial(e) && trial_ms < ms ? (uint32_t)trial_ms : ms;
}

static void note_wait(struct session *s)
{
    const duva_stage where = duva_where(&s->client.engine);
    const uint64_t now = uv_now(s->queue->pool->loop);

    if (s->asked != 0 && now - s->asked > s->slowest)
        s->slowest = now - s->asked;
    s->asked = where == DUVA_STAGE_EHLO
                       || (where >= DUVA_STAGE_RSET && where <= DUVA_STAGE_DATA)
                   ? now
                   : 0;
}

uint32_t duva__verdict_wait_ms(struct session *s)
{
    note_wait(s);
    return reply_ms(s);
}
