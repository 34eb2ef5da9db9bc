/* address.h - addresses and names: beside the calls of duva/mail.h. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_ADDRESS_H
#define DUVA_SRC_ADDRESS_H

#include "duva/mail.h"

/* Is the text well-formed UTF-8 (RFC 3629 4)? */
#if DUVA_WITH_SMTPUTF8
int duva__is_utf8(const char *text);
#else
#define duva__is_utf8(text) ((void)(text), 1) /* no server offers to take it */
#endif

#endif
