/* caps.h - the words of an EHLO reply, read as capabilities. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_CAPS_H
#define DUVA_SRC_CAPS_H

#include "duva/config.h"

/* The next word of an EHLO line.  keyword is 0 before the first word of a line
 * and remembers what that was; 1 is a line of no interest.  A keyword, a limit
 * or a mechanism counts only when all of its octets match (RFC 5321 4.1.1.1).
 */
void duva__caps_word(duva_caps *caps, uint8_t *keyword, const uint8_t *word,
                     size_t len);

#endif
