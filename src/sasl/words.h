/* words.h - what mechanisms put together, check, and forget. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_SASL_WORDS_H
#define DUVA_SRC_SASL_WORDS_H

#include "duva/sasl.h"

/* A message in the making.  len counts on beyond size, where nothing is
 * written: it did not fit when len is the greater in the end. */
struct duva__words {
    char  *text;
    size_t size, len;
};

void duva__words_octet(struct duva__words *w, char octet);
void duva__words_put(struct duva__words *w, const char *text);

/* A name inside a message whose fields end in commas: ',' is "=2C" and '=' is
 * "=3D" (RFC 5801 4). */
void duva__words_name(struct duva__words *w, const char *name);

/* May it be part of a message?  DUVA_REASON_NONE, or DUVA_REASON_CONTROL. */
duva_reason duva__words_check(const char *text);

/* Remembers why the exchange cannot go on; returns err. */
int duva__give_up(duva_sasl *base, duva_err err, duva_reason reason);

/* The server's challenge is at fault. */
int duva__bad_challenge(duva_sasl *base);

#endif
