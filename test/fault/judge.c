/* judge.c - derives from commands and replies the verdicts that are right. */
/* SPDX-License-Identifier: MIT */
#include "observer.h"

#include <string.h>

static duva_verdict class_of(int code)
{
    return code >= 500 ? DUVA_REFUSED : DUVA_RETRY;
}

static int is_good(int code)
{
    return code >= 200 && code < 300;
}

/* ---- LMTP ---- */

/* LMTP: has the server left, with somebody still to be answered? */
static int left_early(const struct transaction *t)
{
    size_t i;

    for (i = 0; i < t->mail->rcpt_count; i++)
        if (t->rcpt_end[i] == 421)
            return 1;
    return 0;
}

static duva_verdict verdict_by_lmtp(const struct transaction *t, size_t i)
{
    if (t->rcpt_end[i] >= 400)
        return class_of(t->rcpt_end[i]);
    if (t->rcpt_end[i] >= 200)
        return DUVA_ACCEPTED;
    return left_early(t) ? DUVA_RETRY : DUVA_UNCERTAIN;
}

/* The mail after the message: by its policy.  Those who were deferred before it
 * count too. */
static duva_verdict mail_by_lmtp(const struct transaction *t)
{
    const int all = t->mail->policy == DUVA_ALL_OR_NOTHING;
    size_t    i;
    int       accepted = 0, unanswered = 0, deferred = 0, rejected = 0;

    for (i = 0; i < t->mail->rcpt_count; i++) {
        deferred |= t->rcpt_off[i]
                    || (t->rcpt_code[i] >= 400 && t->rcpt_code[i] < 500);
        if (!is_good(t->rcpt_code[i]))
            continue;
        unanswered |= t->rcpt_end[i] == 0;
        accepted |= is_good(t->rcpt_end[i]);
        deferred |= t->rcpt_end[i] >= 400 && t->rcpt_end[i] < 500;
        rejected |= t->rcpt_end[i] >= 500;
    }
    if (left_early(t))
        return DUVA_RETRY;
    if (unanswered)
        return DUVA_UNCERTAIN;
    if (all)
        return rejected ? DUVA_REFUSED : deferred ? DUVA_RETRY : DUVA_ACCEPTED;
    return accepted   ? DUVA_ACCEPTED
           : deferred ? DUVA_RETRY
                      : DUVA_REFUSED;
}

/* ---- a transaction ---- */

/* The client stopped because of what is in the message.  That may be another
 * mail's, when several are under way. */
static int is_unfit(const struct observer *b, size_t m)
{
    const duva_mail         *mail = &b->p->mail[m];
    const struct given_mail *given = &b->p->script->mail[m];
    duva_body                body;

    if (mail->result.err != DUVA_ERR_BODY
        || mail->result.reason == DUVA_REASON_SOURCE)
        return 0;
    memset(&body, 0, sizeof(body));
    body.ascii = !b->eight;
    body.octets = given->body.len;
    if (!(mail->flags & DUVA_MAIL_BINARY)) {
        body.octets = 0;
        if (duva_body_check(&body, given->body.data, given->body.len) < 0
            || duva_body_check_end(&body) < 0)
            return 1;
    }
    return (mail->flags & DUVA_MAIL_EXACT) && body.octets != mail->size;
}

/* Does a recipient who is refused stop the mail? */
static int is_stopped(const struct transaction *t)
{
    size_t i;

    for (i = 0; i < t->mail->rcpt_count; i++)
        if (t->rcpt_code[i] >= 400
            && t->mail->policy == DUVA_ALL_OR_NOTHING)
            return 1;
    return 0;
}

static duva_verdict verdict_of_rcpt(const struct observer *b,
                                    const struct transaction *t, size_t i,
                                    int taken)
{
    const int code = t->rcpt_code[i];

    if (t->rcpt_off[i])
        return DUVA_RETRY;
    if (t->mail_code >= 400)
        return class_of(t->mail_code);
    if (code >= 400)
        return class_of(code);
    if (is_stopped(t))
        return DUVA_RETRY;
    if (t->early)
        return DUVA_UNCERTAIN;
    if (b->lmtp && t->end_out && is_good(code))
        return verdict_by_lmtp(t, i);
    if (t->data_code >= 400)
        return class_of(t->data_code);
    if (t->end_code >= 400)
        return class_of(t->end_code);
    if (t->end_out && taken && t->end_code >= 200)
        return DUVA_ACCEPTED;
    /* RFC 5321 4.2.1: after 421 the server reads no more. */
    if (t->end_out && taken && !b->gone)
        return DUVA_UNCERTAIN;
    return is_unfit(b, (size_t)(t->mail - b->p->mail)) ? DUVA_REFUSED
                                                          : DUVA_RETRY;
}

int is_wanted(const struct observer *b, size_t sending, size_t rcpt)
{
    const duva_verdict v =
        b->rcpt[b->p->script->plan[sending] - 1][rcpt];

    return v == DUVA_PENDING || v == DUVA_RETRY;
}

int is_sent_to(const struct observer *b, const struct transaction *t,
               size_t rcpt)
{
    return is_wanted(b, t->sending, rcpt) && !t->rcpt_off[rcpt];
}

/* The verdict of a mail that stopped at RCPT: PENDING when it did not.  Refused
 * for good is a mail for all or nobody as soon as somebody is. */
static duva_verdict verdict_at_rcpt(const struct observer *b,
                                    const struct transaction *t)
{
    size_t i, refused = 0, for_good = 0, sent_to = 0, off = 0;

    for (i = 0; i < t->mail->rcpt_count; i++) {
        const int code = t->rcpt_code[i];

        sent_to += is_sent_to(b, t, i) ? 1u : 0u;
        off += t->rcpt_off[i];
        refused += code >= 400;
        for_good += code >= 400 && class_of(code) == DUVA_REFUSED;
    }
    if (is_stopped(t))
        return for_good > 0 ? DUVA_REFUSED : DUVA_RETRY;
    if (refused < sent_to)
        return DUVA_PENDING;
    return for_good == refused && off == 0 ? DUVA_REFUSED : DUVA_RETRY;
}

static void judge(struct observer *b, struct transaction *t)
{
    const size_t       m = (size_t)(t->mail - b->p->mail);
    const duva_verdict at_rcpt = verdict_at_rcpt(b, t);
    duva_verdict       mine = DUVA_RETRY;
    size_t             i, taken = 0;

    t->judged = 1;
    for (i = 0; i < t->mail->rcpt_count; i++) /* no answer yet: may be taken */
        taken += is_sent_to(b, t, i) && t->rcpt_code[i] < 300;
    for (i = 0; i < t->mail->rcpt_count; i++)
        if (is_wanted(b, t->sending, i)) {
            b->rcpt[m][i] = verdict_of_rcpt(b, t, i, taken > 0);
            if (t->rcpt_code[i] < 400 && !t->rcpt_off[i])
                mine = b->rcpt[m][i];
        }
    if (b->lmtp && t->end_out && !t->early)
        mine = mail_by_lmtp(t);
    if (t->mail_code >= 400)
        mine = class_of(t->mail_code);
    else if (at_rcpt != DUVA_PENDING)
        mine = at_rcpt;
    if (b->verdict[t->sending] != DUVA_ACCEPTED)
        b->verdict[t->sending] = mine;
}

void judge_transactions(struct observer *b)
{
    size_t i;

    for (i = 0; i < b->transactions; i++)
        if (!b->transaction[i].judged)
            judge(b, &b->transaction[i]);
}

/* ---- the client's word against it ---- */

/* Nothing of it went out: is it what the session ended of?  Only the first that
 * cannot be sent is. */
static int stopped_session(const struct observer *b, size_t sending)
{
    const unsigned *plan = b->p->script->plan;
    size_t          i;

    for (i = 0; i < sending; i++)
        if (is_unfit(b, plan[i] - 1))
            return 0;
    return is_unfit(b, plan[sending] - 1);
}

/* A mail that was never begun: why not? */
static duva_verdict not_begun(const struct observer *b, size_t m,
                              size_t sending)
{
    const duva_result *r = &b->p->mail[m].result;
    const int own = r->status.stage != DUVA_STAGE_AUTH; /* or a secret's */

    if (b->mail_max > 0 && b->transactions >= b->mail_max
        && r->err == DUVA_ERR_UNSUPPORTED && r->where == DUVA_CAP_LIMITS
        && r->status.stage == DUVA_STAGE_IDLE)
        return DUVA_RETRY;     /* the session has had its share */
    if ((r->err == DUVA_ERR_ARG && own)
        || r->reason >= DUVA_REASON_NOT_OFFERED
        || stopped_session(b, sending))
        return DUVA_REFUSED;
    return b->refused && b->refused_at != STARTTLS ? class_of(b->refused)
                                                   : DUVA_RETRY;
}

static void want(struct played *p, size_t mail, const char *who,
                 duva_verdict got, duva_verdict wanted)
{
    if (got != wanted)
        played_fail(p, p->script->mail[mail].line,
                    "%s: the client says %s, the wire says %s", who,
                    duva_verdict_name(got), duva_verdict_name(wanted));
}

static void judge_error(const struct observer *b, const duva_result *r,
                        unsigned line)
{
    if ((r->verdict == DUVA_ACCEPTED) != (r->err == DUVA_OK))
        played_fail(b->p, line, "%s and error %s",
                    duva_verdict_name(r->verdict), duva_err_name(r->err));
    if (b->fault == DUVA_OK || b->deaf
        || r->err == DUVA_ERR_REJECTED || r->err == DUVA_ERR_BODY)
        return;
    if (r->reason == DUVA_REASON_STOPPED && b->p->script->stop_after != 0)
        return; /* before the fault */
    if ((r->verdict == DUVA_UNCERTAIN || r->verdict == DUVA_RETRY)
        && r->err != b->fault)
        played_fail(b->p, line, "error %s, the fault is %s",
                    duva_err_name(r->err), duva_err_name(b->fault));
}

/* Has the transaction no place for the recipient of that number, from 0? */
static int is_beyond(const struct observer *b, size_t number)
{
    return b->rcpt_max > 0 && number >= b->rcpt_max;
}

static void judge_mail(struct observer *b, size_t sending)
{
    struct played   *p = b->p;
    const size_t     m = p->script->plan[sending] - 1;
    const duva_mail *mail = &p->mail[m];
    const int        begun = b->verdict[sending] != DUVA_PENDING;
    const int        stopped = !begun && stopped_session(b, sending);
    size_t           i, n = 0;

    if (!begun)
        b->verdict[sending] = not_begun(b, m, sending);
    want(p, m, "mail", mail->result.verdict, b->verdict[sending]);
    for (i = 0; i < mail->rcpt_count; i++) {
        if (!begun && is_wanted(b, sending, i))
            b->rcpt[m][i] = stopped && is_beyond(b, n++)
                                ? DUVA_RETRY
                                : b->verdict[sending];
        want(p, m, mail->rcpt[i].addr, mail->rcpt[i].verdict, b->rcpt[m][i]);
    }
    if (begun)
        judge_error(b, &mail->result, p->script->mail[m].line);
}

void judge_mails(struct observer *b)
{
    const struct played *p = b->p;
    size_t               i;

    judge_transactions(b);
    for (i = 0; i < p->script->mail_count; i++)
        if (p->begun[i])
            judge_mail(b, p->begun[i] - 1u);
}
