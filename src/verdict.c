/* verdict.c - turns replies and accidents into verdicts. */
/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include <string.h>

duva_verdict duva__opinion(const duva_status *s)
{
    if (s->code < 400)
        return DUVA_PENDING;
    return s->code >= 500 && s->stage != DUVA_STAGE_STARTTLS
                   && s->stage != DUVA_STAGE_RSET
                   && (s->code != 552 || s->stage != DUVA_STAGE_RCPT)
               ? DUVA_REFUSED /* RFC 5321 4.5.3.1.10: that 552 is 452 */
               : DUVA_RETRY;
}

static duva_verdict verdict_of(const duva_result *r)
{
    if (r->err == DUVA_OK)
        return DUVA_ACCEPTED;
    if (r->err == DUVA_ERR_REJECTED)
        return duva__opinion(&r->status);
    return r->reason >= DUVA_REASON_NOT_OFFERED
                   || (r->err == DUVA_ERR_BODY
                       && r->reason != DUVA_REASON_SOURCE)
               ? DUVA_REFUSED
               : DUVA_RETRY;
}

void duva__blame(duva_engine *e, duva_err err, duva_reason reason)
{
    duva_result     *o = &e->outcome;
    const duva_stage stage = duva_where(e);

    if (o->err != DUVA_OK || stage == DUVA_STAGE_QUIT)
        return;
    if (err != DUVA_ERR_REJECTED && reason != DUVA_REASON_UNEXPECTED) {
        memset(&o->status, 0, sizeof(o->status));
        o->status.stage = (uint16_t)stage;
        o->text[0] = '\0';
    }
    o->err = err;
    o->reason = reason;
    o->verdict = verdict_of(o);
}

void duva__end(duva_engine *e, duva_err err, duva_reason reason,
               duva_stage stage)
{
    duva__blame(e, err, reason);
    if (e->mail != NULL)
        duva__finish_mail(e);
    duva__enter(e, stage);
}

void duva__reject(duva_engine *e, duva_stage stage)
{
    duva__end(e, DUVA_ERR_REJECTED, DUVA_REASON_NONE, stage);
}

void duva__protocol_error(duva_engine *e, duva_reason reason)
{
    duva__end(e, DUVA_ERR_PROTOCOL, reason, DUVA__CLOSED);
}

int duva__unfit(duva_engine *e)
{
    e->outcome.where = e->body.line + 1;
    duva__end(e, DUVA_ERR_BODY, (duva_reason)e->body.reason, DUVA__CLOSED);
    return DUVA_ERR_BODY;
}

void duva__decide(duva_rcpt *rcpt, const duva_result *r, duva_verdict verdict)
{
    rcpt->verdict = verdict;
    rcpt->status = r->status;
    if (rcpt->text_size > 0) {
        rcpt->text[0] = '\0';
        strncat(rcpt->text, r->text, rcpt->text_size - 1);
    }
}

/* The first thing that goes wrong with a mail is its result. */
static void note(duva_engine *e, duva_err err)
{
    duva_result *r = &e->mail->result;

    if (r->err != DUVA_OK)
        return;
    *r = e->outcome;
    r->err = err;
}

void duva__fail_mail(duva_engine *e)
{
    note(e, DUVA_ERR_REJECTED);
}

/* Lost between the final dot and its answer, the message may have been
 * delivered; so it may if the server was content with a part of it. */
static int in_doubt(const duva_engine *e, const duva_result *r)
{
    if (r->err == DUVA_OK || r->err == DUVA_ERR_REJECTED)
        return 0;
    return (r->status.stage == DUVA_STAGE_END && e->out_pos == e->out_len)
           || (r->status.stage >= DUVA_STAGE_BODY
               && r->reason == DUVA_REASON_UNSOLICITED);
}

void duva__finish_mail(duva_engine *e)
{
    duva_mail   *m = e->mail;
    duva_result *r = &m->result;
    duva_verdict verdict;
    size_t       i;
    int          by_rcpt;

    note(e, e->outcome.err);
    verdict = in_doubt(e, r) ? DUVA_UNCERTAIN : verdict_of(r);
    by_rcpt = r->err == DUVA_ERR_REJECTED && r->status.stage == DUVA_STAGE_RCPT;
    for (i = 0; i < m->rcpt_count; i++) {
        duva_rcpt *rcpt = &m->rcpt[i];

        if (rcpt->verdict == DUVA_PENDING && by_rcpt)
            rcpt->verdict = DUVA_RETRY; /* it was another's fault */
        else if (rcpt->verdict == DUVA_PENDING)
            duva__decide(rcpt, r, verdict);
        if (by_rcpt && m->policy == DUVA_WHOEVER_IS_ACCEPTED
            && rcpt->verdict == DUVA_RETRY)
            verdict = DUVA_RETRY;
    }
    r->verdict = verdict;
    e->mail = NULL;
}
