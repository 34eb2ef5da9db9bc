/* absent.h - the flags and options of what was compiled out, as none. */
/* SPDX-License-Identifier: MIT */
/*
 * The public headers do not declare them then.  In here they are 0, so that a
 * condition needs no switch: the compiler drops it.
 */
#ifndef DUVA_SRC_ABSENT_H
#define DUVA_SRC_ABSENT_H

#include "duva/config.h"
#include "duva/mail.h"

#if !DUVA_WITH_TLS
#define DUVA_MAIL_REQUIRETLS 0u
#endif
#if !DUVA_WITH_SMTPUTF8
#define DUVA_MAIL_UTF8 0u
#endif
#if !DUVA_WITH_CHUNKING
#define DUVA_MAIL_BINARY 0u
#endif
#if !DUVA_WITH_LMTP
#define DUVA_LMTP 0u
#endif

#endif
