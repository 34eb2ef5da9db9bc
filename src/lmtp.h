/* lmtp.h - what LMTP (RFC 2033) has otherwise than SMTP. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_LMTP_H
#define DUVA_SRC_LMTP_H

#include "duva/engine.h"

/* What an answer to the end of the message has made of the mail. */
enum {
    DUVA__NO_LMTP,             /* nothing: it is SMTP, where there is but one */
    DUVA__LMTP_MORE,           /* others are to come */
    DUVA__LMTP_OVER            /* all recipients have their verdicts */
};

#if !DUVA_WITH_LMTP
#define DUVA__IS_LMTP(e) ((void)(e), 0)
#define duva__end_answers(e) 1u
#define duva__hear_lmtp(e, good) DUVA__NO_LMTP
#else

#define DUVA__IS_LMTP(e) ((e)->config->options & DUVA_LMTP)

/* How many answers the end of the message will have. */
size_t duva__end_answers(const duva_engine *e);

/* An answer to the end of the message. */
int duva__hear_lmtp(duva_engine *e, int good);

#endif

#endif
