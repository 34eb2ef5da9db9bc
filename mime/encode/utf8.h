/* utf8.h - valid UTF-8 (RFC 3629). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_UTF8_H
#define DUVA_MIME_UTF8_H

#include "duva/mime.h"

/* The character at s: its octets; 0 if it is not valid; or DUVA__UTF8_CUT if
 * its end is behind len octets. */
enum { DUVA__UTF8_CUT = 5 };
size_t duva__utf8(const uint8_t *s, size_t len);

/* Are these len octets valid and complete? */
int duva__is_utf8_text(const uint8_t *s, size_t len);

#endif
