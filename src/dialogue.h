/* dialogue.h - the parts of the engine: cursors, speaking, listening, ends. */
/* SPDX-License-Identifier: MIT */
/*
 * A session is a row of steps.  They are the stages of result.h, but RCPT is
 * as many steps as the mail has recipients, and so is END over LMTP; a command
 * belongs to each step in which we speak.  Two positions run over them: heard
 * is the step whose reply comes next, said the first whose command was not
 * written yet.  Which command that is, and whether this mail has it at all, is
 * derived from the mail; so nothing needs to be queued.
 *
 * Transactions that are open at the same time are a list in the order in which
 * they were started.  heard is in the first of them, said in the last: those
 * between have been written in full and wait for their replies.  The step of
 * heard says nothing about said unless both are of one mail; so a position is
 * always compared as a whole, mail and step.  A mail that goes by BDAT has no
 * reply to DATA, and its message follows at once.
 */
#ifndef DUVA_SRC_DIALOGUE_H
#define DUVA_SRC_DIALOGUE_H

#include "duva/engine.h"

/* The step of a session that is over. */
#define DUVA__CLOSED DUVA_STAGE_CONNECT

/* Nobody but the server that we mean can read and write here. */
#define DUVA__IS_SAFE(e)                                                      \
    (!DUVA_SMALL && (e)->tls != NULL && (e)->tls->verified)

/* Bits of duva_flight, of which a small engine has none. */
#define DUVA__HAS(m, wanted)                                                  \
    (DUVA_SMALL ? 0 : (m)->flight.bits & (wanted))

/* duva_engine.hello: HELO is for a server that does not know EHLO. */
enum { DUVA__EHLO, DUVA__HELO };

/* duva_engine.auth: the next line of the client in an exchange (RFC 4954 4). */
enum {
    DUVA__AUTH_INITIAL,  /* AUTH with the initial response */
    DUVA__AUTH_ALONE,    /* AUTH without: it comes at the first 334 */
    DUVA__AUTH_RESPONSE, /* a response to a challenge */
    DUVA__AUTH_CANCEL    /* "*" */
};

/* duva_flight.bits */
enum {
    DUVA__RESET = 1,           /* RSET goes before it */
    DUVA__CHUNKED = 2,         /* BDAT, not DATA, and then either */
    DUVA__EXACT = 4,           /* in one piece, */
    DUVA__PIECES = 8,          /* or in several; */
    DUVA__RAW = 16,            /* its octets need no change */
    DUVA__BY_URL = 32,         /* or none of it: BURL */
    DUVA__BODY = 64,           /* the message has begun */
    DUVA__ENDED = 128,         /* and its end is said */
    DUVA__AHEAD = 256,         /* it began before the end of data of the mail
                                  before was answered: see overlap.h */
    DUVA__TRIAL = 512,         /* and that is on trial */
    DUVA__STOPPED = 1024       /* the message has begun, and is given up */
};

/* ---- positions ---- */

/* Is the session at this stage, which is before IDLE and thus no mail's? */
#define DUVA__IS_AT(e, stage) ((e)->heard.step == (stage))

duva_stage duva__stage_of(const duva_position *at);

/* At a RCPT: whose it is. */
#define DUVA__RCPT_AT(at) (&(at).mail->rcpt[(at).step - DUVA_STAGE_RCPT])

/* Same mail and same step?  Not there with DUVA_SMALL. */
int duva__is_same(const duva_position *a, const duva_position *b);

/* To the step behind this one.  Recipients with a verdict have none. */
void duva__go_on(duva_position *at);

/* Sets a position to where the mail begins; or, with NULL, to IDLE. */
void duva__begin_with(duva_position *at, duva_mail *m);

/* Goes on to a stage of the session, without any mail. */
void duva__enter(duva_engine *e, duva_stage stage);

/* A small engine has one mail under way, and does not need to ask these. */

/* Is the next piece of a message wanted? */
int duva__is_body(const duva_engine *e);

/* Does the server take commands ahead of its replies, and shall it get them? */
#if DUVA_SMALL
#define duva__is_pipelined(e) 0
#else
int duva__is_pipelined(const duva_engine *e);
#endif

/* The place behind all that was written. */
duva_octet duva__here(const duva_engine *e);

/* Has the link taken all octets before that place? */
int duva__is_out(const duva_engine *e, duva_octet place);

/* ---- speaking and listening ---- */

/* Writes as many commands as may go and fit; the last may be cut. */
void duva__speak(duva_engine *e);

/* Makes the mail the last one under way, and begins to say it. */
void duva__start_mail(duva_engine *e, duva_mail *m);

/* Puts the message's next octets, as they came, to those that are to go out.
 * raw lies in the free part of the buffer.  DUVA_OK or DUVA_ERR_BODY. */
int duva__say_body(duva_engine *e, const uint8_t *raw, size_t len);

/* Begins AUTH with the mechanism and its first response at hand. */
void duva__start_auth(duva_engine *e);

/* Writes the end of the message.  DUVA_OK or DUVA_ERR_BODY. */
int duva__say_end(duva_engine *e);

/* A reply is complete: its code and its words are in e->outcome. */
void duva__listen(duva_engine *e);

/* ---- ends ---- */

/* Notes why the session fails.  Only the first time counts, and nothing that
 * happens after QUIT does. */
void duva__note_failure(duva_engine *e, duva_err err, duva_reason reason);

/* The same, and goes on to QUIT or to CLOSED. */
void duva__end(duva_engine *e, duva_err err, duva_reason reason,
               duva_stage stage);

/* The same, because of the reply at hand. */
void duva__reject(duva_engine *e, duva_stage stage);

void duva__protocol_error(duva_engine *e, duva_reason reason);

/* The message holds what must not be sent.  Without its final dot the server
 * forgets what it has of it.  Returns DUVA_ERR_BODY. */
int duva__unfit(duva_engine *e);

/* What went wrong with the mail: the first such thing is its result. */
void duva__note_mail_failure(duva_engine *e, duva_mail *m, duva_err err);

/* The first mail under way is turned down, by the reply at hand; it is over as
 * soon as all that was said of it is answered. */
void duva__fail_mail(duva_engine *e);

/* Makes the reply at hand, which is about one recipient, the result of the mail
 * if it counts more than the one so far: see duva_policy in mail.h.  No error
 * yet: the other recipients may have it otherwise. */
void duva__keep_weightier_reply(duva_engine *e);

void duva__set_recipient(duva_rcpt *rcpt, const duva_result *r,
                         duva_verdict verdict);
/* What a reply makes of the recipient it is for: PENDING when it is good. */
duva_verdict duva__verdict_of_reply(const duva_status *s);

/* Gives the mail, and whoever in it has no verdict of his own, the final one.
 * How the session ended says nothing against a mail that has no error of its
 * own: it was only on its way with the one that has. */
void duva__set_verdicts(duva_engine *e, duva_mail *m);

/* The same for the first mail under way, which is under way no more. */
void duva__finish_mail(duva_engine *e);

#endif
