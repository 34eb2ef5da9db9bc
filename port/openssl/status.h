/* status.h - is the certificate of the server revoked? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_OPENSSL_STATUS_H
#define DUVA_OPENSSL_STATUS_H

#include "duva/reason.h"

#include <openssl/ssl.h>

/* What the answer of OCSP that came with a verified chain says: NONE, REVOKED
 * or STATUS; see openssl.h. */
duva_reason duva__openssl_status(SSL *ssl);

#endif
