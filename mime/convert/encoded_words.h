/* encoded_words.h - fields of a finished header into encoded-words. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_ENCODED_WORDS_H
#define DUVA_MIME_ENCODED_WORDS_H

#include "../field/out.h"
#include "converter.h"

/* Writes the field of n octets at s in encoded-words where it is not ASCII.
 * Returns the reason why that cannot be, or DUVA_REASON_NONE. */
duva_reason duva__convert_words(duva__out *o, const uint8_t *s, size_t n);
/* Lines, each ended by CRLF. */
void duva__convert_lines(duva__out *o, const uint8_t *s, size_t n);

#endif
