/* listen.c - replies into the next step of the session and of the mail. */
/* SPDX-License-Identifier: MIT */
#include "listen.h"

#include "lmtp.h"
#include "overlap.h"
#include "position.h"
#include "query.h"
#include "say.h"
#include "state.h"
#include "verdict.h"

/* Once MAIL is refused, what is said of a recipient means nothing. */
static void hear_rcpt(duva_engine *e)
{
    if (e->heard.mail->result.status.stage != DUVA_STAGE_MAIL)
        duva__set_recipient(DUVA__RCPT_AT(e->heard), &e->outcome,
                            duva__verdict_of_reply(&e->outcome.status));
}

/* Another round.  An answer that was too long for the command line goes out
 * at the first challenge. */
static void hear_challenge(duva_engine *e)
{
    duva_span challenge;
    int n = e->response_parts;

    if (++e->sasl->round > e->sasl->rounds) {
        e->sasl->reason = DUVA_REASON_UNEXPECTED;
        n = DUVA_ERR_PROTOCOL;
    } else if (e->auth != DUVA__AUTH_ALONE || n == DUVA_SASL_NO_INITIAL) {
        challenge.data = e->token_len < e->out_cap ? e->out : NULL;
        challenge.len = e->token_len;
        n = e->sasl->step(e->sasl, &challenge, e->response);
    }
    e->response_parts = (uint8_t)n;
    e->auth = DUVA__AUTH_RESPONSE;
    if (n < 0) {
        duva__note_failure(e, (duva_err)n, (duva_reason)e->sasl->reason);
        e->auth = DUVA__AUTH_CANCEL;
    }
    duva__enter(e, DUVA_STAGE_AUTH);
}

static void hear_ehlo(duva_engine *e)
{
#if DUVA_WITH_TLS
    const duva_tls_mode tls = e->config->tls;
#endif

    if (e->hello == DUVA__EHLO)
        e->caps.bits |= DUVA_CAP_EHLO;
    if (DUVA__STOPS_AFTER(e, DUVA_STAGE_EHLO)) {
        duva__stop(e);
#if DUVA_WITH_TLS
    } else if (e->tls == NULL && tls != DUVA_TLS_NEVER
               && (e->caps.bits & DUVA_CAP_STARTTLS)) {
        duva__enter(e, DUVA_STAGE_STARTTLS);
    } else if (e->tls == NULL && tls == DUVA_TLS_REQUIRED) {
        duva__end(e, DUVA_ERR_UNSUPPORTED, DUVA_REASON_NO_STARTTLS,
                  DUVA_STAGE_QUIT);
#endif
    } else if (DUVA__STOPS_AFTER(e, DUVA_STAGE_TLS)) {
        duva__stop(e);
    } else {
        duva__enter(e, DUVA_STAGE_AUTH);
        e->said.step++;        /* nothing, until a mechanism is chosen */
    }
}

/* The reply code that a step of the session must have. */
static unsigned expected_code(duva_stage stage)
{
    switch (stage) {
    case DUVA_STAGE_EHLO:
        return 250;
    case DUVA_STAGE_AUTH:
        return 235;
    default:
        return 220; /* the greeting, STARTTLS */
    }
}

static void hear_success(duva_engine *e, duva_stage stage)
{
    if (stage == DUVA_STAGE_EHLO)
        hear_ehlo(e);
    else if (stage == DUVA_STAGE_AUTH && (e->sasl->flags & DUVA_SASL_UNPROVEN))
        duva__protocol_error(e, DUVA_REASON_UNPROVEN);
    else if (DUVA__STOPS_AFTER(e, stage))
        duva__stop(e);
    else
        duva__enter(e,
                    stage == DUVA_STAGE_STARTTLS ? DUVA_STAGE_TLS : stage + 1u);
}

/* May the server know a simpler form of the command?  HELO in place of EHLO
 * (RFC 5321 3.2), AUTH without the initial response (RFC 4954 4). */
static int try_simpler(duva_engine *e, duva_stage stage, unsigned code)
{
    if (DUVA_WITH_INITIAL && stage == DUVA_STAGE_AUTH
        && e->auth == DUVA__AUTH_INITIAL && code == 501)
        e->auth = DUVA__AUTH_ALONE;
    else if (stage == DUVA_STAGE_EHLO && e->hello == DUVA__EHLO
             && !DUVA__IS_LMTP(e) && (code == 500 || code == 502))
        e->hello = DUVA__HELO;
    else
        return 0;
    duva__enter(e, stage);
    return 1;
}

/* A reply before the first mail, each of which moves the session. */
static void hear_session(duva_engine *e, duva_stage stage, unsigned code)
{
    if (DUVA_WITH_QUERIES && stage == DUVA_STAGE_RSET)
        duva__end_query(e);
    else if (stage == DUVA_STAGE_AUTH && code == 334)
        hear_challenge(e);
    else if (code == expected_code(stage))
        hear_success(e, stage);
    else if (try_simpler(e, stage, code))
        return;
    else if (code < 400)
        duva__protocol_error(e, DUVA_REASON_UNEXPECTED);
    else
        duva__reject(e, DUVA_STAGE_QUIT);
}

/* The first mail under way is over; the next one's answers come now. */
static void turn_to_next(duva_engine *e)
{
    const int was_last = e->heard.mail == e->said.mail;

    if (e->heard.mail->result.err == DUVA_OK) {
        e->open = 0;
        e->has_accepted = DUVA_WITH_PIPELINING;
    }
    duva__finish_mail(e);
    if (was_last)
        duva__enter(e, DUVA_STAGE_IDLE);
}

/* Moves on to the step whose answer is the next, and begins the message when
 * it is our turn. */
static void advance(duva_engine *e, duva_stage stage, int good)
{
    duva_mail *m = e->heard.mail;

    if (stage < DUVA_STAGE_END)
        duva__go_on(&e->heard);
    if (DUVA__HAS(m, DUVA__CHUNKED)
        && duva__stage_of(&e->heard) == DUVA_STAGE_DATA)
        e->heard.step += DUVA_STAGE_END - DUVA_STAGE_DATA;
    if (good && stage == DUVA_STAGE_DATA) {
        duva__mark_body(e, m);
        if (DUVA_WITH_PIPELINING && m->result.err != DUVA_OK)
            duva__say_end(e);  /* nobody would get it: a lone dot */
    }
}

#if DUVA_WITH_CHUNKING
/* The mail is rejected: no more pieces of its message. */
static void stop_pieces(duva_engine *e, duva_mail *m)
{
    if (m != e->said.mail || !DUVA__HAS(m, DUVA__PIECES)
        || duva__stage_of(&e->said) != DUVA_STAGE_BODY)
        return;
    m->flight.bits |= DUVA__STOPPED;
    e->said.step++;
}
#else
#define stop_pieces(e, m) ((void)0)
#endif

#if DUVA__FLIGHT
/* Is all that was said of the mail answered, so that it can be over? */
static int is_answered(duva_engine *e, duva_mail *m)
{
    if (m == e->said.mail)
        return DUVA__DUE(e, m) + e->offset == 0
               && DUVA__HAS(m, DUVA__BODY | DUVA__ENDED | DUVA__STOPPED)
                      != DUVA__BODY;
    return DUVA__DUE(e, m) == 0;
}
#else
#define is_answered(e, m) 1    /* else nothing would be due */
#endif

/* A reply to a step of the mail.  The mail is over when its end was answered,
 * or when it has failed and all that was said was answered. */
static void hear_mail(duva_engine *e, duva_stage stage, unsigned code)
{
    const duva_position at = e->heard;
    duva_mail *m = at.mail;
    const int  good = stage == DUVA_STAGE_DATA ? code == 354 : code < 300;

    if (!good && code < 400) {
        duva__protocol_error(e, DUVA_REASON_UNEXPECTED);
        return;
    }
    if (DUVA_WITH_MAILS && !good && stage == DUVA_STAGE_RSET) {
        duva__reject(e, DUVA_STAGE_QUIT);
        return;
    }
    if (stage == DUVA_STAGE_END) {
        const int lmtp = duva__hear_lmtp(e, good);

        if (lmtp == DUVA__LMTP_OVER)
            turn_to_next(e);
        if (lmtp != DUVA__NO_LMTP)
            return;
    }
    if (duva__hear_trial(e, good))
        return;
    if (good)
        e->open = (uint8_t)(stage > DUVA_STAGE_RSET ? stage : 0);
    else if (!DUVA_WITH_RECIPIENTS || stage != DUVA_STAGE_RCPT)
        duva__fail_mail(e);
    else if (m->result.status.stage != DUVA_STAGE_MAIL)
        duva__keep_weightier_reply(e);
    advance(e, stage, good);
    if (DUVA_WITH_RECIPIENTS && !good && stage == DUVA_STAGE_RCPT
        && (m->policy == DUVA_ALL_OR_NOTHING
            || (e->open != DUVA_STAGE_RCPT
                && duva__stage_of(&e->heard) != DUVA_STAGE_RCPT)))
        m->result.err = DUVA_ERR_REJECTED; /* nobody is left to send it to */
    if (m->result.err == DUVA_OK && DUVA__STOPS_AFTER(e, stage)
        && duva__stage_of(&e->heard) != stage) {
        e->heard = at;         /* it does not go on from there */
        duva__stop(e);
        return;
    }
    if (m->result.err != DUVA_OK)
        stop_pieces(e, m);
    if (is_answered(e, m)
        && (m->result.err != DUVA_OK || stage == DUVA_STAGE_END))
        turn_to_next(e);
}

#if !DUVA__FLIGHT
#define is_due(e) ((e)->replies_due > 0 && (e)->out_pos == (e)->out_len)
#else
/* Is a reply due?  The command that it is for must be out in full.  Commands of
 * a mail follow each other without a gap: the place behind one is that of the
 * next. */
static int is_due(duva_engine *e)
{
    duva_mail *m = e->heard.mail;
    duva_octet end;

    if (m == NULL)
        return e->replies_due > 0 && e->out_pos == e->out_len;
    if (m->flight.replies_due == 0)
        return 0;
    if (DUVA__HAS(m, DUVA__ENDED) && duva__is_out(e, m->flight.end))
        return 1;              /* all of the mail is out */
    if (duva__stage_of(&e->heard) == DUVA_STAGE_END)
        return duva__is_out(e, m->flight.end)
               || (DUVA__HAS(m, DUVA__PIECES) && m->flight.replies_due > 1);
    end = m->flight.command;
    end.count += duva__command_length(e, &e->heard);
    if (!duva__is_out(e, end))
        return 0;
    m->flight.command = end;
    return 1;
}
#endif

/* 421 may come at any time, and a refusal in the middle of the message is an
 * answer to it; but the message cannot be taken back, so the session ends. */
void duva__listen(duva_engine *e)
{
    const duva_stage stage = duva__stage_of(&e->heard);
    const duva_stage where = DUVA__FLIGHT ? duva_where(e) : stage;
    const unsigned   code = e->reply.code;
    const int        due = is_due(e);

    if (stage == DUVA_STAGE_QUIT || e->outcome.err != DUVA_OK) {
        duva__enter(e, stage == DUVA_STAGE_QUIT ? DUVA__CLOSED
                                                : DUVA_STAGE_QUIT);
        return;
    }
    e->outcome.status.stage = (uint16_t)where;
    if (due && duva__is_out_of_step(e)) {
        duva__protocol_error(e, DUVA_REASON_OUT_OF_STEP);
        return;
    }
    if (due && stage == DUVA_STAGE_RCPT)
        hear_rcpt(e);
    if (due)
        duva__hear_query(e);
    if (code == 421 || (!due && code >= 400 && where >= DUVA_STAGE_BODY)) {
        duva__reject(e, DUVA__CLOSED);
    } else if (!due) {
        duva__protocol_error(e, DUVA_REASON_UNSOLICITED);
    } else {
        --*duva__replies_due(e, e->heard.mail);
        if (e->heard.mail == NULL)
            hear_session(e, stage, code);
        else
            hear_mail(e, stage, code);
    }
}
