/* dialogue.h - the parts of the engine: cursors, speaking, listening, ends. */
/* SPDX-License-Identifier: MIT */
/*
 * A session is a row of steps.  They are the stages of result.h, but RCPT is
 * as many steps as the mail has recipients; a command belongs to each step in
 * which we speak.  Two cursors run over them: heard is the step that waits for
 * its answer, said the first whose command was not written yet.  Which command
 * that is, and whether this mail has it at all, is derived from the mail; so
 * nothing needs to be queued.
 */
#ifndef DUVA_SRC_DIALOGUE_H
#define DUVA_SRC_DIALOGUE_H

#include "duva/engine.h"

/* The step of a session that is over. */
#define DUVA__CLOSED DUVA_STAGE_CONNECT

/* Nobody but the server that we mean can read and write here. */
#define DUVA__IS_SAFE(e)                                                      \
    (!DUVA_SMALL && (e)->tls != NULL && (e)->tls->verified)

/* duva_engine.line: what to say in AUTH.  In EHLO the first is EHLO and the
 * second, simpler one is HELO. */
enum {
    DUVA__WITH_INITIAL,        /* AUTH with the initial response */
    DUVA__BARE,                /* AUTH without */
    DUVA__RESPONSE,
    DUVA__CANCEL
};

/* ---- cursors ---- */

duva_stage duva__stage_of(const duva_engine *e, size_t step);

/* The step behind this one.  Recipients with a verdict have none. */
size_t duva__next_step(const duva_engine *e, size_t step);

duva_rcpt *duva__rcpt_of(const duva_engine *e, size_t step);

void duva__enter(duva_engine *e, duva_stage stage);

/* ---- speaking and listening ---- */

/* Writes as many commands as may go and fit; the last may be cut. */
void duva__speak(duva_engine *e);

/* Begins AUTH with the mechanism and its first response at hand. */
void duva__start_auth(duva_engine *e);

/* Writes the end of the message.  DUVA_OK or DUVA_ERR_BODY. */
int duva__say_end(duva_engine *e);

/* A reply is complete: its code and its words are in e->outcome. */
void duva__listen(duva_engine *e);

/* ---- ends ---- */

/* Notes why the session fails.  Only the first time counts, and nothing that
 * happens after QUIT does. */
void duva__blame(duva_engine *e, duva_err err, duva_reason reason);

/* The same, and goes on to QUIT or to CLOSED. */
void duva__end(duva_engine *e, duva_err err, duva_reason reason,
               duva_stage stage);

/* The same, because of the reply at hand. */
void duva__reject(duva_engine *e, duva_stage stage);

void duva__protocol_error(duva_engine *e, duva_reason reason);

/* The message holds what must not be sent.  Without its final dot the server
 * forgets what it has of it.  Returns DUVA_ERR_BODY. */
int duva__unfit(duva_engine *e);

/* The mail is turned down, by the reply at hand; it is over as soon as all
 * that was said is answered. */
void duva__fail_mail(duva_engine *e);

void duva__decide(duva_rcpt *rcpt, const duva_result *r, duva_verdict verdict);
/* What a reply makes of the recipient it is for: PENDING when it is good. */
duva_verdict duva__opinion(const duva_status *s);

/* Gives the mail, and whoever has no verdict of his own, the final one. */
void duva__finish_mail(duva_engine *e);

#endif
