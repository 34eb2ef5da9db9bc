/* strict.h - what is too weak for this adapter. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MBEDTLS_STRICT_H
#define DUVA_MBEDTLS_STRICT_H

#include <mbedtls/ssl.h>

/* Leaves settings nothing of less than 112 bits of security, before TLS 1.2,
 * or with keys that are not for one connection alone. */
void duva__mbedtls_be_strict(mbedtls_ssl_config *settings);

#endif
