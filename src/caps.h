/* caps.h - the lines of an EHLO reply, read as capabilities. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_CAPS_H
#define DUVA_SRC_CAPS_H

#include "duva/engine.h"

/* One octet of an EHLO line after its first, '\n' at the end of the line.
 * word is zero before each line, and is left so at its end.  A keyword or
 * mechanism counts only when all of its octets match (RFC 5321 4.1.1.1). */
void duva__caps_octet(duva_caps *caps, duva_word *word, uint32_t options,
                      uint8_t c);

#endif
