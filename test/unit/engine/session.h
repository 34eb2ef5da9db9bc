/* session.h - an engine and a small server, moved step by step, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_SESSION_H
#define DUVA_TEST_SESSION_H

#include "duva/engine.h"

#include "peer.h"

#define SESSION_RCPTS 5

struct session {
    duva_engine        engine;
    duva_config        config;
    uint8_t            buf[DUVA_BUFFER_MIN + 50];
    duva_sasl_password password;
    duva_mail          mail;
    duva_rcpt          rcpt[SESSION_RCPTS];
    char               name[32], from[64], to[SESSION_RCPTS][64], body[256];
    size_t             body_at;
    int                started;
    uint32_t           random;
    struct peer        peer;
};

static inline void session_begin(struct session *s, unsigned number)
{
    size_t i;

    memset(s, 0, sizeof(*s));
    s->random = number * 2654435761u + 1u;
    sprintf(s->name, "client-%u.example", number);
    sprintf(s->from, "ada-%u@example.org", number);
    sprintf(s->body, "This is message %u\n.\n..and its dots\n", number);
    s->config.name = s->name;
    s->config.tls = DUVA_TLS_NEVER;
    s->config.options = DUVA_ALLOW_CLEAR_PASSWORD;
    duva_sasl_plain_init(&s->password, s->name, s->from);
    for (i = 0; i < SESSION_RCPTS; i++) {
        sprintf(s->to[i], "%s-%u-%u@example.net", i == 2 ? "no" : "yes",
                number, (unsigned)i);
        s->rcpt[i].addr = s->to[i];
    }
    s->mail.from = s->from;
    s->mail.rcpt = s->rcpt;
    s->mail.rcpt_count = SESSION_RCPTS;
    s->mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    s->peer.ehlo = number % 2 ? "250-peer\r\n250-AUTH PLAIN\r\n250 PIPELINING"
                              : "250-peer\r\n250 AUTH PLAIN";
    peer_begin(&s->peer);
    duva_init(&s->engine, &s->config, s->buf,
              DUVA_BUFFER_MIN + number % (sizeof(s->buf) - DUVA_BUFFER_MIN));
}

static inline size_t session_some(struct session *s, size_t most)
{
    s->random = s->random * 1664525u + 1013904223u;
    return 1 + (s->random >> 16) % most;
}

static inline void session_body(struct session *s)
{
    size_t room, len = strlen(s->body) - s->body_at, some;
    char  *at = duva_room(&s->engine, &room);

    if (len == 0) {
        duva_body_end(&s->engine);
        return;
    }
    some = session_some(s, 20);
    len = len < some ? len : some;
    len = len < room ? len : room;
    memcpy(at, s->body + s->body_at, len);
    s->body_at += len;
    duva_filled(&s->engine, len);
}

static inline void session_talk(struct session *s)
{
    size_t      len, some = session_some(s, 30);
    const char *data;
    char        text[64];

    if (duva_next(&s->engine) == DUVA_SEND) {
        data = duva_pending(&s->engine, &len);
        len = len < some ? len : some;
        peer_take(&s->peer, data, len);
        duva_sent(&s->engine, len);
    } else {
        len = peer_give(&s->peer, text, some);
        duva_feed(&s->engine, text, len);
    }
}

/* One small step; returns 0 when the session is over. */
static inline int session_step(struct session *s)
{
    switch (duva_next(&s->engine)) {
    case DUVA_CLOSED:
        return 0;
    case DUVA_AUTH:
        duva_auth(&s->engine, &s->password.base);
        break;
    case DUVA_BODY:
        session_body(s);
        break;
    case DUVA_IDLE:
        if (!s->started++)
            duva_mail_start(&s->engine, &s->mail);
        else
            duva_quit(&s->engine);
        break;
    default:
        session_talk(s);
    }
    return 1;
}

/* Returns 0 when everything has arrived where it should. */
static inline int session_end(struct session *s)
{
    char   want[512];
    size_t i;
    int    bad = 0;

    sprintf(want, "%.*s\r\n.\r\n..and its dots\r\n",
            (int)strcspn(s->body, "\n"), s->body);
    bad |= s->mail.result.verdict != DUVA_ACCEPTED;
    bad |= duva_outcome(&s->engine)->err != DUVA_OK;
    bad |= s->peer.messages != 1 || s->peer.quits != 1 || s->peer.auths != 1;
    bad |= s->peer.message_len != strlen(want)
           || memcmp(s->peer.message, want, strlen(want)) != 0;
    for (i = 0; i < SESSION_RCPTS; i++)
        bad |= s->rcpt[i].verdict
               != (i == 2 ? DUVA_REFUSED : DUVA_ACCEPTED);
    free(s->peer.message);
    return bad;
}

#endif
