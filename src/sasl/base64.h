/* base64.h - base64 as SASL messages carry it (RFC 4648 4). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_SASL_BASE64_H
#define DUVA_SRC_SASL_BASE64_H

#include "words.h"

/* Characters of a challenge at the most (RFC 4954 4). */
#define DUVA__BASE64_MAX 12288u

#define DUVA__BASE64_BAD ((size_t)-1)

/* Returns how many octets the text stands for, and writes the first size of
 * them.  DUVA__BASE64_BAD: it is longer than that, holds another character,
 * white space too, or is not padded as it should be; also when data is NULL,
 * as in a challenge that did not fit.  What was written then means nothing. */
size_t duva__base64_decode(const duva_span *text, void *out, size_t size);

/* Adds the parts, encoded as one string. */
void duva__base64_put(struct duva__words *w, const duva_span *part,
                      size_t parts);

#endif
