/* verdict.c - turns replies and accidents into verdicts. */
/* SPDX-License-Identifier: MIT */
#include "verdict.h"

#include "lmtp.h"
#include "overlap.h"
#include "position.h"
#include "state.h"

#include <string.h>

/* RFC 5321 4.5.3.1.10: 552 to RCPT is 452, when it is about the number of
 * recipients.  5.2.2, a full mailbox, is not. */
static int is_too_many(const duva_status *s)
{
#if DUVA_WITH_ENHANCED
    if (s->enhanced[0] != 0 && (s->enhanced[1] != 5 || s->enhanced[2] != 3))
        return 0;
#endif
    return s->code == 552 && s->stage == DUVA_STAGE_RCPT;
}

duva_verdict duva__verdict_of_reply(const duva_status *s)
{
    if (s->code < 400)
        return DUVA_PENDING;
    return s->code >= 500 && s->stage != DUVA_STAGE_STARTTLS
                   && s->stage != DUVA_STAGE_RSET && !is_too_many(s)
               ? DUVA_REFUSED
               : DUVA_RETRY;
}

static duva_verdict verdict_of(const duva_result *r)
{
    if (r->err == DUVA_OK)
        return DUVA_ACCEPTED;
    if (r->err == DUVA_ERR_REJECTED)
        return duva__verdict_of_reply(&r->status);
    return r->reason >= DUVA_REASON_NOT_OFFERED
                   || (r->err == DUVA_ERR_BODY
                       && r->reason != DUVA_REASON_SOURCE)
               ? DUVA_REFUSED
               : DUVA_RETRY;
}

void duva__note_failure(duva_engine *e, duva_err err, duva_reason reason)
{
    duva_result     *o = &e->outcome;
    const duva_stage stage = duva_where(e);

    if (o->err != DUVA_OK || stage == DUVA_STAGE_QUIT)
        return;
    if (err != DUVA_ERR_REJECTED && reason != DUVA_REASON_UNEXPECTED
        && reason != DUVA_REASON_OUT_OF_STEP) {
        memset(&o->status, 0, sizeof(o->status));
        o->status.stage = (uint16_t)stage;
        o->text[0] = '\0';
    }
    o->err = err;
    o->reason = reason;
    o->verdict = e->heard.mail != NULL ? DUVA_RETRY : verdict_of(o);
}

#if DUVA__FLIGHT
/* May QUIT be sent?  In the middle of a line or a message it would be part of
 * that; and where replies are still to come, the server may take it for the
 * message, or store a message that is on its way to it.  Without PIPELINING
 * neither can be. */
static int is_cut(const duva_engine *e)
{
    const duva_mail *m = e->heard.mail;

    return e->offset > 0
           || (m != NULL
               && (m != e->said.mail || m->flight.replies_due > 0
                   || DUVA__HAS(m, DUVA__BODY | DUVA__ENDED | DUVA__STOPPED)
                          == DUVA__BODY));
}
#elif DUVA_WITH_STOP
/* May QUIT be sent?  After stop_after DATA it would be part of the message. */
static int is_cut(const duva_engine *e)
{
    return duva__stage_of(&e->said) == DUVA_STAGE_BODY;
}
#else
#define is_cut(e) 0
#endif

void duva__end(duva_engine *e, duva_err err, duva_reason reason,
               duva_stage stage)
{
    duva_mail *culprit = err == DUVA_ERR_BODY ? e->said.mail : e->heard.mail;

    duva__note_failure(e, err, reason);
    if (culprit != NULL)
        duva__note_mail_failure(e, culprit, e->outcome.err);
    if (is_cut(e))
        stage = DUVA__CLOSED;
    while (e->heard.mail != NULL)
        duva__finish_mail(e);
    duva__enter(e, stage);
}

void duva__reject(duva_engine *e, duva_stage stage)
{
    duva__end(e, DUVA_ERR_REJECTED, DUVA_REASON_NONE, stage);
}

void duva__protocol_error(duva_engine *e, duva_reason reason)
{
    duva__overlap_failed(e, DUVA_ERR_PROTOCOL);
    duva__end(e, DUVA_ERR_PROTOCOL, reason, DUVA__CLOSED);
}

#if DUVA_WITH_STOP
void duva__stop(duva_engine *e)
{
    duva__end(e, DUVA_ERR_CANCELLED, DUVA_REASON_STOPPED, DUVA_STAGE_QUIT);
}
#endif

int duva__unfit(duva_engine *e)
{
    e->outcome.where = e->body.line + 1;
    duva__end(e, DUVA_ERR_BODY, (duva_reason)e->body.reason, DUVA__CLOSED);
    return DUVA_ERR_BODY;
}

void duva__set_recipient(duva_rcpt *rcpt, const duva_result *r,
                         duva_verdict verdict)
{
    rcpt->verdict = verdict;
    rcpt->status = r->status;
    if (rcpt->text != NULL && rcpt->text_size > 0) {
        rcpt->text[0] = '\0';
        strncat(rcpt->text, r->text, rcpt->text_size - 1);
    }
}

void duva__note_mail_failure(duva_engine *e, duva_mail *m, duva_err err)
{
    duva_result *r = &m->result;

    if (r->err != DUVA_OK)
        return;
    *r = e->outcome;
    r->err = err;
}

void duva__fail_mail(duva_engine *e)
{
    duva__note_mail_failure(e, e->heard.mail, DUVA_ERR_REJECTED);
}

#if DUVA_WITH_RECIPIENTS
void duva__keep_weightier_reply(duva_engine *e)
{
    const duva_verdict now = duva__verdict_of_reply(&e->outcome.status);
    duva_mail         *m = e->heard.mail;
    const duva_verdict before = duva__verdict_of_reply(&m->result.status);

    if (m->result.status.code == 0
        || (m->policy == DUVA_ALL_OR_NOTHING
                ? before == DUVA_PENDING || now > before
                : now <= before))
        m->result = e->outcome;
}
#endif

/* Has all of the message left, and its end too? */
#if DUVA__FLIGHT
#define is_end_out(e, m)                                                       \
    (DUVA__HAS(m, DUVA__ENDED) && duva__is_out(e, (m)->flight.end))
#else
#define is_end_out(e, m)                                                       \
    ((m)->result.status.stage == DUVA_STAGE_END && (e)->out_pos == (e)->out_len)
#endif

/* Lost between the end of the message and its answer, the message may have
 * been delivered; so it may if the server was content with a part of it.  A
 * server that says 421 has taken nothing of what follows (RFC 5321 4.2.1). */
static int in_doubt(const duva_engine *e, const duva_mail *m, int has_answer)
{
    const duva_result *r = &m->result;

    if (r->err == DUVA_OK
        || (r->err == DUVA_ERR_REJECTED
            && (r->status.code == 421
                || (has_answer && r->status.stage != DUVA_STAGE_RSET))))
        return 0;
    if (is_end_out(e, m))
        return 1;
    return has_answer && r->status.stage >= DUVA_STAGE_BODY
           && r->reason == DUVA_REASON_UNSOLICITED;
}

void duva_outcome_for_others(const duva_engine *e, duva_result *r)
{
    *r = e->outcome;
    if (r->err != DUVA_ERR_BODY)
        return;
    r->err = DUVA_ERR_CLOSED;
    r->reason = DUVA_REASON_NONE;
    r->where = 0;
}

#if DUVA_WITH_RECIPIENTS
/* Gives each recipient without a verdict that of the mail.  A mail that was
 * rejected for one of them says nothing against the others. */
static duva_verdict set_recipients(const duva_engine *e, duva_mail *m,
                                   duva_verdict verdict)
{
    const duva_result *r = &m->result;
    duva_rcpt         *rcpt = m->rcpt, *end = rcpt + m->rcpt_count;
    const int          by_rcpt =
        r->err == DUVA_ERR_REJECTED
        && (r->status.stage == DUVA_STAGE_RCPT
            || (DUVA__IS_LMTP(e) && r->status.stage == DUVA_STAGE_END));

    for (; rcpt < end; rcpt++) {
        if (rcpt->verdict == DUVA_PENDING && by_rcpt)
            rcpt->verdict = DUVA_RETRY; /* it was another's fault */
        else if (rcpt->verdict == DUVA_PENDING)
            duva__set_recipient(rcpt, r, verdict);
        if (by_rcpt && m->policy != DUVA_ALL_OR_NOTHING
            && rcpt->verdict == DUVA_RETRY)
            verdict = DUVA_RETRY;
    }
    return verdict;
}
#else
static duva_verdict set_recipients(const duva_engine *e, duva_mail *m,
                                   duva_verdict verdict)
{
    (void)e;
    if (m->rcpt->verdict == DUVA_PENDING)
        duva__set_recipient(m->rcpt, &m->result, verdict);
    return verdict;
}
#endif

void duva__set_verdicts(duva_engine *e, duva_mail *m)
{
    duva_result *r = &m->result;
    const int    has_answer = !DUVA__FLIGHT || r->err != DUVA_OK
                              || e->outcome.err == DUVA_OK;
    duva_verdict verdict = DUVA_RETRY;

    if (r->err == DUVA_OK && DUVA__FLIGHT)
        duva_outcome_for_others(e, r);
    else if (r->err == DUVA_OK)
        *r = e->outcome;       /* there is no other mail */
    if (in_doubt(e, m, has_answer))
        verdict = DUVA_UNCERTAIN;
    else if (has_answer)
        verdict = verdict_of(r);
    r->verdict = set_recipients(e, m, verdict);
}

void duva__finish_mail(duva_engine *e)
{
    duva_mail *m = e->heard.mail;

    duva__set_verdicts(e, m);
#if !DUVA__FLIGHT
    e->heard.mail = NULL;
#else
    e->heard.mail = m->flight.next;
    if (e->heard.mail != NULL)
        duva__begin_with(&e->heard, e->heard.mail);
    e->transactions--;
    if (DUVA__HAS(m, DUVA__ENDED))
        e->ends_due--;
#endif
}
