/* dialogue.c - the conversation: one switch speaks, one listens. */
/* SPDX-License-Identifier: MIT */
#include "dialogue.h"

#include "body.h"
#include "command.h"
#include "lmtp.h"
#include "params.h"
#include "query.h"

#include <string.h>

/* ---- cursors ---- */

duva_stage duva__stage_of(const duva_engine *e, size_t step)
{
    if (e->mail == NULL || step < DUVA_STAGE_RCPT)
        return (duva_stage)step;
    if (step - DUVA_STAGE_RCPT < e->mail->rcpt_count)
        return DUVA_STAGE_RCPT;
    return (duva_stage)(step - e->mail->rcpt_count + 1);
}

duva_rcpt *duva__rcpt_of(const duva_engine *e, size_t step)
{
    return &e->mail->rcpt[step - DUVA_STAGE_RCPT];
}

/* A verdict changes only behind heard, so that a step once said stays one. */
size_t duva__next_step(const duva_engine *e, size_t step)
{
    do
        step++;
    while (duva__stage_of(e, step) == DUVA_STAGE_RCPT
           && duva__rcpt_of(e, step)->verdict != DUVA_PENDING);
    return step;
}

void duva__enter(duva_engine *e, duva_stage stage)
{
    if (e->heard == DUVA_STAGE_AUTH)
        memset(e->out, 0, e->out_cap); /* a password may have passed */
    if (stage == DUVA__CLOSED)
        e->out_len = e->out_pos = 0;
    e->said = e->heard = stage;
    e->owed = stage == DUVA_STAGE_GREETING;
    e->offset = 0;
}

/* ---- speaking ---- */

/* May a command go out before the last is answered (RFC 2920)?  DATA may only
 * when a refused recipient cannot make the message go to others against the
 * mail's policy. */
static int may_overtake(const duva_engine *e, duva_stage stage)
{
    const duva_mail *m = e->mail;

    if (DUVA_SMALL || m == NULL || m->result.err != DUVA_OK
        || !(e->caps.bits & DUVA_CAP_PIPELINING)
        || (e->config->options & DUVA_LOCK_STEP))
        return 0;
    return stage != DUVA_STAGE_DATA
           || (!DUVA__IS_LMTP(e)
               && (m->rcpt_count == 1
                   || m->policy == DUVA_WHOEVER_IS_ACCEPTED));
}

static void say_auth(duva_engine *e)
{
    static const char *const form[] = { "AUTH % ", "AUTH %", "", "*" };
    size_t before;

    duva__put(e, form[e->line], e->sasl->name);
    before = e->position;
    if (e->line == DUVA__WITH_INITIAL || e->line == DUVA__RESPONSE)
        duva__put_secret(e);
    if (e->line == DUVA__WITH_INITIAL && e->position == before)
        duva__put(e, "=", NULL);
}

static void say(duva_engine *e, duva_stage stage)
{
    const char *form = "", *arg = e->config->name;

    e->position = 0;
    e->traced = e->out_len;
    switch (stage) {
    case DUVA_STAGE_EHLO:
        form = DUVA__IS_LMTP(e) ? "LHLO %" : e->line ? "HELO %" : "EHLO %";
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
        duva__put(e, "MAIL FROM:<%>", e->mail->from);
        duva__put_mail_params(e, e->mail);
        break;
    case DUVA_STAGE_RCPT:
        duva__put(e, "RCPT TO:<%>", duva__rcpt_of(e, e->said)->addr);
        duva__put_rcpt_params(e, duva__rcpt_of(e, e->said));
        break;
    case DUVA_STAGE_DATA:
        form = "DATA";
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

void duva__speak(duva_engine *e)
{
    for (;;) {
        const duva_stage stage = duva__stage_of(e, e->said);

        if (!(SPOKEN >> stage & 1))
            return;
        if (e->owed > 0 && e->offset == 0 && !may_overtake(e, stage))
            return;
        say(e, stage);
        duva__trace_out(e);
        if (e->offset < e->position)
            return;
        e->offset = 0;
        e->said = duva__next_step(e, e->said);
        e->owed++;
    }
}

/* An initial response may make the command too long; then the server is asked
 * for a challenge first.  How long it is shows by saying it to nobody. */
void duva__start_auth(duva_engine *e)
{
    duva__enter(e, DUVA_STAGE_AUTH);
    e->line = DUVA__BARE;
    if (e->parts != DUVA_SASL_NO_INITIAL) {
        e->line = DUVA__WITH_INITIAL;
        e->offset = (size_t)-1;
        say(e, DUVA_STAGE_AUTH);
        e->line = e->position > DUVA__COMMAND_MAX;
        e->offset = 0;
    }
    duva__speak(e);
}

int duva__say_end(duva_engine *e)
{
    const size_t len = duva__body_end(&e->body, e->out);

    if (e->body.reason != DUVA_REASON_NONE)
        return duva__unfit(e);
    duva__trace(e, 'C', e->out + len - 3, 3);
    e->out_len = len;
    e->heard++;
    e->owed += duva__end_answers(e);
    return DUVA_OK;
}

/* ---- listening ---- */

/* Once MAIL is refused, what is said of a recipient means nothing. */
static void hear_rcpt(duva_engine *e)
{
    if (e->mail->result.status.stage != DUVA_STAGE_MAIL)
        duva__decide(duva__rcpt_of(e, e->heard), &e->outcome,
                     duva__opinion(&e->outcome.status));
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
    } else if (e->line != DUVA__BARE || n == DUVA_SASL_NO_INITIAL) {
        challenge.data = e->word < e->out_cap ? e->out : NULL;
        challenge.len = e->word;
        n = e->sasl->step(e->sasl, &challenge, e->part);
    }
    e->parts = (uint8_t)n;
    e->line = DUVA__RESPONSE;
    if (n < 0) {
        duva__blame(e, (duva_err)n, (duva_reason)e->sasl->reason);
        e->line = DUVA__CANCEL;
    }
    duva__enter(e, DUVA_STAGE_AUTH);
}

static void hear_ehlo(duva_engine *e)
{
    const duva_tls_mode tls = e->config->tls;

    if (e->line == 0)
        e->caps.bits |= DUVA_CAP_EHLO;
    if (!DUVA_SMALL && e->tls == NULL && tls != DUVA_TLS_NEVER
        && (e->caps.bits & DUVA_CAP_STARTTLS)) {
        duva__enter(e, DUVA_STAGE_STARTTLS);
    } else if (!DUVA_SMALL && e->tls == NULL && tls == DUVA_TLS_REQUIRED) {
        duva__end(e, DUVA_ERR_UNSUPPORTED, DUVA_REASON_NO_STARTTLS,
                  DUVA_STAGE_QUIT);
    } else {
        duva__enter(e, DUVA_STAGE_AUTH);
        e->said++;             /* nothing, until a mechanism is chosen */
    }
}

/* A reply before the first mail, each of which moves the session. */
static void hear_session(duva_engine *e, duva_stage stage, unsigned code)
{
    static const uint8_t expected[] = { 20, 50, 20, 35 }; /* less 200 */

    if (!DUVA_SMALL && stage == DUVA_STAGE_RSET) {
        duva__end_query(e);
    } else if (stage == DUVA_STAGE_AUTH && code == 334) {
        hear_challenge(e);
    } else if (code - 200 == expected[stage - DUVA_STAGE_GREETING]) {
        if (stage == DUVA_STAGE_EHLO)
            hear_ehlo(e);
        else if (stage == DUVA_STAGE_AUTH
                 && (e->sasl->flags & DUVA_SASL_UNPROVEN))
            duva__protocol_error(e, DUVA_REASON_UNPROVEN);
        else
            duva__enter(e, stage == DUVA_STAGE_STARTTLS ? DUVA_STAGE_TLS
                                                        : stage + 1u);
    } else if (e->line == 0
               && (stage == DUVA_STAGE_AUTH
                       ? code == 501
                       : stage == DUVA_STAGE_EHLO && !DUVA__IS_LMTP(e)
                             && (code == 500 || code == 502))) {
        e->line = 1;           /* it may know the simpler form */
        duva__enter(e, stage);
    } else if (code < 400) {
        duva__protocol_error(e, DUVA_REASON_UNEXPECTED);
    } else {
        duva__reject(e, DUVA_STAGE_QUIT);
    }
}

/* A reply to a step of the mail.  The mail is over when its end was answered,
 * or when it has failed and all that was said was answered. */
static void hear_mail(duva_engine *e, duva_stage stage, unsigned code)
{
    duva_mail *m = e->mail;
    const int  good = stage == DUVA_STAGE_DATA ? code == 354 : code < 300;

    if (!good && code < 400) {
        duva__protocol_error(e, DUVA_REASON_UNEXPECTED);
        return;
    }
    if (!good && stage == DUVA_STAGE_RSET) {
        duva__reject(e, DUVA_STAGE_QUIT);
        return;
    }
    if (stage == DUVA_STAGE_END && duva__hear_lmtp(e, good))
        return;
    if (stage < DUVA_STAGE_END)
        e->heard = duva__next_step(e, e->heard);
    if (good)
        e->open = stage > DUVA_STAGE_RSET && stage < DUVA_STAGE_END;
    else if (stage != DUVA_STAGE_RCPT || m->policy == DUVA_ALL_OR_NOTHING)
        duva__fail_mail(e);
    if (good && stage == DUVA_STAGE_DATA) {
        memset(&e->body, 0, sizeof(e->body));
        if (m->result.err != DUVA_OK)
            duva__say_end(e);  /* nobody would get it: a lone dot */
    }
    if (duva__stage_of(e, duva__next_step(e, DUVA_STAGE_MAIL))
        == DUVA_STAGE_DATA)
        duva__fail_mail(e);    /* nobody is left to send it to */
    if (stage == DUVA_STAGE_END
        || (m->result.err != DUVA_OK && e->owed + e->offset == 0)) {
        duva__finish_mail(e);
        duva__enter(e, DUVA_STAGE_IDLE);
    }
}

/* Is an answer due?  Commands that still wait in the buffer have none; each
 * ends in LF. */
static int is_due(const duva_engine *e)
{
    size_t due = e->owed, i;

    if (DUVA__IS_LMTP(e) && duva_where(e) == DUVA_STAGE_END)
        return e->out_pos == e->out_len; /* one dot, many answers */
    for (i = e->out_pos; i < e->out_len && due > 0; i++)
        due -= e->out[i] == '\n';
    return due > 0;
}

/* 421 may come at any time, and a refusal in the middle of the message is an
 * answer to it; but the message cannot be taken back, so the session ends. */
void duva__listen(duva_engine *e)
{
    const duva_stage stage = duva_where(e);
    const unsigned   code = e->reply.code;
    const int        due = is_due(e);

    if (stage == DUVA_STAGE_QUIT || e->outcome.err != DUVA_OK) {
        duva__enter(e, stage == DUVA_STAGE_QUIT ? DUVA__CLOSED
                                                : DUVA_STAGE_QUIT);
        return;
    }
    e->outcome.status.stage = (uint16_t)stage;
    if (due && stage == DUVA_STAGE_RCPT)
        hear_rcpt(e);
    if (due)
        duva__hear_query(e);
    if (code == 421 || (!due && code >= 400 && stage >= DUVA_STAGE_BODY)) {
        duva__reject(e, DUVA__CLOSED);
    } else if (!due) {
        duva__protocol_error(e, DUVA_REASON_UNSOLICITED);
    } else {
        e->owed--;
        if (e->mail == NULL)
            hear_session(e, stage, code);
        else
            hear_mail(e, stage, code);
    }
}
