/* dsn.h - reports of delivery (RFC 3461), and their encoding of text. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_DSN_H
#define DUVA_SRC_DSN_H

#include "extras.h"

/* Some parameters have text in xtext (RFC 3461 4). */
#define DUVA__XTEXT (DUVA_WITH_DSN || DUVA_WITH_SUBMITTER || DUVA_WITH_PARAMS)

#if DUVA__XTEXT
/* Writes form, and behind it the text in xtext. */
void duva__put_xtext(duva_engine *e, const char *form, const char *text);
#endif

#if DUVA_WITH_DSN
extern const struct duva__of_mail duva__dsn_of_mail;
extern const struct duva__of_rcpt duva__dsn_of_rcpt;
#endif

#endif
