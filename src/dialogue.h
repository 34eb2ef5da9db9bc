/* dialogue.h - the parts of the engine: cursors, speaking, listening, ends. */
/* SPDX-License-Identifier: MIT */
/*
 * A session is a row of states, each named by its duva_stage.  In each, said,
 * sent and heard count the commands that were written to the buffer, handed
 * to the link and answered.  Most states hold one command.  While there is a
 * mail the cursors are its steps: RSET, MAIL, a RCPT for each recipient, DATA
 * and the end of the message.  Which command a step is, and whether this mail
 * has it at all, is derived from the mail; so nothing needs to be queued.
 */
#ifndef DUVA_SRC_DIALOGUE_H
#define DUVA_SRC_DIALOGUE_H

#include "duva/engine.h"

/* duva_engine.state is a duva_stage: MAIL for all of a mail but its BODY.
 * These two have no stage of their own. */
enum {
    DUVA__CLOSED = DUVA_STAGE_CONNECT,
    DUVA__CHOOSE = DUVA_STAGES /* the caller has to choose a mechanism */
};

enum {                         /* duva_engine.flags */
    DUVA__SECURE = 1,          /* TLS is up */
    DUVA__VERIFIED = 2,        /* and the server is who it says */
    DUVA__OPEN = 4,            /* the server holds a transaction of ours */
    DUVA__TAKEN = 8,           /* it has taken a recipient of this mail */
    DUVA__DOUBT = 16,          /* it said 2yz out of turn */
    DUVA__HELO = 32            /* EHLO is unknown to it */
};

enum {                         /* duva_engine.auth_line: what to say in AUTH */
    DUVA__WITH_INITIAL,        /* AUTH with the initial response */
    DUVA__BARE,                /* AUTH without */
    DUVA__RESPONSE,
    DUVA__CANCEL
};

/* ---- cursors ---- */

enum { DUVA__STEP_RSET, DUVA__STEP_MAIL, DUVA__STEP_RCPT };

size_t duva__step_data(const duva_mail *mail);

/* The first step from this one on that the mail has. */
size_t duva__real_step(const duva_engine *e, size_t step);

/* What is said at this cursor. */
duva_stage duva__stage_of(const duva_engine *e, size_t cursor);

duva_rcpt *duva__rcpt_of(const duva_engine *e, size_t step);

void duva__enter(duva_engine *e, int state);

/* ---- speaking and listening ---- */

/* Writes as many commands as may go and fit; the last may be cut. */
void duva__speak(duva_engine *e);

/* Writes the end of the message.  DUVA_OK or DUVA_ERR_BODY. */
int duva__say_end(duva_engine *e);

/* A reply is complete: its code in e->reply, its words in e->outcome. */
void duva__listen(duva_engine *e);

/* ---- ends ---- */

/* Notes why the session fails.  Only the first time counts, and nothing that
 * happens after QUIT does. */
void duva__blame(duva_engine *e, duva_err err, duva_reason reason);

/* The same, and goes on to QUIT or to CLOSED. */
void duva__end(duva_engine *e, duva_err err, duva_reason reason, int state);

void duva__protocol_error(duva_engine *e, duva_reason reason);

/* The message holds what must not be sent.  Without its final dot the server
 * forgets what it has of it.  Returns DUVA_ERR_BODY. */
int duva__unfit(duva_engine *e);

/* The mail is turned down, by the reply at hand; it is over as soon as all
 * that was said is answered. */
void duva__fail_mail(duva_engine *e);

/* The same for one recipient. */
void duva__fail_rcpt(duva_engine *e, duva_rcpt *rcpt);

/* Gives the mail, and whoever has no verdict of his own, the final one. */
void duva__finish_mail(duva_engine *e);

#endif
