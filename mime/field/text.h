/* text.h - text of header fields, in encoded-words where needed (RFC 2047). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_FIELD_TEXT_H
#define DUVA_MIME_FIELD_TEXT_H

#include "out.h"

/* Text of any kind: as it stands where that can be read back and no word of
 * it is over `longest`, else in encoded-words (RFC 2047).  Begins with a
 * space. */
void duva__text(duva__out *o, const char *text, size_t longest);
/* A display name (phrase).  Begins with a space. */
void duva__phrase(duva__out *o, const char *name);
/* Encoded-words with a space before each but, unless `lead`, the first. */
void duva__words(duva__out *o, const char *text, size_t len, int lead);
/* The same in another charset than utf-8. */
void duva__words_in(duva__out *o, const char *charset, const char *text,
                    size_t len, int lead);

/* Octets in base64, without line ends. */
void duva__put_base64(duva__out *o, const void *octets, size_t len);

/* Is it a letter or a digit; or one of an atom (RFC 5322 3.2.3)? */
int duva__alnum(uint8_t c);
int duva__atext(uint8_t c);

#endif
