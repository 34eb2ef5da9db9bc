/* blame.h - what stopped TLS, as a reason. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MBEDTLS_BLAME_H
#define DUVA_MBEDTLS_BLAME_H

#include "duva/mbedtls.h"

/* error is one of mbedTLS. */
duva_reason duva__mbedtls_blame(const duva_mbedtls *t, int error);

#endif
