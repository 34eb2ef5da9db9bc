/* trust.h - trust anchors, and the certificate of the client. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MBEDTLS_TRUST_H
#define DUVA_MBEDTLS_TRUST_H

#include "duva/mbedtls.h"

/* Reads the trust anchors that t->config names into t->ca.  0, or an error of
 * mbedTLS. */
int duva__mbedtls_trust(duva_mbedtls *t);

/* Reads certificate and key of the client into t->own and t->key, if there are
 * any.  The check that they belong together takes random octets: from, or with
 * NULL mbedTLS's own. */
int duva__mbedtls_identify(duva_mbedtls *t, duva_mbedtls_random *from,
                           void *context);

#endif
