/* engine.c - the calls of engine.h over the dialogue. */
/* SPDX-License-Identifier: MIT */
#include "duva/engine.h"

#include "body.h"
#include "caps.h"
#include "command.h"
#include "dialogue.h"
#include "params.h"
#include "query.h"
#include "reply.h"

#include <string.h>

int duva_init(duva_engine *e, const duva_config *config, void *buf, size_t len)
{
    if (e == NULL || config == NULL || buf == NULL
        || (DUVA_SMALL && config->tls != DUVA_TLS_NEVER)
        || duva_name_check(config->name) != DUVA_REASON_NONE)
        return DUVA_ERR_ARG;
    if (len < DUVA_BUFFER_MIN)
        return DUVA_ERR_SPACE;
    memset(e, 0, sizeof(*e));
    e->config = config;
    e->out = buf;
    e->out_cap = len;
    duva__enter(e, !DUVA_SMALL && config->tls == DUVA_TLS_IMPLICIT
                       ? DUVA_STAGE_TLS
                       : DUVA_STAGE_GREETING);
    return DUVA_OK;
}

duva_need duva_next(const duva_engine *e)
{
    static const uint8_t need[DUVA_STAGES] = {
        DUVA_CLOSED, DUVA_TLS, DUVA_RECV, DUVA_RECV, DUVA_RECV, DUVA_RECV,
        DUVA_IDLE, DUVA_RECV, DUVA_RECV, DUVA_RECV, DUVA_RECV, DUVA_BODY,
        DUVA_RECV, DUVA_RECV
    };

    if (e->out_pos < e->out_len)
        return DUVA_SEND;
    if (e->heard == DUVA_STAGE_AUTH && e->sasl == NULL)
        return DUVA_AUTH;
    return (duva_need)need[duva__stage_of(e, e->heard)];
}

duva_stage duva_where(const duva_engine *e)
{
    return e->heard == DUVA__CLOSED ? (duva_stage)e->outcome.status.stage
                                    : duva__stage_of(e, e->heard);
}

uint32_t duva_timeout_ms(const duva_engine *e)
{
    static const uint8_t seconds[DUVA_STAGES] = { /* tens of them */
        0, 30, 30, 30, 30, 30, 0, 30, 30, 30, 12, 18, 60, 1
    };
    const uint32_t  *ms = e->config->timeout_ms;
    const duva_stage stage = duva_where(e);

    return ms != NULL && ms[stage] != 0 ? ms[stage] : seconds[stage] * 10000u;
}

/* Keeps the word of the server that is being read, in the buffer, which is
 * empty then: a capability, or a challenge. */
static void overhear(duva_engine *e, uint8_t c)
{
    const int ehlo = e->heard == DUVA_STAGE_EHLO;
    const int equals = ehlo && (DUVA_SMALL || e->keyword == 0)
                       && (e->config->options & DUVA_QUIRK_AUTH_EQUALS);

    if (e->out_len > 0 || e->heard > DUVA_STAGE_AUTH)
        return;
    if (memchr(" \t\r\n=", c, equals ? 5 : 4) == NULL) {
        if (e->word < e->out_cap)
            e->out[e->word++] = c;
        return;
    }
    if (ehlo) {
        if (e->word > 0)
            duva__caps_word(&e->caps, &e->keyword, e->out, e->word);
        e->word = 0;
    }
    if (c == '\n')
        e->keyword = e->line > 0 || e->reply.code != 250;
}

static void feed_octet(duva_engine *e, uint8_t c)
{
    duva_result *words = e->outcome.err == DUVA_OK ? &e->outcome : NULL;
    duva__heard  heard;

    if (!DUVA_SMALL && e->heard == DUVA_STAGE_TLS) {
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
        e->word = 0;
        e->keyword = 1;        /* the first line has none */
    }
}

int duva_feed(duva_engine *e, const void *data, size_t len)
{
    const uint8_t *at = data;

    if (e->heard == DUVA__CLOSED)
        return DUVA_ERR_STATE;
    duva__trace(e, 'S', data, len);
    for (; len > 0 && e->heard != DUVA__CLOSED; len--)
        feed_octet(e, *at++);
    duva__speak(e);
    return DUVA_OK;
}

const void *duva_pending(const duva_engine *e, size_t *len)
{
    *len = e->out_len - e->out_pos;
    return e->out + e->out_pos;
}

void duva_sent(duva_engine *e, size_t len)
{
    const size_t left = e->out_len - e->out_pos;

    e->out_pos += len < left ? len : left;
    if (e->out_pos < e->out_len || left == 0)
        return;
    e->out_pos = e->out_len = 0;
    duva__speak(e);
}

/* The raw octets lie in the second half of the buffer, and their wire form
 * grows towards them from its start. */
void *duva_room(duva_engine *e, size_t *len)
{
    *len = duva_next(e) == DUVA_BODY ? e->out_cap / 2 : 0;
    return e->out + e->out_cap - *len;
}

int duva_filled(duva_engine *e, size_t len)
{
    size_t         room;
    const uint8_t *raw = duva_room(e, &room);

    if (room == 0)
        return DUVA_ERR_STATE;
    if (len > room)
        return DUVA_ERR_ARG;
    e->out_len = duva__body_encode(&e->body, e->out, raw, len);
    return e->body.reason == DUVA_REASON_NONE ? DUVA_OK : duva__unfit(e);
}

int duva_body_end(duva_engine *e)
{
    return duva_next(e) == DUVA_BODY ? duva__say_end(e) : DUVA_ERR_STATE;
}

int duva_tls_done(duva_engine *e, const duva_tls_info *info)
{
    if (DUVA_SMALL || duva_next(e) != DUVA_TLS)
        return DUVA_ERR_STATE;
    if (info == NULL)
        return DUVA_ERR_ARG;
    e->tls = info;
    memset(&e->caps, 0, sizeof(e->caps));
    duva__enter(e, e->config->tls == DUVA_TLS_IMPLICIT ? DUVA_STAGE_GREETING
                                                       : DUVA_STAGE_EHLO);
    duva__speak(e);
    return DUVA_OK;
}

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
    if ((mechanism->flags & DUVA_SASL_BINDS)
        && (DUVA_SMALL || e->tls == NULL || e->tls->binding_type == NULL))
        return DUVA_REASON_NO_BINDING;
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
    if (!DUVA_SMALL)
        mechanism->tls = e->tls;
    mechanism->reason = (uint8_t)unfit(e, mechanism);
    if (mechanism->reason == DUVA_REASON_NONE)
        n = mechanism->step(mechanism, NULL, e->part);
    if (n < 0) {
        duva__end(e, (duva_err)n, (duva_reason)mechanism->reason,
                  DUVA_STAGE_QUIT);
        duva__speak(e);
        return n;
    }
    e->sasl = mechanism;
    e->parts = (uint8_t)n;
    duva__start_auth(e);
    return DUVA_OK;
}

int duva_auth_skip(duva_engine *e)
{
    if (duva_next(e) != DUVA_AUTH)
        return DUVA_ERR_STATE;
    duva__enter(e, DUVA_STAGE_IDLE);
    return DUVA_OK;
}

/* Makes the mail ready to be sent.  Whom it cannot be sent to is in where. */
static duva_reason prepare(const duva_engine *e, duva_mail *m)
{
    duva_reason reason = DUVA_REASON_NONE;
    uint32_t    i = 0;
    int nobody = 1;

    if (m->from == NULL || (m->rcpt == NULL && m->rcpt_count > 0))
        return DUVA_REASON_MISSING;
    if (*m->from != '\0')
        reason = duva__path_check(m, m->from);
    while (reason == DUVA_REASON_NONE && i < m->rcpt_count) {
        duva_rcpt *rcpt = &m->rcpt[i++];

        if (rcpt->verdict != DUVA_PENDING && rcpt->verdict != DUVA_RETRY)
            continue;
        rcpt->verdict = DUVA_PENDING;
        memset(&rcpt->status, 0, sizeof(rcpt->status));
        reason = duva__path_check(m, rcpt->addr);
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

int duva_mail_start(duva_engine *e, duva_mail *m)
{
    if (duva_next(e) != DUVA_IDLE)
        return DUVA_ERR_STATE;
    if (m == NULL)
        return DUVA_ERR_ARG;
    memset(&m->result, 0, sizeof(m->result));
    m->result.reason = prepare(e, m);
    if (m->result.reason >= DUVA_REASON_NOT_OFFERED) {
        m->result.err = DUVA_ERR_UNSUPPORTED;
        e->mail = m;
        duva__finish_mail(e);
        return DUVA_ERR_UNSUPPORTED;
    }
    if (m->result.reason != DUVA_REASON_NONE) {
        m->result.verdict = DUVA_REFUSED;
        m->result.err = DUVA_ERR_ARG;
        return DUVA_ERR_ARG;
    }
    duva__enter(e, e->open ? DUVA_STAGE_RSET : DUVA_STAGE_MAIL);
    e->mail = m;
    duva__speak(e);
    return DUVA_OK;
}

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
    if (e->heard == DUVA__CLOSED)
        return;
    if (e->outcome.err == DUVA_OK && duva_where(e) != DUVA_STAGE_QUIT)
        e->outcome.cause = cause;
    duva__end(e, why, reason, DUVA__CLOSED);
}

void duva_abort(duva_engine *e, duva_err why, int32_t cause)
{
    give_up(e, why < 0 ? why : DUVA_ERR_CANCELLED,
            why == DUVA_ERR_BODY ? DUVA_REASON_SOURCE : DUVA_REASON_NONE,
            cause);
}

void duva_tls_failed(duva_engine *e, duva_reason reason, int32_t cause)
{
    if (!DUVA_SMALL)
        give_up(e, DUVA_ERR_TLS, reason, cause);
}

const duva_caps *duva_server(const duva_engine *e)
{
    return &e->caps;
}

const duva_result *duva_outcome(const duva_engine *e)
{
    return &e->outcome;
}
