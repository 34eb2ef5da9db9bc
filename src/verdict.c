/* verdict.c - turns replies and accidents into verdicts. */
/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include <string.h>

/* A refusal for good; everything else is worth another try. */
static int is_final(const duva_result *r)
{
    const uint16_t code = r->status.code, stage = r->status.stage;

    if (r->err == DUVA_ERR_REJECTED) /* RFC 5321 4.5.3.1.10: this 552 is 452 */
        return code >= 500 && stage != DUVA_STAGE_STARTTLS
               && stage != DUVA_STAGE_RSET
               && (code != 552 || stage != DUVA_STAGE_RCPT);
    if (r->err == DUVA_ERR_BODY)
        return r->reason != DUVA_REASON_SOURCE;
    return r->reason == DUVA_REASON_TOO_BIG;
}

static duva_verdict verdict_of(const duva_result *r)
{
    if (r->err == DUVA_OK)
        return DUVA_ACCEPTED;
    return is_final(r) ? DUVA_REFUSED : DUVA_RETRY;
}

void duva__blame(duva_engine *e, duva_err err, duva_reason reason)
{
    duva_result *o = &e->outcome;

    if (o->err != DUVA_OK || e->state == DUVA_STAGE_QUIT)
        return;
    if (err != DUVA_ERR_REJECTED && reason != DUVA_REASON_UNEXPECTED) {
        memset(&o->status, 0, sizeof(o->status));
        o->status.stage = (uint16_t)duva_where(e);
        o->text[0] = '\0';
    }
    o->err = err;
    o->reason = reason;
    o->verdict = verdict_of(o);
}

void duva__end(duva_engine *e, duva_err err, duva_reason reason, int state)
{
    duva__blame(e, err, reason);
    if (e->mail != NULL)
        duva__finish_mail(e);
    if (state == DUVA__CLOSED)
        e->out_len = e->out_pos = 0;
    duva__enter(e, state);
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

static void decide(duva_rcpt *rcpt, const duva_result *r, duva_verdict verdict)
{
    rcpt->verdict = verdict;
    rcpt->status = r->status;
    if (rcpt->text_size > 0) {
        rcpt->text[0] = '\0';
        strncat(rcpt->text, r->text, rcpt->text_size - 1);
    }
}

void duva__fail_rcpt(duva_engine *e, duva_rcpt *rcpt)
{
    duva_result *o = &e->outcome;

    o->err = DUVA_ERR_REJECTED;
    decide(rcpt, o, verdict_of(o));
    o->err = DUVA_OK;
}

void duva__fail_mail(duva_engine *e)
{
    duva_result *r = &e->mail->result;

    if (r->err != DUVA_OK)
        return;
    *r = e->outcome;
    r->err = DUVA_ERR_REJECTED;
}

/* Lost between the final dot and its answer, the message may have been
 * delivered. */
static int in_doubt(const duva_engine *e)
{
    const duva_err err = e->mail->result.err;

    return (e->flags & DUVA__DOUBT)
           || (e->sent > duva__step_data(e->mail) + 1 && err != DUVA_OK
               && err != DUVA_ERR_REJECTED);
}

void duva__finish_mail(duva_engine *e)
{
    duva_mail   *m = e->mail;
    duva_result *r = &m->result;
    duva_verdict verdict;
    size_t       i;
    int          by_rcpt;

    if (r->err == DUVA_OK)
        *r = e->outcome;
    verdict = in_doubt(e) ? DUVA_UNCERTAIN : verdict_of(r);
    by_rcpt = r->err == DUVA_ERR_REJECTED && r->status.stage == DUVA_STAGE_RCPT;
    for (i = 0; i < m->rcpt_count; i++) {
        duva_rcpt *rcpt = &m->rcpt[i];

        if (rcpt->verdict == DUVA_PENDING && by_rcpt)
            rcpt->verdict = DUVA_RETRY; /* it was another's fault */
        else if (rcpt->verdict == DUVA_PENDING)
            decide(rcpt, r, verdict);
        if (by_rcpt && m->policy == DUVA_WHOEVER_IS_ACCEPTED
            && rcpt->verdict == DUVA_RETRY)
            verdict = DUVA_RETRY;
    }
    r->verdict = verdict;
    e->mail = NULL;
}
