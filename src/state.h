/* state.h - where a session is: its stage, what it needs, what is sent. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_STATE_H
#define DUVA_SRC_STATE_H

#include "duva/engine.h"
#include "position.h"

/* The step of a session that is over. */
#define DUVA__CLOSED DUVA_STAGE_CONNECT

/* Nobody but the server that we mean can read and write here. */
#if DUVA_WITH_TLS
#define DUVA__IS_SAFE(e) ((e)->tls != NULL && (e)->tls->verified)
#else
#define DUVA__IS_SAFE(e) 0
#endif

/* duva_engine.hello: HELO is for a server that does not know EHLO. */
enum { DUVA__EHLO, DUVA__HELO };

/* duva_engine.auth: the next line of the client in an exchange (RFC 4954 4). */
enum {
    DUVA__AUTH_INITIAL,  /* AUTH with the initial response */
    DUVA__AUTH_ALONE,    /* AUTH without: it comes at the first 334 */
    DUVA__AUTH_RESPONSE, /* a response to a challenge */
    DUVA__AUTH_CANCEL    /* "*" */
};

/* Does the session end when this stage has succeeded?  Is this stage of a mail
 * behind that? */
#if !DUVA_WITH_STOP
#define DUVA__STOPS(e) 0
#define DUVA__STOPS_AFTER(e, stage) 0
#define DUVA__IS_BEHIND_STOP(e, stage) 0
#else
#define DUVA__STOPS(e) ((e)->config->stop_after != 0)
#define DUVA__STOPS_AFTER(e, stage) ((e)->config->stop_after == (stage))
#define DUVA__IS_BEHIND_STOP(e, stage)                                         \
    (DUVA__STOPS(e) && (stage) > (e)->config->stop_after)
#endif

/* Is the session at this stage, which is before IDLE and thus no mail's? */
#define DUVA__IS_AT(e, stage) ((e)->heard.step == (stage))

/* Goes on to a stage of the session, without any mail. */
void duva__enter(duva_engine *e, duva_stage stage);

/* The replies that are to come: those of a mail; or, with NULL, those of the
 * session.  Without flights they are counted together. */
#if !DUVA__FLIGHT
#define DUVA__DUE(e, m) ((e)->replies_due)
#define duva__replies_due(e, m) (&(e)->replies_due)
#else
#define DUVA__DUE(e, m) ((m)->flight.replies_due) /* m is not NULL */
size_t *duva__replies_due(duva_engine *e, duva_mail *m);
#endif

/* Octets that may go out now. */
size_t duva__visible(const duva_engine *e);

/* Is the next piece of a message wanted? */
int duva__is_body(const duva_engine *e);

/* Does the server take commands ahead of its replies, and shall it get them? */
#if !DUVA_WITH_PIPELINING
#define duva__is_pipelined(e) 0
#else
int duva__is_pipelined(const duva_engine *e);
#endif

/* The place behind all that was written. */
duva_octet duva__here(const duva_engine *e);

/* Has the link taken all octets before that place? */
int duva__is_out(const duva_engine *e, duva_octet place);

/* Notes that the message of the mail begins here. */
#if DUVA__FLIGHT
void duva__mark_body(duva_engine *e, duva_mail *m);
#else
#define duva__mark_body(e, m) ((void)0)
#endif

#endif
