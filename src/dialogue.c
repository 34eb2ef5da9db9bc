/* dialogue.c - the conversation: one switch speaks, one listens. */
/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include "body.h"
#include "command.h"

#include <string.h>

/* ---- cursors ---- */

size_t duva__step_data(const duva_mail *m)
{
    return DUVA__STEP_RCPT + m->rcpt_count;
}

duva_rcpt *duva__rcpt_of(const duva_engine *e, size_t step)
{
    return &e->mail->rcpt[step - DUVA__STEP_RCPT];
}

/* A verdict changes only behind heard, so that a step once said stays one. */
size_t duva__real_step(const duva_engine *e, size_t step)
{
    if (e->mail == NULL)
        return step;
    if (step == DUVA__STEP_RSET && !(e->flags & DUVA__OPEN))
        step = DUVA__STEP_MAIL;
    while (step >= DUVA__STEP_RCPT && step < duva__step_data(e->mail)
           && duva__rcpt_of(e, step)->verdict != DUVA_PENDING)
        step++;
    return step;
}

duva_stage duva__stage_of(const duva_engine *e, size_t cursor)
{
    size_t past;

    if (e->state == DUVA__CHOOSE)
        return DUVA_STAGE_AUTH;
    if (e->state != DUVA_STAGE_MAIL)
        return (duva_stage)e->state;
    cursor = duva__real_step(e, cursor);
    if (cursor < DUVA__STEP_RCPT)
        return cursor == DUVA__STEP_RSET ? DUVA_STAGE_RSET : DUVA_STAGE_MAIL;
    past = duva__step_data(e->mail);
    if (cursor < past)
        return DUVA_STAGE_RCPT;
    return cursor == past ? DUVA_STAGE_DATA : DUVA_STAGE_END;
}

static int nothing_owed(const duva_engine *e)
{
    return duva__real_step(e, e->said) == duva__real_step(e, e->heard);
}

/* The states in which nothing is to be said: there said stands behind the
 * only command from the start. */
#define SILENT                                                                \
    (1u << DUVA__CLOSED | 1u << DUVA_STAGE_TLS | 1u << DUVA_STAGE_GREETING    \
     | 1u << DUVA_STAGE_IDLE | 1u << DUVA__CHOOSE)

void duva__enter(duva_engine *e, int state)
{
    if (e->state == DUVA_STAGE_AUTH)
        memset(e->out, 0, e->out_cap); /* a password may have passed */
    e->state = (uint8_t)state;
    e->offset = e->heard = 0;
    e->sent = state == DUVA_STAGE_GREETING;
    e->said = SILENT >> state & 1;
}

/* ---- speaking ---- */

/* May a command go out before the last is answered (RFC 2920)?  DATA may only
 * when a refused recipient cannot make the message go to others against the
 * mail's policy. */
static int may_say(const duva_engine *e)
{
    const duva_mail *m = e->mail;

    if (m == NULL || e->offset > 0)
        return e->said == 0 || e->offset > 0;
    if (m->result.err != DUVA_OK || e->said > duva__step_data(m))
        return 0;
    if (nothing_owed(e))
        return 1;
    return (e->caps.bits & DUVA_CAP_PIPELINING)
           && !(e->config->options & DUVA_LOCK_STEP)
           && (e->said != duva__step_data(m) || m->rcpt_count == 1
               || m->policy == DUVA_WHOEVER_IS_ACCEPTED);
}

static void say_auth(const duva_engine *e, duva__writer *w)
{
    static const char *const form[] = { "AUTH % ", "AUTH %", "", "*" };
    const uint8_t line = e->auth_line;

    duva__put(w, form[line], e->sasl->name);
    if (line == DUVA__WITH_INITIAL
        && duva__secret_length(e->part, e->parts) == 0)
        duva__put(w, "=", "");
    else if (line == DUVA__WITH_INITIAL || line == DUVA__RESPONSE)
        duva__put_secret(w, e->part, e->parts);
}

static void say_mail(const duva_engine *e, duva__writer *w)
{
    const duva_mail *m = e->mail;

    duva__put(w, "MAIL FROM:<%>", m->from);
    if ((e->caps.bits & DUVA_CAP_SIZE) && m->size > 0
        && m->size <= UINT32_MAX) {
        duva__put(w, " SIZE=", "");
        duva__put_number(w, (uint32_t)m->size);
    }
    if ((e->caps.bits & DUVA_CAP_8BITMIME) && (m->flags & DUVA_MAIL_8BIT))
        duva__put(w, " BODY=8BITMIME", "");
}

static void say(const duva_engine *e, duva__writer *w)
{
    const char *form = "", *arg = e->config->name;

    switch (duva__stage_of(e, e->said)) {
    case DUVA_STAGE_EHLO:
        form = e->flags & DUVA__HELO ? "HELO %" : "EHLO %";
        break;
    case DUVA_STAGE_STARTTLS:
        form = "STARTTLS";
        break;
    case DUVA_STAGE_AUTH:
        say_auth(e, w);
        break;
    case DUVA_STAGE_RSET:
        form = "RSET";
        break;
    case DUVA_STAGE_MAIL:
        say_mail(e, w);
        break;
    case DUVA_STAGE_RCPT:
        form = "RCPT TO:<%>";
        arg = duva__rcpt_of(e, e->said)->addr;
        break;
    case DUVA_STAGE_DATA:
        form = "DATA";
        break;
    default:
        form = "QUIT";
    }
    duva__put(w, form, arg);
    duva__put(w, "\r\n", "");
}

void duva__speak(duva_engine *e)
{
    for (;;) {
        duva__writer w;

        e->said = duva__real_step(e, e->said);
        if (!may_say(e))
            return;
        w.config = e->config;
        w.at = e->out + e->out_len;
        w.room = e->out_cap - e->out_len;
        w.skip = e->offset;
        w.cut = 0;
        say(e, &w);
        e->offset -= e->out_len;
        e->out_len = (size_t)(w.at - e->out);
        e->offset += e->out_len;
        if (w.cut)
            return;
        e->offset = 0;
        e->said++;
    }
}

int duva__say_end(duva_engine *e)
{
    uint8_t     *at = e->out + e->out_len;
    const size_t len = duva__body_end(&e->body, at);

    if (e->body.reason != DUVA_REASON_NONE)
        return duva__unfit(e);
    duva__trace(e->config, 'C', at + len - 3, 3);
    e->out_len += len;
    e->said = duva__step_data(e->mail) + 2;
    e->state = DUVA_STAGE_MAIL;
    return DUVA_OK;
}

/* ---- listening ---- */

/* Another round.  An answer that was too long for the command line goes out
 * at the first challenge. */
static void listen_challenge(duva_engine *e)
{
    duva_span challenge;
    int       n = e->parts;

    if (++e->sasl->round > e->sasl->rounds) {
        n = DUVA_ERR_PROTOCOL;
    } else if (e->auth_line != DUVA__BARE || n == DUVA_SASL_NO_INITIAL) {
        challenge.data = e->challenge <= e->out_cap ? e->out : NULL;
        challenge.len = e->challenge;
        n = e->sasl->step(e->sasl, &challenge, e->part);
    }
    e->parts = (uint8_t)n;
    e->auth_line = DUVA__RESPONSE;
    if (n < 0) {
        duva__blame(e, (duva_err)n, DUVA_REASON_UNEXPECTED);
        e->auth_line = DUVA__CANCEL;
    }
    duva__enter(e, DUVA_STAGE_AUTH);
}

static void greeted(duva_engine *e)
{
    const duva_tls_mode tls = e->config->tls;

    if ((e->flags & DUVA__SECURE) || tls == DUVA_TLS_NEVER)
        duva__enter(e, DUVA__CHOOSE);
    else if (e->caps.bits & DUVA_CAP_STARTTLS)
        duva__enter(e, DUVA_STAGE_STARTTLS);
    else if (tls == DUVA_TLS_IF_OFFERED)
        duva__enter(e, DUVA__CHOOSE);
    else
        duva__end(e, DUVA_ERR_UNSUPPORTED, DUVA_REASON_NO_STARTTLS,
                  DUVA_STAGE_QUIT);
}

/* 354: the message may go, or a lone dot when nobody would get it. */
static void listen_data(duva_engine *e)
{
    memset(&e->body, 0, sizeof(e->body));
    e->state = DUVA_STAGE_BODY;
    if (e->mail->result.err != DUVA_OK)
        duva__say_end(e);
}

/* The reply that leads on. */
static void go_on(duva_engine *e, duva_stage stage)
{
    switch (stage) {
    case DUVA_STAGE_GREETING:
        duva__enter(e, DUVA_STAGE_EHLO);
        break;
    case DUVA_STAGE_EHLO:
        if (!(e->flags & DUVA__HELO))
            e->caps.bits |= DUVA_CAP_EHLO;
        greeted(e);
        break;
    case DUVA_STAGE_STARTTLS:
        duva__enter(e, DUVA_STAGE_TLS);
        break;
    case DUVA_STAGE_AUTH:
        duva__enter(e, DUVA_STAGE_IDLE);
        break;
    case DUVA_STAGE_MAIL:
        e->flags |= DUVA__OPEN;
        break;
    case DUVA_STAGE_RCPT:
        duva__rcpt_of(e, e->heard - 1)->status = e->outcome.status;
        e->flags |= DUVA__TAKEN;
        break;
    case DUVA_STAGE_DATA:
        listen_data(e);
        break;
    default:                   /* RSET and the end of the message */
        e->flags &= (uint8_t)~DUVA__OPEN;
    }
}

/* Any other reply. */
static void turn_back(duva_engine *e, duva_stage stage, unsigned code)
{
    duva_mail *m = e->mail;

    if (stage == DUVA_STAGE_AUTH && code == 334) {
        listen_challenge(e);
        return;
    }
    if (stage == DUVA_STAGE_AUTH && code == 501
        && e->auth_line == DUVA__WITH_INITIAL) {
        e->auth_line = DUVA__BARE; /* it may know no initial response */
        duva__enter(e, DUVA_STAGE_AUTH);
        return;
    }
    if (stage == DUVA_STAGE_EHLO && (code == 500 || code == 502)
        && !(e->flags & DUVA__HELO)) {
        e->flags |= DUVA__HELO;
        duva__enter(e, DUVA_STAGE_EHLO);
        return;
    }
    if (code < 400) {
        duva__protocol_error(e, DUVA_REASON_UNEXPECTED);
        return;
    }
    if (stage == DUVA_STAGE_RCPT
        && m->result.status.stage != DUVA_STAGE_MAIL)
        duva__fail_rcpt(e, duva__rcpt_of(e, e->heard - 1));
    if (stage > DUVA_STAGE_RCPT || stage == DUVA_STAGE_MAIL
        || (stage == DUVA_STAGE_RCPT && m->policy == DUVA_ALL_OR_NOTHING))
        duva__fail_mail(e);
    if (code == 421 || stage < DUVA_STAGE_MAIL)
        duva__end(e, DUVA_ERR_REJECTED, DUVA_REASON_NONE,
                  code == 421 ? DUVA__CLOSED : DUVA_STAGE_QUIT);
}

/* A reply that answers no command of ours.  421 may come at any time, and a
 * refusal in the middle of the message is an answer to it; but the message
 * cannot be taken back, so the session ends. */
static void interrupted(duva_engine *e, duva_stage stage, unsigned code)
{
    const int message = stage == DUVA_STAGE_BODY || stage == DUVA_STAGE_END;

    if (code == 421 || (code >= 400 && message)) {
        duva__end(e, DUVA_ERR_REJECTED, DUVA_REASON_NONE, DUVA__CLOSED);
        return;
    }
    if (message)
        e->flags |= DUVA__DOUBT;
    duva__protocol_error(e, DUVA_REASON_UNSOLICITED);
}

/* Is the mail over?  It is when its end was answered, or when it has failed
 * and all that was said was answered. */
static void settle(duva_engine *e)
{
    const duva_stage next = duva__stage_of(e, e->heard);

    if (next == DUVA_STAGE_DATA && !(e->flags & DUVA__TAKEN))
        duva__fail_mail(e);
    if (e->heard > duva__step_data(e->mail) + 1
        || (e->mail->result.err != DUVA_OK && nothing_owed(e))) {
        duva__finish_mail(e);
        duva__enter(e, DUVA_STAGE_IDLE);
    }
}

void duva__listen(duva_engine *e)
{
    /* what each stage waits for, less 200; 0 is any 2yz */
    static const uint8_t expected[] = {
        0, 0, 20, 50, 20, 35, 0, 0, 0, 0, 154, 0, 0, 0
    };
    const duva_stage stage = duva_where(e);
    const unsigned   code = e->reply.code;
    const unsigned   want = expected[stage];

    if (e->state == DUVA_STAGE_QUIT || e->outcome.err != DUVA_OK) {
        duva__enter(e, stage == DUVA_STAGE_QUIT ? DUVA__CLOSED
                                                : DUVA_STAGE_QUIT);
        return;
    }
    e->outcome.status.stage = (uint16_t)stage;
    if (duva__real_step(e, e->heard) >= e->sent) {
        interrupted(e, stage, code);
        return;
    }
    if (e->mail != NULL)
        e->heard = duva__real_step(e, e->heard) + 1;
    if (want != 0 ? code == want + 200 : code < 300)
        go_on(e, stage);
    else
        turn_back(e, stage, code);
    if (e->mail != NULL)
        settle(e);
}
