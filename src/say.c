/* say.c - the position in a dialogue into the commands that are due. */
/* SPDX-License-Identifier: MIT */
#include "say.h"

#include "syntax/body.h"
#include "command.h"
#include "lmtp.h"
#include "params.h"
#include "position.h"
#include "query.h"
#include "state.h"
#include "trace.h"
#include "verdict.h"

#include <string.h>

/* May a command go out now?  When answers are still to come it may only as
 * RFC 2920 has it; and the message only when a refused recipient cannot make
 * it go to others against the mail's policy, nor more messages be in doubt
 * than the window holds. */
static int may_say(duva_engine *e, duva_stage stage)
{
    const duva_mail *m = e->said.mail;

    (void)stage;
    if (m != NULL && DUVA__IS_BEHIND_STOP(e, stage))
        return 0;
    if (e->heard.mail == m && *duva__replies_due(e, e->heard.mail) == 0)
        return 1;
#if !DUVA_WITH_PIPELINING
    return 0;
#else
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
#endif
}

static void say_auth(duva_engine *e)
{
    static const char form[][8] = { "AUTH % ", "AUTH %", "", "*" };
    const int initial = DUVA_WITH_INITIAL && e->auth == DUVA__AUTH_INITIAL;
    size_t    before;

    duva__put(e, form[e->auth], e->sasl->name);
    before = e->position;
    if (initial || e->auth == DUVA__AUTH_RESPONSE)
        duva__put_secret(e);
    if (initial && e->position == before)
        duva__put(e, "=", NULL);
}

#if DUVA_WITH_CHUNKING
static void say_chunked(duva_engine *e, const duva_mail *m)
{
    if (DUVA__HAS(m, DUVA__BY_URL))
        duva__put_url(e, m);
    else
        duva__put_number(e, "BDAT %", (size_t)m->size);
}
#endif

/* No address but one in brackets begins with one. */
static void put_path(duva_engine *e, const char *form, const char *addr)
{
    duva__put(e, form, NULL);
    duva__put(e, *addr == '<' ? "%" : "<%>", addr);
}

/* Writes the command of that step. */
static void say(duva_engine *e, const duva_position *at)
{
    const duva_mail *m = at->mail;
    const char      *form = "", *arg = e->config->name;

    e->position = 0;
    e->traced = e->out_len;
    switch (duva__stage_of(at)) {
    case DUVA_STAGE_EHLO:
        form = DUVA__IS_LMTP(e)         ? "LHLO %"
               : e->hello == DUVA__HELO ? "HELO %"
                                        : "EHLO %";
        break;
#if DUVA_WITH_TLS
    case DUVA_STAGE_STARTTLS:
        form = "STARTTLS";
        break;
#endif
    case DUVA_STAGE_AUTH:
        say_auth(e);
        break;
#if DUVA_WITH_MAILS || DUVA_WITH_QUERIES
    case DUVA_STAGE_RSET:
        form = duva__put_query(e) ? "" : "RSET";
        break;
#endif
    case DUVA_STAGE_MAIL:
        put_path(e, "MAIL FROM:", m->from);
        duva__put_mail_params(e, m);
        break;
    case DUVA_STAGE_RCPT:
        put_path(e, "RCPT TO:", DUVA__RCPT_AT(*at)->addr);
        duva__put_rcpt_params(e, DUVA__RCPT_AT(*at));
        break;
    case DUVA_STAGE_DATA:
        form = "DATA";
#if DUVA_WITH_CHUNKING
        if (DUVA__HAS(m, DUVA__CHUNKED)) {
            say_chunked(e, m);
            form = " LAST";
        }
#endif
        break;
    default:
        form = "QUIT";
    }
    duva__put(e, form, arg);
    duva__put(e, "\r\n", NULL);
}

size_t duva__command_length(duva_engine *e, const duva_position *at)
{
    const size_t offset = e->offset;

    e->offset = SIZE_MAX; /* so that nothing is written */
    say(e, at);
    e->offset = offset;
    return e->position;
}

/* The steps in which we speak. */
#define SPOKEN                                                                \
    (1u << DUVA_STAGE_EHLO | 1u << DUVA_STAGE_STARTTLS | 1u << DUVA_STAGE_AUTH \
     | 1u << DUVA_STAGE_RSET | 1u << DUVA_STAGE_MAIL | 1u << DUVA_STAGE_RCPT  \
     | 1u << DUVA_STAGE_DATA | 1u << DUVA_STAGE_QUIT)

/* BDAT has no answer before its message has followed; and when the message
 * goes in several pieces each brings a BDAT of its own. */
#if DUVA_WITH_CHUNKING
static int begins_chunk(duva_engine *e, duva_stage stage)
{
    duva_mail *m = e->said.mail;

    if (stage != DUVA_STAGE_DATA || !DUVA__HAS(m, DUVA__CHUNKED))
        return 0;
    if (m->flight.bits & DUVA__PIECES)
        e->said.step++;
    return 1;
}
#else
#define begins_chunk(e, stage) 0
#endif

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
        say(e, &e->said);
        duva__trace_out(e);
        if (e->offset < e->position)
            return;
        e->offset = 0;
        duva__go_on(&e->said);
        if (is_chunk)
            duva__mark_body(e, m);
        else
            ++*duva__replies_due(e, m);
        if (is_chunk && DUVA__HAS(m, DUVA__BY_URL))
            duva__say_end(e);
    }
}

/* An initial response may make the command too long; then the server is asked
 * for a challenge first. */
void duva__start_auth(duva_engine *e)
{
    duva__enter(e, DUVA_STAGE_AUTH);
    e->auth = DUVA__AUTH_ALONE;
    if (DUVA_WITH_INITIAL && e->response_parts != DUVA_SASL_NO_INITIAL
        && !(e->sasl->flags & DUVA_SASL_WAITS)) {
        e->auth = DUVA__AUTH_INITIAL;
        if (duva__command_length(e, &e->said) > DUVA__COMMAND_MAX)
            e->auth = DUVA__AUTH_ALONE;
    }
    duva__speak(e);
}

/* ---- the message ---- */

#if !DUVA_WITH_CHUNKING
#define say_chunk(e, len, form) ((void)0)
#else
/* One piece of several, whose octets lie in the buffer behind room for its
 * command.  Nothing else is in there. */
static void say_chunk(duva_engine *e, size_t len, const char *form)
{
    e->out_len = e->position = e->traced = 0;
    duva__put_number(e, form, len);
    duva__trace_out(e);
    duva__mark_body(e, e->said.mail);
    memmove(e->out + e->out_len, e->out + DUVA__CHUNK_ROOM, len);
    e->out_len += len;
    e->traced = e->out_len;
    e->offset = 0;
    e->said.mail->flight.replies_due++;
    e->said.mail->flight.end = duva__here(e);
}

/* Octets of an exact message: what is withheld goes when the source says that
 * it is all. */
static void count_exact(duva_engine *e, size_t len)
{
    if (len > e->body_left)
        e->body.reason = DUVA_REASON_SIZE;
    e->body_left -= len;
    e->withheld = e->body_left == 0;
}
#endif

int duva__say_body(duva_engine *e, const uint8_t *raw, size_t len)
{
    const duva_mail *m = e->said.mail;
    const int        is_piece = !!DUVA__HAS(m, DUVA__PIECES);
    uint8_t         *to = e->out + e->out_len;

    if (is_piece)
        to += DUVA__CHUNK_ROOM;
    if (!DUVA__HAS(m, DUVA__RAW)) /* else they stay where they lie */
        len = duva__body_encode(&e->body, to, raw, len);
#if DUVA_WITH_CHUNKING
    if (DUVA__HAS(m, DUVA__EXACT) && len > 0)
        count_exact(e, len);
#else
    (void)m;
#endif
    if (e->body.reason != DUVA_REASON_NONE)
        return duva__unfit(e);
    if (!is_piece)
        e->out_len += len;
    else if (len > 0)
        say_chunk(e, len, "BDAT %\r\n");
    return DUVA_OK;
}

int duva__say_end(duva_engine *e)
{
    duva_mail   *m = e->said.mail;
    const int    is_piece = !!DUVA__HAS(m, DUVA__PIECES);
    uint8_t     *to = e->out + e->out_len + (is_piece ? DUVA__CHUNK_ROOM : 0);
    const size_t len = duva__body_end(&e->body, to);

#if DUVA_WITH_CHUNKING
    if (DUVA__HAS(m, DUVA__EXACT) && len != e->body_left)
        e->body.reason = DUVA_REASON_SIZE;
#endif
    if (e->body.reason != DUVA_REASON_NONE)
        return duva__unfit(e);
    if (is_piece) {
        say_chunk(e, len, "BDAT % LAST\r\n");
    } else {
        e->out_len += len;
        DUVA__DUE(e, m) += duva__end_answers(e);
    }
    if (!DUVA__HAS(m, DUVA__CHUNKED)) {
        duva__trace_command(e, DUVA_STAGE_END, to + len - 3, 3);
        e->heard.step++;
    }
#if DUVA__FLIGHT
    e->withheld = 0;
    e->said.step++;
    e->ends_due++;
    m->flight.bits |= DUVA__ENDED;
    m->flight.end = duva__here(e);
#endif
    return DUVA_OK;
}
