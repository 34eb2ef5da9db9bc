/* verdicts.c - what each reply means for the mails and for the session. */
/* SPDX-License-Identifier: MIT */
#include "model.h"

#include <string.h>

duva_stage model_stage(verb v)
{
    static const uint16_t stages[]
        = { [GREETING] = DUVA_STAGE_GREETING, [HELLO] = DUVA_STAGE_EHLO,
            [HELO] = DUVA_STAGE_EHLO,         [RSET] = DUVA_STAGE_RSET,
            [MAIL] = DUVA_STAGE_MAIL,         [RCPT] = DUVA_STAGE_RCPT,
            [DATA] = DUVA_STAGE_DATA,         [PIECE] = ANY_STAGE,
            [END] = DUVA_STAGE_END,           [QUERY] = DUVA_STAGE_RSET,
            [QUIT] = DUVA_STAGE_QUIT };
    return (duva_stage)stages[v];
}

/* RFC 5321 4.2.1. */
static duva_verdict verdict_of(unsigned code)
{
    return code / 100 == 4 ? DUVA_RETRY : DUVA_REFUSED;
}

static command *oldest(model *m)
{
    for (int i = 0; i < m->said_count; i++)
        if (m->said[i].expected > 0)
            return &m->said[i];
    return NULL;
}

int model_tries(const model *m)
{
    const command *c = oldest((model *)m);

    return c && c->transaction >= 0 && c->verb == MAIL
           && m->transaction[c->transaction].trial;
}

duva_stage model_waits(const model *m)
{
    const command *c = oldest((model *)m);

    return c ? model_stage(c->verb) : (duva_stage)ANY_STAGE;
}

int model_due(const model *m)
{
    const command *c = oldest((model *)m);

    return c && c->end <= m->taken;
}

int model_end_is_out(const model *m, const transaction *a)
{
    for (int i = 0; i < m->said_count; i++) {
        const command *c = &m->said[i];
        if (c->verb == END && c->transaction == (int)(a - m->transaction))
            return c->end <= m->taken && c->expected > 0;
    }
    return 0;
}

/* Who has no verdict yet gets that of the mail. */
static void spread(transaction *a, duva_verdict v, answer reply)
{
    for (int i = 0; i < RCPTS; i++) {
        recipient *p = &a->recipient[i];
        if (p->asked && p->verdict == DUVA_PENDING) {
            p->verdict = v;
            p->reply = reply;
        }
    }
}

static void set(transaction *a, duva_verdict v, duva_err err,
                duva_reason reason, answer reply)
{
    a->verdict = v;
    a->err = err;
    a->reason = reason;
    a->reply = reply;
}

/* The mail is decided by one reply. */
static void refuse(transaction *a, duva_verdict v, answer reply)
{
    if (a->refused)
        return;
    a->refused = a->stopped = 1;
    set(a, v, DUVA_ERR_REJECTED, DUVA_REASON_NONE, reply);
    spread(a, v, reply);
}

static int count(const transaction *a, duva_verdict v)
{
    int n = 0;

    for (int i = 0; i < RCPTS; i++)
        n += a->recipient[i].asked && a->recipient[i].verdict == v;
    return n;
}

/* By the replies to RCPT alone, is it sure that the mail is not sent? */
static int nobody_left(const transaction *a)
{
    int refused = count(a, DUVA_REFUSED) + count(a, DUVA_RETRY);

    if (a->mail->policy == DUVA_ALL_OR_NOTHING)
        return refused > 0;
    return count(a, DUVA_PENDING) + count(a, DUVA_ACCEPTED)
               + count(a, DUVA_UNCERTAIN)
           == 0;
}

static int is_by_end(const recipient *p)
{
    return p->reply.status.code && p->reply.status.stage == DUVA_STAGE_END;
}

int model_gone(const transaction *a)
{
    for (int i = 0; i < RCPTS; i++)
        if (is_by_end(&a->recipient[i]))
            return a->refused; /* LMTP, and others are still to come */
    return a->refused || nobody_left(a);
}

/* The recipient whose reply with this verdict came first, or last; or NULL.
 * Those after the end of data come after all those to RCPT. */
static const recipient *find(const transaction *a, duva_verdict v, int last)
{
    const recipient *found = NULL;

    for (int i = 0; i < RCPTS; i++) {
        const recipient *p = &a->recipient[i];
        if (!p->asked || p->verdict != v || !p->reply.status.code)
            continue;
        if (!found || (last ? is_by_end(p) >= is_by_end(found)
                            : is_by_end(p) < is_by_end(found)))
            found = p;
    }
    return found;
}

/* mail.h: whose result is that of a mail that nobody gets: with ALL_OR_NOTHING
 * the first rejected recipient's, or else the first deferred one's; with the
 * other policy the last deferred one's, or else the last rejected one's. */
static const recipient *decisive(const transaction *a)
{
    int whoever = a->mail->policy == DUVA_WHOEVER_IS_ACCEPTED;
    const recipient *p = find(a, whoever ? DUVA_RETRY : DUVA_REFUSED, whoever);

    return p ? p : find(a, whoever ? DUVA_REFUSED : DUVA_RETRY, whoever);
}

/* Who has no verdict yet gets this one, for no fault of his own. */
static void leave(transaction *a, duva_verdict v)
{
    for (int i = 0; i < RCPTS; i++) {
        recipient *p = &a->recipient[i];
        if (p->asked && p->verdict == DUVA_PENDING) {
            p->verdict = v;
            p->by_mail = 1;
        }
    }
}

/* The mail has the result of a recipient; but whom LIMITS left out is worth
 * another try. */
static void set_by_recipient(transaction *a)
{
    const recipient *by = decisive(a);
    duva_verdict v = by->verdict;

    for (int i = 0; i < RCPTS; i++)
        if (a->recipient[i].left_out)
            v = DUVA_RETRY;
    set(a, v, DUVA_ERR_REJECTED, DUVA_REASON_NONE, by->reply);
}

static void not_sent(transaction *a)
{
    set_by_recipient(a);
    leave(a, DUVA_RETRY);
}

/* mail.h: ACCEPTED when all are, or by the second policy one. */
static void lmtp_result(model *m, transaction *a, answer reply)
{
    int accepted = 0, failed = 0;

    for (int i = 0; i < RCPTS; i++) {
        const recipient *p = &a->recipient[i];
        accepted += p->accepted && p->verdict == DUVA_ACCEPTED;
        failed += p->accepted && p->verdict != DUVA_ACCEPTED;
    }
    if (failed == 0
        || (accepted && a->mail->policy == DUVA_WHOEVER_IS_ACCEPTED)) {
        set(a, DUVA_ACCEPTED, DUVA_OK, DUVA_REASON_NONE, reply);
        a->by_any = m->carried = 1;
        return;
    }
    set_by_recipient(a);
}

/* Is the transaction at its end? */
static void finish(model *m, transaction *a)
{
    if (a->over || model_unanswered(m, (int)(a - m->transaction)) > 0)
        return;
    if (!a->refused && !a->end_heard && nobody_left(a))
        a->stopped = 1;
    if (a->begun || (!a->ended && !a->stopped))
        return;
    if (!a->ended && m->line_begin != m->judged)
        return; /* a command of it is not said in full */
    if (!a->refused && a->verdict == DUVA_PENDING)
        not_sent(a);
    a->over = 1;
}

/* The session ends.  answered: the transaction that a 421 is the reply to, or
 * NULL. */
static void close_session(model *m, const transaction *answered, duva_err err,
                          duva_reason reason, answer reply)
{
    unsigned code = reply.status.code;

    m->closed = 1;
    if (m->err == DUVA_OK) {
        m->err = err;
        m->reason = reason;
        m->reply = reply;
        m->verdict = DUVA_RETRY;
    }
    for (int i = 0; i < m->transaction_count; i++) {
        transaction *a = &m->transaction[i];
        if (a->over)
            continue;
        a->over = 1;
        if (a->refused)
            continue;
        if (!a->end_heard && nobody_left(a)) {
            not_sent(a);
            continue;
        }
        int lost = code != 421 && a != answered && model_end_is_out(m, a);
        int others = err == DUVA_ERR_BODY && a != model_last(m);
        set(a, lost ? DUVA_UNCERTAIN : DUVA_RETRY,
            others ? DUVA_ERR_CLOSED : err,
            others ? DUVA_REASON_NONE : reason, reply);
        leave(a, a->verdict);
    }
}

static void accident(model *m, duva_reason reason, answer reply)
{
    close_session(m, NULL, DUVA_ERR_PROTOCOL, reason, reply);
}

void model_abort(model *m, duva_err why, duva_reason reason)
{
    static const answer none;

    if (m->closed)
        return;
    const command *last = &m->said[m->said_count - 1];
    if (m->leaving || (last->verb == QUIT && oldest(m) == last)) {
        m->closed = 1;
        return;
    }
    close_session(m, NULL, why, reason, none);
}

/* RFC 5321 3.1: who is not welcome says QUIT. */
static void go_away(model *m, answer reply)
{
    close_session(m, NULL, DUVA_ERR_REJECTED, DUVA_REASON_NONE, reply);
    m->closed = 0;
    m->leaving = 1;
}

static void hello_reply(model *m, const command *c, unsigned code, answer reply)
{
    if (code / 100 == 2) {
        if (c->verb != GREETING)
            m->asked_auth = 1;
        return;
    }
    if (c->verb == HELLO && (code == 500 || code == 502)
        && !(m->config->options & DUVA_LMTP)) {
        m->hello_refused = 1;
        return;
    }
    if (code / 100 == 3) {
        accident(m, DUVA_REASON_UNEXPECTED, reply);
        return;
    }
    go_away(m, reply);
    m->verdict = verdict_of(code);
}

static void rcpt_reply(transaction *a, recipient *p, unsigned code,
                       answer reply)
{
    p->heard = 1;
    if (a->refused)
        return;
    if (code / 100 == 2) {
        p->accepted = 1;
        p->reply = reply;
        return;
    }
    p->verdict = verdict_of(code);
    p->reply = reply;
    /* RFC 5321 4.5.3.1.10: 552 for too many recipients is 452. */
    if (code == 552
        && (reply.status.enhanced[0] == 0
            || (reply.status.enhanced[1] == 5
                && reply.status.enhanced[2] == 3)))
        p->verdict = DUVA_RETRY;
}

static void data_reply(model *m, transaction *a, unsigned code, answer reply)
{
    if (code / 100 != 3) {
        a->stopped = 1;
        if (!nobody_left(a))
            refuse(a, verdict_of(code), reply);
        return;
    }
    (void)m;
    a->begun = 1;
    if (!a->refused && !nobody_left(a))
        return;
    /* RFC 2920 3.1: nobody is accepted, and the server wants a message. */
    a->discard = a->complete = 1;
    memcpy(a->message, ".\r\n", 3);
    a->message_len = 3;
}

static void end_reply(model *m, transaction *a, command *c, unsigned code,
                      answer reply)
{
    int lmtp = (m->config->options & DUVA_LMTP) != 0;
    int nobody = !a->end_heard && nobody_left(a);

    /* RFC 5321 4.1.1.4: after the message the transaction is over, whatever
     * the reply; RSET does no harm. */
    if (code / 100 == 2 && !a->refused && !a->discard && !nobody)
        m->open = 0;
    else if (!a->chunking || code / 100 == 2)
        m->open = 2;
    if (a->refused || a->discard || nobody)
        return;
    a->end_heard = 1;
    if (!lmtp) {
        if (code / 100 == 2) {
            spread(a, DUVA_ACCEPTED, reply);
            set(a, DUVA_ACCEPTED, DUVA_OK, DUVA_REASON_NONE, reply);
            m->carried = 1;
        } else {
            refuse(a, verdict_of(code), reply);
        }
        return;
    }
    for (int i = 0; i < RCPTS; i++) {
        recipient *p = &a->recipient[i];
        if (!p->accepted || p->verdict != DUVA_PENDING)
            continue;
        p->verdict = code / 100 == 2 ? DUVA_ACCEPTED : verdict_of(code);
        p->reply = reply;
        break;
    }
    if (c->expected == 0)
        lmtp_result(m, a, reply);
}

/* LMTP has a reply for each accepted recipient (RFC 2033 4.2); one says that
 * there are none. */
static void count_end(const model *m, command *c)
{
    int accepted = 0;

    if (c->verb != END || !(m->config->options & DUVA_LMTP) || c->rcpt == 0)
        return;
    c->rcpt = 0;
    for (int i = 0; i < RCPTS; i++)
        accepted += m->transaction[c->transaction].recipient[i].accepted;
    if (accepted > 0)
        c->expected = accepted;
}

/* Rejected, it is no verdict: MAIL is said again in its turn. */
static void trial_reply(model *m, transaction *a, unsigned code)
{
    a->trial = a->ahead = 0;
    if (code / 100 == 2) {
        a->mail_heard = 1;
        m->open = 1;
        m->overlap = DUVA_OVERLAP_SHOWN;
        return;
    }
    m->overlap_unknown = 1; /* the headers do not say what it is now */
    a->mail_said = a->rset_said = 0;
}

static void mail_reply(model *m, transaction *a, command *c, unsigned code,
                       answer reply)
{
    if (a->refused && code / 100 == 2 && m->open == 0)
        m->open = 2; /* a server that goes on without MAIL */
    switch (c->verb) {
    case RSET:
        if (code / 100 == 2)
            m->open = 0;
        else
            go_away(m, reply);
        break;
    case MAIL:
        if (a->trial) {
            trial_reply(m, a, code);
            break;
        }
        a->mail_heard = 1;
        if (code / 100 == 2)
            m->open = 1;
        else /* said before its turn, it may be nested */
            refuse(a, a->ahead && code == 503 ? DUVA_RETRY : verdict_of(code),
                   reply);
        break;
    case RCPT:
        rcpt_reply(a, &a->recipient[c->rcpt], code, reply);
        break;
    case DATA:
        data_reply(m, a, code, reply);
        break;
    case PIECE:
        if (code / 100 != 2) {
            a->stopped = 1;
            if (!nobody_left(a))
                refuse(a, verdict_of(code), reply);
        }
        break;
    default:
        end_reply(m, a, c, code, reply);
        break;
    }
    finish(m, a);
}

static int expected_class(verb v, unsigned code)
{
    if (code / 100 >= 4)
        return 1;
    if (v == GREETING)
        return code == 220;
    if (v == HELLO || v == HELO)
        return code == 250;
    return v == DATA ? code == 354 : code / 100 == 2;
}

static duva_stage stage_now(model *m)
{
    const command *c = oldest(m);

    if (c && c->end <= m->taken)
        return model_stage(c->verb);
    return (duva_stage)ANY_STAGE;
}

/* The mail whose message is on its way when nothing is due, or NULL. */
static transaction *on_its_way(model *m)
{
    const command *c = oldest(m);
    transaction *a = model_last(m);

    if (c)
        a = c->verb == END || c->verb == PIECE ? &m->transaction[c->transaction]
                                               : NULL;
    if (!a || a->over)
        return NULL;
    if (a->chunking)
        return a->bdat_end && a->bdat_end <= m->taken ? a : NULL;
    return a->begun || a->ended ? a : NULL;
}

static void not_due(model *m, unsigned code, answer reply)
{
    static const answer none;
    transaction *a = on_its_way(m);

    /* A server that refuses the message before it has all of it is heard, but
     * then the session cannot go on (RFC 5321 4.1.1.4). */
    if (code / 100 >= 4 && a) {
        if (!a->discard && !nobody_left(a))
            refuse(a, verdict_of(code), reply);
        close_session(m, a, DUVA_ERR_REJECTED, DUVA_REASON_NONE, reply);
        return;
    }
    accident(m, DUVA_REASON_UNSOLICITED, none);
    if (!a || code >= 400 || a->err == DUVA_ERR_REJECTED)
        return;
    /* Answered before it was said, and not refused: perhaps the server sees
     * an end of the message where there is none. */
    a->verdict = DUVA_UNCERTAIN;
    for (int i = 0; i < RCPTS; i++)
        if (a->recipient[i].by_mail)
            a->recipient[i].verdict = DUVA_UNCERTAIN;
}

/* Decision 0019: a reply that a command which was said before its turn can
 * have only when the server has lost others. */
static int unearned(const transaction *a, const command *c, unsigned code)
{
    int accepted = 0;

    if (!a->ahead || (c->verb == END && !a->chunking))
        return 0;
    if (code < 500 || code > 503)
        return 0;
    if (code == 501 && (c->verb == MAIL || c->verb == RCPT))
        return 0; /* an address can earn it */
    for (int i = 0; i < RCPTS; i++)
        accepted += a->recipient[i].accepted;
    if (a->refused || nobody_left(a) || (c->verb > RCPT && accepted == 0))
        return 0; /* it follows what was rejected */
    return 1;
}

void model_answer(model *m, unsigned code, answer reply)
{
    command *c = oldest(m);
    int due = c && c->end <= m->taken;
    transaction *a
        = c && c->transaction >= 0 ? &m->transaction[c->transaction] : NULL;

    reply.status.stage = (uint16_t)stage_now(m);
    /* Behind our QUIT nothing counts, be it late or early. */
    if (m->quit_asked && (!c || c->verb == QUIT)) {
        m->closed = 1;
        return;
    }
    if (m->leaving) {
        m->closed = 1;
        return;
    }
    if (code == 421) {
        close_session(m, due ? a : model_last(m), DUVA_ERR_REJECTED,
                      DUVA_REASON_NONE, reply);
        return;
    }
    if (!due) {
        not_due(m, code, reply);
        return;
    }
    if (c->verb == QUERY) {
        c->expected = 0;
        if (strcmp(m->query, "RSET") == 0 && code / 100 == 2)
            m->open = 0;
        m->query[0] = 0;
        m->query_reply = reply;
        return;
    }
    if (a && !a->trial && unearned(a, c, code)) {
        m->overlap = DUVA_OVERLAP_NEVER;
        close_session(m, NULL, DUVA_ERR_PROTOCOL, DUVA_REASON_OUT_OF_STEP,
                      reply);
        return;
    }
    if (!expected_class(c->verb, code)) {
        if (a && a->ahead && !(c->verb == END && !a->chunking))
            m->overlap = DUVA_OVERLAP_NEVER;
        accident(m, DUVA_REASON_UNEXPECTED, reply);
        return;
    }
    count_end(m, c);
    c->expected--;
    if (a)
        mail_reply(m, a, c, code, reply);
    else
        hello_reply(m, c, code, reply);
}
