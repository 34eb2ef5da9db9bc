/* body.h - the octets of a message, made fit for DATA. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_BODY_H
#define DUVA_SRC_BODY_H

#include "duva/config.h"
#include "duva/mail.h"

#define DUVA__BODY_LINE 998u   /* RFC 5321 4.5.3.1.6, without CRLF */
#define DUVA__BODY_END 5u      /* octets that duva__body_end() may write */
#define DUVA__CHUNK_ROOM 28u   /* "BDAT ", 20 digits, and the end of the line */

/* Writes the wire form of src at dst and returns how many octets that is: at
 * most 2 * len.  src may lie in the same memory, len octets or more behind
 * dst: the writing never overtakes the reading.  Stops at what must not be
 * sent: body->reason says so. */
size_t duva__body_encode(duva_body *body, uint8_t *dst, const uint8_t *src,
                         size_t len);

/* Completes the last line and, but for BDAT, adds the final dot. */
size_t duva__body_end(duva_body *body, uint8_t *dst);

#endif
