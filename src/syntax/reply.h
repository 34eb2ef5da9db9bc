/* reply.h - the server's octets, read as replies (RFC 5321 4.2). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_REPLY_H
#define DUVA_SRC_REPLY_H

#include "duva/engine.h"

/* Limits of one reply, line ends included.  RFC 5321 4.5.3.1.5 asks for lines
 * of 512; servers in the field say more.  A challenge of SASL may fill 12 288
 * (RFC 4954 4), and only the mechanism knows what it makes of a longer one. */
#define DUVA__REPLY_LINE 2048u
#define DUVA__REPLY_LINES 256u
#define DUVA__REPLY_OCTETS 32768u

/* What one more octet made of the reply. */
typedef enum duva__reply_state {
    DUVA__MORE, /* nothing to look at yet */
    DUVA__TEXT, /* the octet is text, or part of a line end */
    DUVA__DONE, /* the reply is complete: reply->code */
    DUVA__BAD_SYNTAX = DUVA_REASON_REPLY_SYNTAX,
    DUVA__BAD_CODES = DUVA_REASON_REPLY_CODES,
    DUVA__BAD_LENGTH = DUVA_REASON_REPLY_LONG
} duva__reply_state;

/* A zeroed reply is ready for its first octet, and has to be zeroed again
 * after DUVA__DONE.  The words and the enhanced code go to the result at
 * words, unless that is NULL.  options: DUVA_QUIRK_*. */
duva__reply_state duva__reply_octet(duva_reply *reply, duva_result *words,
                                    uint32_t options, uint8_t c);

#endif
