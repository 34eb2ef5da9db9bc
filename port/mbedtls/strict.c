/* strict.c - removes weak algorithms from mbedTLS's settings. */
/* SPDX-License-Identifier: MIT */
#include "strict.h"

#include "version.h"

/* 112 bits of security in everything: what OpenSSL calls level 2. */
static void be_strong(mbedtls_ssl_config *settings)
{
    static const mbedtls_x509_crt_profile profile = {
        MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA224)
            | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA256)
            | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA384)
            | MBEDTLS_X509_ID_FLAG(MBEDTLS_MD_SHA512),
        0xFFFFFFF,
        0xFFFFFFF & ~DUVA__MBEDTLS_WEAK_CURVES,
        2048
    };
#ifdef MBEDTLS_DHM_C
    mbedtls_ssl_conf_dhm_min_bitlen(settings, 2048);
#endif
#ifdef MBEDTLS_SSL_RENEGOTIATION
    mbedtls_ssl_conf_renegotiation(settings,
                                   MBEDTLS_SSL_RENEGOTIATION_DISABLED);
#endif
    mbedtls_ssl_conf_cert_profile(settings, &profile);
    duva__mbedtls_set_signatures(settings);
    duva__mbedtls_set_versions(settings);
}

/* Those whose keys are for this connection alone (RFC 9325 4.1).  mbedTLS
 * passes over what it is built without. */
static void choose_ciphers(mbedtls_ssl_config *settings)
{
    static const int suites[] = {
#ifdef MBEDTLS_TLS1_3_AES_256_GCM_SHA384
        MBEDTLS_TLS1_3_CHACHA20_POLY1305_SHA256,
        MBEDTLS_TLS1_3_AES_256_GCM_SHA384,
        MBEDTLS_TLS1_3_AES_128_GCM_SHA256,
        MBEDTLS_TLS1_3_AES_128_CCM_SHA256,
#endif
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        MBEDTLS_TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_CCM,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CCM,
#ifdef MBEDTLS_TLS_DHE_RSA_WITH_AES_128_GCM_SHA256
        MBEDTLS_TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
        MBEDTLS_TLS_DHE_RSA_WITH_AES_256_GCM_SHA384,
        MBEDTLS_TLS_DHE_RSA_WITH_AES_128_GCM_SHA256,
#endif
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA,
        MBEDTLS_TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA,
        MBEDTLS_TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA,
#ifdef MBEDTLS_TLS_DHE_RSA_WITH_AES_128_CBC_SHA256
        MBEDTLS_TLS_DHE_RSA_WITH_AES_256_CBC_SHA256,
        MBEDTLS_TLS_DHE_RSA_WITH_AES_128_CBC_SHA256,
#endif
        0
    };

    mbedtls_ssl_conf_ciphersuites(settings, suites);
}

void duva__mbedtls_be_strict(mbedtls_ssl_config *settings)
{
    be_strong(settings);
    choose_ciphers(settings);
}
