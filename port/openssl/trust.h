/* trust.h - trust anchors and client certificate of a context. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_OPENSSL_TRUST_H
#define DUVA_OPENSSL_TRUST_H

#include "duva/tls.h"

#include <openssl/ssl.h>

/* Both return 1, or 0 and OpenSSL has an error. */
int duva__openssl_trust(SSL_CTX *context, const duva_tls_config *config);
int duva__openssl_identify(SSL_CTX *context, const duva_tls_config *config);

#endif
