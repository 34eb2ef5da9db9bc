/* dialogue.c - the conversation: one switch speaks, one listens. */
/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include "body.h"
#include "command.h"
#include "lmtp.h"
#include "overlap.h"
#include "params.h"
#include "query.h"

#include <string.h>

void duva__enter(duva_engine *e, duva_stage stage)
{
    if (DUVA__IS_AT(e, DUVA_STAGE_AUTH))
        memset(e->out, 0, e->out_cap); /* a password may have passed */
    if (stage == DUVA__CLOSED)
        e->out_len = e->out_pos = 0;
    e->heard.mail = NULL;
    e->heard.step = stage;
    e->said = e->heard;
    e->replies_due = stage == DUVA_STAGE_GREETING;
    e->offset = 0;
    if (!DUVA_SMALL)
        e->withheld = 0;
}

/* Answers that are to come, to what belongs to the mail or to none. */
#if DUVA_SMALL
#define replies_due(e, m) (&(e)->replies_due)
#else
static size_t *replies_due(duva_engine *e, duva_mail *m)
{
    return m == NULL ? &e->replies_due : &m->flight.replies_due;
}
#endif

/* ---- speaking ---- */

#if !DUVA_SMALL
duva_octet duva__here(const duva_engine *e)
{
    duva_octet here = { e->sent.count + (e->out_len - e->out_pos) };

    return here;
}

int duva__is_out(const duva_engine *e, duva_octet place)
{
    return e->sent.count - place.count <= SIZE_MAX / 2;
}

int duva__is_body(const duva_engine *e)
{
    const duva_mail *m = e->said.mail;

    if (duva__stage_of(&e->said) != DUVA_STAGE_BODY)
        return 0;
    if (DUVA__HAS(m, DUVA__CHUNKED)) /* each piece is a command */
        return duva__is_pipelined(e) || m->flight.replies_due == 0;
    return duva__is_same(&e->heard, &e->said); /* this mail's 354 has come */
}


int duva__is_pipelined(const duva_engine *e)
{
    return (e->caps.bits & DUVA_CAP_PIPELINING)
           && !(e->config->options & DUVA_LOCK_STEP);
}
#endif

/* May a command go out now?  When answers are still to come it may only as
 * RFC 2920 has it; and the message only when a refused recipient cannot make
 * it go to others against the mail's policy, nor more messages be in doubt
 * than the window holds. */
static int may_say(duva_engine *e, duva_stage stage)
{
    const duva_mail *m = e->said.mail;

    if (e->heard.mail == m && *replies_due(e, e->heard.mail) == 0)
        return 1;
    if (!duva__is_pipelined(e) || m == NULL || m->result.err != DUVA_OK)
        return 0;
    if (DUVA__HAS(m, DUVA__TRIAL))
        return stage <= DUVA_STAGE_MAIL; /* and nothing behind it */
    if (stage != DUVA_STAGE_DATA)
        return 1;
    if (DUVA__IS_LMTP(e)
        || (m->rcpt_count > 1 && m->policy == DUVA_ALL_OR_NOTHING))
        return 0;
    return !DUVA__HAS(m, DUVA__CHUNKED) || e->ends_due == 0
           || e->ends_due < e->config->window;
}

static void say_auth(duva_engine *e)
{
    static const char *const form[] = { "AUTH % ", "AUTH %", "", "*" };
    size_t before;

    duva__put(e, form[e->auth], e->sasl->name);
    before = e->position;
    if (e->auth == DUVA__AUTH_INITIAL || e->auth == DUVA__AUTH_RESPONSE)
        duva__put_secret(e);
    if (e->auth == DUVA__AUTH_INITIAL && e->position == before)
        duva__put(e, "=", NULL);
}

static void say(duva_engine *e, duva_stage stage)
{
    const duva_mail *m = e->said.mail;
    const char      *form = "", *arg = e->config->name;

    e->position = 0;
    e->traced = e->out_len;
    switch (stage) {
    case DUVA_STAGE_EHLO:
        form = DUVA__IS_LMTP(e)         ? "LHLO %"
               : e->hello == DUVA__HELO ? "HELO %"
                                        : "EHLO %";
        break;
    case DUVA_STAGE_STARTTLS:
        form = "STARTTLS";
        break;
    case DUVA_STAGE_AUTH:
        say_auth(e);
        break;
    case DUVA_STAGE_RSET:
        form = duva__put_query(e) ? "" : "RSET";
        break;
    case DUVA_STAGE_MAIL:
        duva__put(e, "MAIL FROM:<%>", m->from);
        duva__put_mail_params(e, m);
        break;
    case DUVA_STAGE_RCPT:
        duva__put(e, "RCPT TO:<%>", DUVA__RCPT_AT(e->said)->addr);
        duva__put_rcpt_params(e, DUVA__RCPT_AT(e->said));
        break;
    case DUVA_STAGE_DATA:
        form = "DATA";
        if (DUVA__HAS(m, DUVA__BY_URL)) {
            duva__put_url(e, m);
            form = " LAST";
        } else if (DUVA__HAS(m, DUVA__CHUNKED)) {
            duva__put_number(e, "BDAT %", (size_t)m->size);
            form = " LAST";
        }
        break;
    default:
        form = "QUIT";
    }
    duva__put(e, form, arg);
    duva__put(e, "\r\n", NULL);
}

/* The steps in which we speak. */
#define SPOKEN                                                                \
    (1u << DUVA_STAGE_EHLO | 1u << DUVA_STAGE_STARTTLS | 1u << DUVA_STAGE_AUTH \
     | 1u << DUVA_STAGE_RSET | 1u << DUVA_STAGE_MAIL | 1u << DUVA_STAGE_RCPT  \
     | 1u << DUVA_STAGE_DATA | 1u << DUVA_STAGE_QUIT)

/* The message goes from here on: by DATA behind 354, by BDAT behind the line
 * of the first. */
static void mark_body(duva_engine *e, duva_mail *m)
{
    if (DUVA_SMALL || (m->flight.bits & DUVA__BODY))
        return;
    if (!(m->flight.bits & DUVA__CHUNKED))
        m->flight.bits &= (uint16_t)~DUVA__AHEAD; /* the server is in step */
    m->flight.bits |= DUVA__BODY;
    m->flight.body = duva__here(e);
}

/* BDAT has no answer before its message has followed; and when the message
 * goes in several pieces each brings a BDAT of its own. */
static int begins_chunk(duva_engine *e, duva_stage stage)
{
    duva_mail *m = e->said.mail;

    if (stage != DUVA_STAGE_DATA || !DUVA__HAS(m, DUVA__CHUNKED))
        return 0;
    if (m->flight.bits & DUVA__PIECES)
        e->said.step++;
    return 1;
}

void duva__speak(duva_engine *e)
{
    for (;;) {
        duva_mail       *m = e->said.mail;
        const duva_stage stage = duva__stage_of(&e->said);
        int              is_chunk;

        if (!(SPOKEN >> stage & 1))
            return;
        if (e->offset == 0 && !may_say(e, stage))
            return;
        is_chunk = begins_chunk(e, stage);
        if (is_chunk && DUVA__HAS(m, DUVA__PIECES))
            return;
        say(e, stage);
        duva__trace_out(e);
        if (e->offset < e->position)
            return;
        e->offset = 0;
        duva__go_on(&e->said);
        if (is_chunk)
            mark_body(e, m);
        else
            ++*replies_due(e, m);
        if (is_chunk && DUVA__HAS(m, DUVA__BY_URL))
            duva__say_end(e);
    }
}

/* An initial response may make the command too long; then the server is asked
 * for a challenge first.  How long it is shows by saying it to nobody. */
void duva__start_auth(duva_engine *e)
{
    duva__enter(e, DUVA_STAGE_AUTH);
    e->auth = DUVA__AUTH_ALONE;
    if (e->parts != DUVA_SASL_NO_INITIAL) {
        e->auth = DUVA__AUTH_INITIAL;
        e->offset = (size_t)-1;
        say(e, DUVA_STAGE_AUTH);
        if (e->position > DUVA__COMMAND_MAX)
            e->auth = DUVA__AUTH_ALONE;
        e->offset = 0;
    }
    duva__speak(e);
}

#if DUVA_SMALL
#define say_chunk(e, len, form) ((void)0)
#else
/* ---- the message ---- */

/* One piece of several, whose octets lie in the buffer behind room for its
 * command.  Nothing else is in there. */
static void say_chunk(duva_engine *e, size_t len, const char *form)
{
    e->out_len = e->position = e->traced = 0;
    duva__put_number(e, form, len);
    duva__trace_out(e);
    mark_body(e, e->said.mail);
    memmove(e->out + e->out_len, e->out + DUVA__CHUNK_ROOM, len);
    e->out_len += len;
    e->traced = e->out_len;
    e->offset = 0;
    e->said.mail->flight.replies_due++;
    e->said.mail->flight.end = duva__here(e);
}

int duva__say_body(duva_engine *e, const uint8_t *raw, size_t len)
{
    const duva_mail *m = e->said.mail;
    const int        is_piece = !!DUVA__HAS(m, DUVA__PIECES);
    uint8_t         *to = e->out + e->out_len;

    if (is_piece)
        to += DUVA__CHUNK_ROOM;
    if (DUVA__HAS(m, DUVA__RAW))
        memmove(to, raw, len);
    else
        len = duva__body_encode(&e->body, to, raw, len);
    if (DUVA__HAS(m, DUVA__EXACT) && len > 0) {
        if (len > e->left)
            e->body.reason = DUVA_REASON_SIZE;
        e->left -= len;
        e->withheld
            = e->left == 0; /* not before the source says that it is all */
    }
    if (e->body.reason != DUVA_REASON_NONE)
        return duva__unfit(e);
    if (!is_piece)
        e->out_len += len;
    else if (len > 0)
        say_chunk(e, len, "BDAT %\r\n");
    return DUVA_OK;
}
#endif

int duva__say_end(duva_engine *e)
{
    duva_mail   *m = e->said.mail;
    const int    is_piece = !!DUVA__HAS(m, DUVA__PIECES);
    uint8_t     *to = e->out + e->out_len + (is_piece ? DUVA__CHUNK_ROOM : 0);
    const size_t len = duva__body_end(&e->body, to);

    if (DUVA__HAS(m, DUVA__EXACT) && len != e->left)
        e->body.reason = DUVA_REASON_SIZE;
    if (e->body.reason != DUVA_REASON_NONE)
        return duva__unfit(e);
    if (is_piece) {
        say_chunk(e, len, "BDAT % LAST\r\n");
    } else {
        e->out_len += len;
        *replies_due(e, m) += duva__end_answers(e);
    }
    if (!DUVA__HAS(m, DUVA__CHUNKED)) {
        duva__trace(e, 'C', to + len - 3, 3);
        e->heard.step++;
    }
    if (DUVA_SMALL)
        return DUVA_OK;
    e->withheld = 0;
    e->said.step++;
    e->ends_due++;
    m->flight.bits |= DUVA__ENDED;
    m->flight.end = duva__here(e);
    return DUVA_OK;
}

/* ---- listening ---- */

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
    int       n = e->parts;

    if (++e->sasl->round > e->sasl->rounds) {
        e->sasl->reason = DUVA_REASON_UNEXPECTED;
        n = DUVA_ERR_PROTOCOL;
    } else if (e->auth != DUVA__AUTH_ALONE || n == DUVA_SASL_NO_INITIAL) {
        challenge.data = e->word < e->out_cap ? e->out : NULL;
        challenge.len = e->word;
        n = e->sasl->step(e->sasl, &challenge, e->part);
    }
    e->parts = (uint8_t)n;
    e->auth = DUVA__AUTH_RESPONSE;
    if (n < 0) {
        duva__note_failure(e, (duva_err)n, (duva_reason)e->sasl->reason);
        e->auth = DUVA__AUTH_CANCEL;
    }
    duva__enter(e, DUVA_STAGE_AUTH);
}

static void hear_ehlo(duva_engine *e)
{
    const duva_tls_mode tls = e->config->tls;

    if (e->hello == DUVA__EHLO)
        e->caps.bits |= DUVA_CAP_EHLO;
    if (!DUVA_SMALL && e->tls == NULL && tls != DUVA_TLS_NEVER
        && (e->caps.bits & DUVA_CAP_STARTTLS)) {
        duva__enter(e, DUVA_STAGE_STARTTLS);
    } else if (!DUVA_SMALL && e->tls == NULL && tls == DUVA_TLS_REQUIRED) {
        duva__end(e, DUVA_ERR_UNSUPPORTED, DUVA_REASON_NO_STARTTLS,
                  DUVA_STAGE_QUIT);
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
    else
        duva__enter(e,
                    stage == DUVA_STAGE_STARTTLS ? DUVA_STAGE_TLS : stage + 1u);
}

/* May the server know a simpler form of the command?  HELO in place of EHLO
 * (RFC 5321 3.2), AUTH without the initial response (RFC 4954 4). */
static int try_simpler(duva_engine *e, duva_stage stage, unsigned code)
{
    if (stage == DUVA_STAGE_AUTH && e->auth == DUVA__AUTH_INITIAL
        && code == 501)
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
    if (!DUVA_SMALL && stage == DUVA_STAGE_RSET)
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
        e->has_accepted = 1;
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
        mark_body(e, m);
        if (m->result.err != DUVA_OK)
            duva__say_end(e);  /* nobody would get it: a lone dot */
    }
}

/* The mail is rejected: no more pieces of its message. */
static void stop_pieces(duva_engine *e, duva_mail *m)
{
    if (m != e->said.mail || !DUVA__HAS(m, DUVA__PIECES)
        || duva__stage_of(&e->said) != DUVA_STAGE_BODY)
        return;
    m->flight.bits |= DUVA__STOPPED;
    e->said.step++;
}

/* Is all that was said of the mail answered, so that it can be over? */
static int is_answered(duva_engine *e, duva_mail *m)
{
    if (m == e->said.mail)
        return *replies_due(e, m) + e->offset == 0
               && DUVA__HAS(m, DUVA__BODY | DUVA__ENDED | DUVA__STOPPED)
                      != DUVA__BODY;
    return *replies_due(e, m) == 0;
}

/* A reply to a step of the mail.  The mail is over when its end was answered,
 * or when it has failed and all that was said was answered. */
static void hear_mail(duva_engine *e, duva_stage stage, unsigned code)
{
    duva_mail *m = e->heard.mail;
    const int  good = stage == DUVA_STAGE_DATA ? code == 354 : code < 300;

    if (!good && code < 400) {
        duva__protocol_error(e, DUVA_REASON_UNEXPECTED);
        return;
    }
    if (!good && stage == DUVA_STAGE_RSET) {
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
        e->open = stage > DUVA_STAGE_RSET ? (uint8_t)stage : 0;
    else if (stage != DUVA_STAGE_RCPT)
        duva__fail_mail(e);
    else if (m->result.status.stage != DUVA_STAGE_MAIL)
        duva__keep_weightier_reply(e);
    advance(e, stage, good);
    if (!good && stage == DUVA_STAGE_RCPT
        && (m->policy == DUVA_ALL_OR_NOTHING
            || (e->open != DUVA_STAGE_RCPT
                && duva__stage_of(&e->heard) != DUVA_STAGE_RCPT)))
        m->result.err = DUVA_ERR_REJECTED; /* nobody is left to send it to */
    if (!DUVA_SMALL && m->result.err != DUVA_OK)
        stop_pieces(e, m);
    if (is_answered(e, m)
        && (m->result.err != DUVA_OK || stage == DUVA_STAGE_END))
        turn_to_next(e);
}

/* How many octets, which are in the buffer, are before that place. */
static size_t before(const duva_engine *e, duva_octet place)
{
    return place.count - e->sent.count;
}

/* Is an answer due?  Commands that still wait in the buffer have none; each
 * ends in LF.  The message lies behind them, and its answer is due when all of
 * it is out; the LF of its BDAT, if there is one, stands for no other. */
static int is_due(duva_engine *e)
{
    const duva_mail *m = e->heard.mail;
    size_t due = *replies_due(e, e->heard.mail);
    size_t           i = e->out_pos, end = e->out_len;

    if (DUVA_SMALL || due == 0)
        return due > 0 && e->out_pos == e->out_len;
    if (m != NULL) {
        if (!duva__is_out(e, m->flight.end))
            due -= duva__end_answers(e);
        if (!duva__is_out(e, m->flight.begin))
            i += before(e, m->flight.begin);
        if (m->flight.bits & DUVA__BODY) {
            if (duva__is_out(e, m->flight.body)) {
                end = i;
            } else {
                end = e->out_pos + before(e, m->flight.body);
                due++;
            }
        }
    }
    for (; i < end && due > 0; i++)
        due -= e->out[i] == '\n';
    return due > 0;
}

/* 421 may come at any time, and a refusal in the middle of the message is an
 * answer to it; but the message cannot be taken back, so the session ends. */
void duva__listen(duva_engine *e)
{
    const duva_stage stage = duva__stage_of(&e->heard);
    const duva_stage where = DUVA_SMALL ? stage : duva_where(e);
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
        --*replies_due(e, e->heard.mail);
        if (e->heard.mail == NULL)
            hear_session(e, stage, code);
        else
            hear_mail(e, stage, code);
    }
}
