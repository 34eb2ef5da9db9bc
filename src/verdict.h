/* verdict.h - replies and failures into verdicts. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_VERDICT_H
#define DUVA_SRC_VERDICT_H

#include "duva/engine.h"

/* Notes why the session fails.  Only the first time counts, and nothing that
 * happens after QUIT does. */
void duva__note_failure(duva_engine *e, duva_err err, duva_reason reason);

/* The same, and goes on to QUIT or to CLOSED. */
void duva__end(duva_engine *e, duva_err err, duva_reason reason,
               duva_stage stage);

/* The same, because of the reply at hand. */
void duva__reject(duva_engine *e, duva_stage stage);

void duva__protocol_error(duva_engine *e, duva_reason reason);

/* The session ends because of config.stop_after. */
#if DUVA_WITH_STOP
void duva__stop(duva_engine *e);
#else
#define duva__stop(e) ((void)0)
#endif

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
#if DUVA_WITH_RECIPIENTS
void duva__keep_weightier_reply(duva_engine *e);
#else
#define duva__keep_weightier_reply(e) ((void)0)
#endif

void duva__set_recipient(duva_rcpt *rcpt, const duva_result *r,
                         duva_verdict verdict);
/* What a reply makes of the recipient it is for: PENDING when it is good. */
duva_verdict duva__verdict_of_reply(const duva_status *s);

/* Gives the final verdict to the mail and to each recipient that has none yet.
 * How the session ended says nothing against a mail that has no error of its
 * own: it was only on its way with the one that has. */
void duva__set_verdicts(duva_engine *e, duva_mail *m);

/* The same for the first mail under way, which is under way no more.  When it
 * was the only one, duva__enter() has to follow. */
void duva__finish_mail(duva_engine *e);

#endif
