/* blame.h - what stopped TLS, as a reason. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_OPENSSL_BLAME_H
#define DUVA_OPENSSL_BLAME_H

#include "duva/openssl.h"

/* error is the newest one of OpenSSL. */
duva_reason duva__openssl_blame(const duva_openssl *t, unsigned long error);

#endif
