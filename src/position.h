/* position.h - a mail and a step, as one place in a dialogue. */
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
#ifndef DUVA_SRC_POSITION_H
#define DUVA_SRC_POSITION_H

#include "duva/engine.h"

/* Has the mail one of these bits?  Those of what was compiled out it never
 * has, and the compiler knows that. */
#if DUVA__FLIGHT
#define DUVA__HAS(m, wanted) ((m)->flight.bits & (wanted) & DUVA__KNOWN)
#else
#define DUVA__HAS(m, wanted) ((void)(m), 0)
#endif

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
    DUVA__STOPPED = 1024,      /* the message has begun, and is given up */
    DUVA__KNOWN =
        DUVA__BODY | DUVA__ENDED | DUVA__STOPPED
        | (DUVA_WITH_MAILS ? DUVA__RESET : 0)
        | (DUVA_WITH_PIPELINING ? DUVA__AHEAD | DUVA__TRIAL : 0)
        | (DUVA_WITH_CHUNKING ? DUVA__CHUNKED | DUVA__EXACT | DUVA__PIECES
                                    | DUVA__RAW
                              : 0)
        | (DUVA_WITH_BURL ? DUVA__BY_URL : 0)
};

duva_stage duva__stage_of(const duva_position *at);

/* How many recipients the mail has. */
#if DUVA_WITH_RECIPIENTS
#define DUVA__RCPTS(m) ((m)->rcpt_count)
#else
#define DUVA__RCPTS(m) ((size_t)1)
#endif

/* At a RCPT: whose it is. */
#define DUVA__RCPT_AT(at) (&(at).mail->rcpt[(at).step - DUVA_STAGE_RCPT])

/* Same mail and same step? */
int duva__is_same(const duva_position *a, const duva_position *b);

/* To the step behind this one.  Recipients with a verdict have none. */
void duva__go_on(duva_position *at);

/* Sets a position to where the mail begins. */
void duva__begin_with(duva_position *at, duva_mail *m);

#endif
