/* engine.c - the calls of engine.h over the dialogue. */
/* SPDX-License-Identifier: MIT */
#include "duva/engine.h"
#include "duva/query.h"

#include "syntax/body.h"
#include "syntax/caps.h"
#include "command.h"
#include "flight.h"
#include "listen.h"
#include "overlap.h"
#include "params.h"
#include "position.h"
#include "query.h"
#include "syntax/reply.h"
#include "say.h"
#include "state.h"
#include "trace.h"
#include "verdict.h"

#include <string.h>

#define TRIAL_MS 5000u         /* whoever knows the round trip waits less */
#define QUIT_MS 1000u          /* nothing depends on its reply */

#if !DUVA_WITH_STOP
#define can_stop(config) 1
#else
/* The other stages have no command that is due when they have succeeded. */
static int can_stop(const duva_config *config)
{
    return (unsigned)config->stop_after < DUVA_STAGES
           && (1u << DUVA_STAGE_CONNECT | 1u << DUVA_STAGE_TLS
            | 1u << DUVA_STAGE_GREETING | 1u << DUVA_STAGE_EHLO
            | 1u << DUVA_STAGE_AUTH | 1u << DUVA_STAGE_MAIL
            | 1u << DUVA_STAGE_RCPT | 1u << DUVA_STAGE_DATA)
               >> config->stop_after & 1;
}
#endif

int duva_init(duva_engine *e, const duva_config *config, void *buf, size_t len)
{
    if (e == NULL || config == NULL || buf == NULL
        || (DUVA_WITH_TLS ? (unsigned)config->tls > DUVA_TLS_NEVER
                          : config->tls != DUVA_TLS_NEVER)
        || !can_stop(config)
        || duva_name_check(config->name) != DUVA_REASON_NONE)
        return DUVA_ERR_ARG;
    if (len < DUVA_BUFFER_MIN)
        return DUVA_ERR_SPACE;
    memset(e, 0, sizeof(*e));
    e->config = config;
    e->out = buf;
    e->out_cap = len;
    duva__enter(e, DUVA_WITH_TLS && config->tls == DUVA_TLS_IMPLICIT
                       ? DUVA_STAGE_TLS
                       : DUVA_STAGE_GREETING);
    return DUVA_OK;
}

uint32_t duva_timeout_ms(const duva_engine *e)
{
    static const uint8_t seconds[DUVA_STAGES] = { /* tens of them */
        0, 30, 30, 30, 30, 30, 0, 30, 30, 30, 12, 18, 60, 0
    };
    const uint32_t  *own = e->config->timeout_ms;
    const duva_stage stage = duva_where(e);
    uint32_t         ms = seconds[stage] * 10000u;

    if (stage == DUVA_STAGE_QUIT)
        ms = QUIT_MS;
    if (own != NULL && own[stage] != 0)
        ms = own[stage];
    return duva_is_trial(e) && ms > TRIAL_MS ? TRIAL_MS : ms;
}

/* Keeps the word of the server that is being read, in the buffer, which is
 * empty then: a capability, or a challenge. */
static void overhear(duva_engine *e, uint8_t c)
{
    const int ehlo = DUVA__IS_AT(e, DUVA_STAGE_EHLO);
    const int equals = ehlo && e->keyword == DUVA__LINE_START
                       && (e->config->options & DUVA_QUIRK_AUTH_EQUALS);

    if (e->out_len > 0 || e->heard.step > DUVA_STAGE_AUTH)
        return;
    if (memchr(" \t\r\n=", c, equals ? 5 : 4) == NULL) {
        if (e->token_len < e->out_cap)
            e->out[e->token_len++] = c;
        return;
    }
    if (ehlo) {
        if (e->token_len > 0)
            duva__caps_word(&e->caps, &e->keyword, e->out, e->token_len);
        e->token_len = 0;
    }
    /* The line after this: no line of HELO has a keyword, and none behind a
     * code other than 250, as that of the reply before EHLO. */
    if (c == '\n')
        e->keyword = e->hello == DUVA__HELO || e->reply.code != 250
                         ? DUVA__NO_KEYWORD
                         : DUVA__LINE_START;
}

static void feed_octet(duva_engine *e, uint8_t c)
{
    duva_result *words = e->outcome.err == DUVA_OK ? &e->outcome : NULL;
    duva__reply_state heard;

    if (DUVA_WITH_TLS && DUVA__IS_AT(e, DUVA_STAGE_TLS)) {
        duva__protocol_error(e, DUVA_REASON_INJECTION);
        return;
    }
    heard = duva__reply_octet(&e->reply, words, e->config->options, c);
    if (heard >= DUVA__BAD_SYNTAX) {
        duva__protocol_error(e, (duva_reason)heard);
        return;
    }
    if (heard != DUVA__MORE) {
        duva__query_octet(e, c);
        overhear(e, c);
    }
    if (heard == DUVA__DONE) {
        duva__listen(e);
        memset(&e->reply, 0, sizeof(e->reply));
        e->token_len = 0;
    }
}

/* A line is traced when all of it but its LF has been parsed: the LF is what
 * has an effect. */
int duva_feed(duva_engine *e, const void *data, size_t len)
{
    const uint8_t *at = data, *line = at;

    if (DUVA__IS_AT(e, DUVA__CLOSED))
        return DUVA_ERR_STATE;
    for (; len > 0; len--, at++) {
        if (len == 1 || *at == '\n') {
            duva__trace_reply(e, line, (size_t)(at + 1 - line));
            line = at + 1;
        }
        if (!DUVA__IS_AT(e, DUVA__CLOSED))
            feed_octet(e, *at);
    }
    duva__speak(e);
    return DUVA_OK;
}

const void *duva_pending(const duva_engine *e, size_t *len)
{
    *len = duva__visible(e);
    return e->out + e->out_pos;
}

void duva_sent(duva_engine *e, size_t len)
{
    const size_t left = duva__visible(e);

    len = len < left ? len : left;
#if DUVA__FLIGHT
    e->sent.count += len;
#endif
    e->out_pos += len;
    if (len < left || left == 0)
        return;
    if (DUVA_WITH_CHUNKING && e->withheld)
        e->out[0] = e->out[e->out_pos];
    e->out_len = DUVA_WITH_CHUNKING ? e->withheld : 0;
    e->out_pos = 0;
    duva__speak(e);
}

/* The raw octets lie in the second half of what is free in the buffer, and
 * their wire form grows towards them from its start. */
void *duva_room(duva_engine *e, size_t *len)
{
    size_t room = e->out_cap - e->out_len;

    if (duva_next(e) != DUVA_BODY)
        room = 0;
    else if (DUVA__HAS(e->said.mail, DUVA__PIECES))
        room -= DUVA__CHUNK_ROOM;
    else if (!DUVA__HAS(e->said.mail, DUVA__RAW))
        room /= 2;
    *len = room;
    return e->out + e->out_cap - room;
}

int duva_filled(duva_engine *e, size_t len)
{
    size_t         room;
    const uint8_t *raw = duva_room(e, &room);

    if (room == 0)
        return DUVA_ERR_STATE;
    if (len > room)
        return DUVA_ERR_ARG;
    return duva__say_body(e, raw, len);
}

#if DUVA_WITH_CHUNKING
size_t duva_body_direct(const duva_engine *e)
{
    if (duva_next(e) != DUVA_BODY || duva__visible(e) > 0
        || DUVA__HAS(e->said.mail, DUVA__EXACT | DUVA__RAW)
               != (DUVA__EXACT | DUVA__RAW))
        return 0;
    return e->body_left;
}

int duva_body_directed(duva_engine *e, size_t len)
{
    if (len > duva_body_direct(e))
        return DUVA_ERR_ARG;
    e->body_left -= len;
    return len > 0 && e->body_left == 0 ? duva__say_end(e) : DUVA_OK;
}
#endif

int duva_body_end(duva_engine *e)
{
    return duva_next(e) == DUVA_BODY ? duva__say_end(e) : DUVA_ERR_STATE;
}

#if DUVA_WITH_TLS
int duva_tls_done(duva_engine *e, const duva_tls_info *info)
{
    if (duva_next(e) != DUVA_TLS)
        return DUVA_ERR_STATE;
    if (info == NULL)
        return DUVA_ERR_ARG;
    e->tls = info;
    memset(&e->caps, 0, sizeof(e->caps));
    duva__enter(e, e->config->tls == DUVA_TLS_IMPLICIT ? DUVA_STAGE_GREETING
                                                       : DUVA_STAGE_EHLO);
    duva__trace_command(e, DUVA_STAGE_TLS, "", 0);
    duva__speak(e);
    return DUVA_OK;
}
#endif

/* Why a mechanism must not be used with this server, on this link. */
static duva_reason unfit(const duva_engine *e, const duva_sasl *mechanism)
{
    const uint32_t options = e->config->options;

    if (!(e->caps.auth & mechanism->bit)
        && !(options & DUVA_QUIRK_UNLISTED_AUTH))
        return DUVA_REASON_NO_AUTH;
    if ((mechanism->flags & DUVA_SASL_SHOWS_PASSWORD)
        && !(options & DUVA_ALLOW_CLEAR_PASSWORD)
        && !DUVA__IS_SAFE(e))
        return DUVA_REASON_CLEAR_LINK;
#if DUVA_WITH_TLS
    if ((mechanism->flags & DUVA_SASL_BINDS)
        && (e->tls == NULL || e->tls->binding_type == NULL))
        return DUVA_REASON_NO_BINDING;
#endif
    return DUVA_REASON_NONE;
}

int duva_auth(duva_engine *e, duva_sasl *mechanism)
{
    int n = DUVA_ERR_UNSUPPORTED;

    if (duva_next(e) != DUVA_AUTH)
        return DUVA_ERR_STATE;
    if (mechanism == NULL)
        return DUVA_ERR_ARG;
    mechanism->round = 0;
    mechanism->offered = e->caps.auth;
#if DUVA_WITH_TLS
    mechanism->tls = e->tls;
#endif
    mechanism->reason = (uint8_t)unfit(e, mechanism);
    if (mechanism->reason == DUVA_REASON_NONE)
        n = mechanism->step(mechanism, NULL, e->response);
    if (n < 0) {
        duva__end(e, (duva_err)n, (duva_reason)mechanism->reason,
                  DUVA_STAGE_QUIT);
        duva__speak(e);
        return n;
    }
    e->sasl = mechanism;
    e->response_parts = (uint8_t)n;
    duva__start_auth(e);
    return DUVA_OK;
}

int duva_auth_skip(duva_engine *e)
{
    if (duva_next(e) != DUVA_AUTH)
        return DUVA_ERR_STATE;
    if (DUVA__STOPS_AFTER(e, DUVA_STAGE_AUTH))
        duva__stop(e);
    else
        duva__enter(e, DUVA_STAGE_IDLE);
    duva__speak(e);
    return DUVA_OK;
}

/* Makes the mail ready to be sent.  Whom it cannot be sent to is in where. */
static duva_reason prepare(const duva_engine *e, duva_mail *m)
{
    duva_reason reason = DUVA_REASON_NONE;
    uint32_t    i = 0;
    int         nobody = 1;

    if (m->from == NULL || (m->rcpt == NULL && m->rcpt_count > 0))
        return DUVA_REASON_MISSING;
    if (!DUVA_WITH_RECIPIENTS && m->rcpt_count != 1)
        return m->rcpt_count > 0 ? DUVA_REASON_LEFT_OUT
                                 : DUVA_REASON_NO_RECIPIENT;
    if (*m->from != '\0')
        reason = duva_path_check(m->from, m->flags);
    while (reason == DUVA_REASON_NONE && i < DUVA__RCPTS(m)) {
        duva_rcpt *rcpt = &m->rcpt[i++];

        if (DUVA_WITH_RECIPIENTS && rcpt->verdict == DUVA_REFUSED
            && m->policy == DUVA_ALL_OR_NOTHING) {
            m->result.where = i;
            return DUVA_REASON_NO_RECIPIENT;
        }
        if (rcpt->verdict != DUVA_PENDING && rcpt->verdict != DUVA_RETRY)
            continue;
        rcpt->verdict = DUVA_PENDING;
        memset(&rcpt->status, 0, sizeof(rcpt->status));
        reason = duva_path_check(rcpt->addr, m->flags);
        if (reason != DUVA_REASON_NONE)
            m->result.where = i;
        nobody = 0;
    }
    if (reason != DUVA_REASON_NONE)
        return reason;
    if (nobody)
        return DUVA_REASON_NO_RECIPIENT;
    return duva__params_check(e, m);
}

#if DUVA_WITH_PIPELINING
int duva_may_start(const duva_engine *e)
{
    if (duva_next(e) == DUVA_IDLE)
        return DUVA_WITH_MAILS || !e->open;
    return DUVA_WITH_MAILS && duva__may_overlap(e); /* RSET may be due */
}

duva_mail *duva_speaking(const duva_engine *e)
{
    return e->said.mail;
}
#endif

int duva_mail_start(duva_engine *e, duva_mail *m)
{
    if (!duva_may_start(e))
        return DUVA_ERR_STATE;
    if (m == NULL)
        return DUVA_ERR_ARG;
    memset(&m->result, 0, sizeof(m->result));
#if DUVA__FLIGHT
    m->flight.bits = 0;        /* those of an earlier sending */
#endif
    m->result.reason = prepare(e, m);
    if (m->result.reason >= DUVA_REASON_NOT_OFFERED) {
        m->result.err = DUVA_ERR_UNSUPPORTED;
        duva__set_verdicts(e, m);
        return DUVA_ERR_UNSUPPORTED;
    }
    if (m->result.reason != DUVA_REASON_NONE) {
        m->result.verdict = DUVA_REFUSED;
        m->result.err = DUVA_ERR_ARG;
        return DUVA_ERR_ARG;
    }
    memset(&e->body, 0, sizeof(e->body));
    duva__start_mail(e, m);
    duva__speak(e);
    return DUVA_OK;
}

#if DUVA_WITH_QUERIES
int duva_command(duva_engine *e, duva_query *q)
{
    const int err = duva__query_start(e, q);

    if (err == DUVA_OK)
        duva__speak(e);
    return err;
}
#endif

int duva_quit(duva_engine *e)
{
    const duva_need need = duva_next(e);

    if (need != DUVA_IDLE && need != DUVA_AUTH)
        return DUVA_ERR_STATE;
    duva__enter(e, DUVA_STAGE_QUIT);
    duva__speak(e);
    return DUVA_OK;
}

static void give_up(duva_engine *e, duva_err why, duva_reason reason,
                    int32_t cause)
{
    if (DUVA__IS_AT(e, DUVA__CLOSED))
        return;
    if (e->outcome.err == DUVA_OK && duva_where(e) != DUVA_STAGE_QUIT)
        e->outcome.cause = cause;
    duva__overlap_failed(e, why);
    duva__end(e, why, reason, DUVA__CLOSED);
}

void duva_abort(duva_engine *e, duva_err why, int32_t cause)
{
    give_up(e, why < 0 ? why : DUVA_ERR_CANCELLED,
            why == DUVA_ERR_BODY ? DUVA_REASON_SOURCE : DUVA_REASON_NONE,
            cause);
}

#if DUVA_WITH_TLS
void duva_tls_failed(duva_engine *e, duva_reason reason, int32_t cause)
{
    give_up(e, DUVA_ERR_TLS, reason, cause);
}
#endif

const duva_caps *duva_server(const duva_engine *e)
{
    return &e->caps;
}

const duva_result *duva_outcome(const duva_engine *e)
{
    return &e->outcome;
}

const duva_config *duva_config_of(const duva_engine *e)
{
    return e->config;
}
