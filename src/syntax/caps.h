/* caps.h - the words of an EHLO reply, read as capabilities. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_CAPS_H
#define DUVA_SRC_CAPS_H

#include "duva/config.h"

/* What is read of a line: its keyword as a DUVA_CAP_* bit, or one of these. */
enum {
    DUVA__LINE_START, /* nothing: the next word is its keyword */
    DUVA__NO_KEYWORD  /* the rest of it is ignored */
};
/* The next word of an EHLO line.  A keyword, a limit or a mechanism counts only
 * when all of its octets match (RFC 5321 4.1.1.1). */
void duva__caps_word(duva_caps *caps, uint32_t *keyword,
                     const uint8_t *word, size_t len);

#endif
