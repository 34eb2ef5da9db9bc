/* engine_state.h - what an engine keeps. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_ENGINE_STATE_H
#define DUVA_ENGINE_STATE_H

#include "duva/config.h"
#include "duva/mail.h"
#include "duva/sasl.h"

#ifdef __cplusplus
extern "C" {
#endif

/* These types are public so that a caller can put an engine anywhere in memory.
 * The fields are private: use the calls of engine.h. */
typedef struct duva_reply {    /* a reply as it is read: reply.c */
    unsigned code;             /* of its first line */
    unsigned line_code, octets, lines, column;
    uint16_t text_len, line_text;
    uint8_t  after_cr, more, past_code;
} duva_reply;

typedef struct duva_position { /* a step of one mail, or of the session */
    duva_mail   *mail;         /* NULL: of the session */
    size_t       step;
} duva_position;
typedef struct duva_engine {   /* often used fields first: shorter code */
    const duva_config *config;
    duva_position heard;       /* the step whose reply comes next */
    duva_position said;        /* the next command to be written */
#if DUVA_WITH_TLS
    const duva_tls_info *tls;  /* NULL: readable by all */
#endif
    uint8_t open;              /* last stage that a transaction has passed */
    uint8_t hello, auth;       /* what EHLO and AUTH say next: state.h */
    uint8_t response_parts;    /* spans of response, that of AUTH */
    uint8_t overlap;           /* see overlap.h */
    uint8_t has_accepted;      /* 1: a mail of this session */
    uint8_t withheld;          /* octets at the end of out that must wait */
    uint32_t keyword;          /* of the line of EHLO being read */
    size_t replies_due;        /* of commands that are no mail's */
#if DUVA__FLIGHT
    uint16_t transactions;     /* that are open */
    uint16_t ends_due;         /* of them: only the reply to the end of data is
                                  still to come */
    duva_octet sent;           /* octets of out that the link ever took */
    size_t body_left;          /* octets of the message not yet written */
#endif
    uint8_t     *out;
    size_t       out_cap, out_len, out_pos, traced;
    size_t       position;     /* in the present command, */
    size_t       offset;       /* and how much of it is in out or beyond */
    size_t token_len;          /* octets of a word of EHLO, or of a challenge,
                                  kept in out */
    duva_sasl   *sasl;
    duva_caps    caps;
    duva_span response[DUVA_SASL_PARTS];
    duva_reply   reply;
    duva_body    body;
#if DUVA_WITH_QUERIES
    struct duva_query *query; /* the open one, or NULL */
#endif
    duva_result  outcome;      /* its text is that of the reply being read */
} duva_engine;

#ifdef __cplusplus
}
#endif
#endif
