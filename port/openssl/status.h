/* status.h - is the certificate of the server revoked? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_OPENSSL_STATUS_H
#define DUVA_OPENSSL_STATUS_H

#include "duva/reason.h"

#include <openssl/ssl.h>

/* The stapled OCSP response of a verified chain: CERT_REVOKED, CERT_STATUS or
 * NONE; see openssl.h. */
duva_reason duva__openssl_status(SSL *ssl);

#endif
