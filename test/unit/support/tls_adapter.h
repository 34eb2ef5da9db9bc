/* tls_adapter.h - the TLS adapter that a test program is built for. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_TLS_ADAPTER_H
#define DUVA_TEST_TLS_ADAPTER_H

#ifdef DUVA_TEST_MBEDTLS
#include "duva/mbedtls.h"

typedef duva_mbedtls adapter;

#ifdef MBEDTLS_SSL_PROTO_TLS1_3
#define NEWEST        TLS1_3_VERSION
#define NEWEST_NAME   "TLSv1.3"
#define CIPHER_PREFIX "TLS1-3-"
#else
#define NEWEST        TLS1_2_VERSION   /* mbedTLS 2.28 has no TLS 1.3 */
#define NEWEST_NAME   "TLSv1.2"
#define CIPHER_PREFIX "TLS-"
#endif
#define KEY_UPDATES   0                /* nor has any of them those of 1.3 */
#define adapter_text  duva_mbedtls_text
#define WORDS_OF_NO_TLS "SSL - An invalid SSL record was received"
#define CONSTRAINED   DUVA_REASON_CERT_EXTENSION /* it knows none of those */

static inline int adapter_init(adapter *t, const duva_tls_config *config)
{
    return duva_mbedtls_init(t, config, NULL, NULL);
}

static inline int adapter_chain(const adapter *t, unsigned n, void *der,
                                size_t size)
{
    return duva_mbedtls_chain(t, n, der, size);
}

static inline void adapter_free(adapter *t)
{
    duva_mbedtls_free(t);
}

#else
#include "duva/openssl.h"

typedef duva_openssl adapter;

#define NEWEST        TLS1_3_VERSION
#define NEWEST_NAME   "TLSv1.3"
#define CIPHER_PREFIX "TLS_"
#define KEY_UPDATES   1
#define adapter_text  duva_openssl_text
#define WORDS_OF_NO_TLS "wrong version number"
#define CONSTRAINED   DUVA_REASON_CERT_CONSTRAINT

static inline int adapter_init(adapter *t, const duva_tls_config *config)
{
    return duva_openssl_init(t, config);
}

static inline int adapter_chain(const adapter *t, unsigned n, void *der,
                                size_t size)
{
    return duva_openssl_chain(t, n, der, size);
}

static inline void adapter_free(adapter *t)
{
    duva_openssl_free(t);
}

#endif
#endif
