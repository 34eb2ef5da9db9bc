/* version.h - what differs between mbedTLS 2.28, 3.6 and 4. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MBEDTLS_VERSION_H
#define DUVA_MBEDTLS_VERSION_H

#include "duva/mbedtls.h"

#include <mbedtls/ssl_ciphersuites.h>

#if MBEDTLS_VERSION_NUMBER < 0x021C0000 \
    || (MBEDTLS_VERSION_NUMBER >= 0x03000000 \
        && MBEDTLS_VERSION_NUMBER < 0x03060000)
#error "this adapter is for mbedTLS 2.28, and for 3.6 and later"
#endif

#define DUVA__MBEDTLS_3 (MBEDTLS_VERSION_NUMBER >= 0x03000000)
#define DUVA__MBEDTLS_4 (MBEDTLS_VERSION_NUMBER >= 0x04000000)

/* Digests and random octets by PSA: with 4 there is nothing else. */
#if DUVA__MBEDTLS_4 || (DUVA__MBEDTLS_3 && defined(MBEDTLS_USE_PSA_CRYPTO))
#define DUVA__MBEDTLS_PSA 1
#else
#define DUVA__MBEDTLS_PSA 0
#endif

#if DUVA__MBEDTLS_PSA || defined(MBEDTLS_USE_PSA_CRYPTO) \
    || defined(MBEDTLS_SSL_PROTO_TLS1_3)
#include <psa/crypto.h>
#define DUVA__MBEDTLS_HAS_PSA 1
#else
#define DUVA__MBEDTLS_HAS_PSA 0
#endif

/* ---- errors ---- */

#if DUVA__MBEDTLS_3
#define DUVA__MBEDTLS_BAD_CERTIFICATE MBEDTLS_ERR_SSL_BAD_CERTIFICATE
#define DUVA__MBEDTLS_BAD_VERSION MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION
#define DUVA__MBEDTLS_TICKET MBEDTLS_ERR_SSL_RECEIVED_NEW_SESSION_TICKET
#else
#define DUVA__MBEDTLS_BAD_CERTIFICATE MBEDTLS_ERR_SSL_BAD_HS_CERTIFICATE
#define DUVA__MBEDTLS_BAD_VERSION MBEDTLS_ERR_SSL_BAD_HS_PROTOCOL_VERSION
#define DUVA__MBEDTLS_TICKET INT32_MIN /* not before TLS 1.3 */
#endif

/* An extension that is critical and unknown.  4 tells the low-level error alone
 * when a certificate cannot be read. */
#if DUVA__MBEDTLS_4
#define DUVA__MBEDTLS_BAD_EXTENSION MBEDTLS_ERR_ASN1_UNEXPECTED_TAG
#else
#define DUVA__MBEDTLS_BAD_EXTENSION \
    (MBEDTLS_ERR_X509_INVALID_EXTENSIONS + MBEDTLS_ERR_ASN1_UNEXPECTED_TAG)
#endif

static inline int duva__mbedtls_is_of_certificate(int error)
{
    return (-error >= 0x2080 && -error <= 0x3000)
           || (DUVA__MBEDTLS_4 && -error >= 0x60 && -error <= 0x6C);
}

/* An error is one of a module, a low-level one, or their sum; with PSA also
 * one of PSA. */
static inline int duva__mbedtls_is_of_memory(int error)
{
#if DUVA__MBEDTLS_HAS_PSA
    if (error == PSA_ERROR_INSUFFICIENT_MEMORY)
        return 1;
#endif
#if DUVA__MBEDTLS_4
    return 0;
#else
    const int low = -error & 0x7F;

    if (low == -MBEDTLS_ERR_MPI_ALLOC_FAILED
        || low == -MBEDTLS_ERR_ASN1_ALLOC_FAILED)
        return 1;
    switch (error + low) {
    case MBEDTLS_ERR_SSL_ALLOC_FAILED: case MBEDTLS_ERR_X509_ALLOC_FAILED:
    case MBEDTLS_ERR_PK_ALLOC_FAILED: case MBEDTLS_ERR_MD_ALLOC_FAILED:
    case MBEDTLS_ERR_ECP_ALLOC_FAILED: case MBEDTLS_ERR_CIPHER_ALLOC_FAILED:
        return 1;
    default:
        return 0;
    }
#endif
}

/* ---- connections ---- */

static inline int duva__mbedtls_is_over(const duva_mbedtls *t)
{
#if DUVA__MBEDTLS_3
    /* which only reads it */
    return mbedtls_ssl_is_handshake_over((mbedtls_ssl_context *)&t->ssl);
#else
    return t->ssl.state == MBEDTLS_SSL_HANDSHAKE_OVER;
#endif
}

static inline int duva__mbedtls_is_tls13(const duva_mbedtls *t)
{
#if DUVA__MBEDTLS_3
    return mbedtls_ssl_get_version_number(&t->ssl)
           == MBEDTLS_SSL_VERSION_TLS1_3;
#else
    (void)t;
    return 0;
#endif
}

/* Before TLS, and before any key.  0, or an error. */
static inline int duva__mbedtls_begin(void)
{
#if DUVA__MBEDTLS_HAS_PSA
    return psa_crypto_init();
#else
    return 0;
#endif
}

/* ---- settings ---- */

static inline void duva__mbedtls_set_versions(mbedtls_ssl_config *settings)
{
#if DUVA__MBEDTLS_3
    mbedtls_ssl_conf_min_tls_version(settings, MBEDTLS_SSL_VERSION_TLS1_2);
#else
    mbedtls_ssl_conf_min_version(settings, MBEDTLS_SSL_MAJOR_VERSION_3,
                                 MBEDTLS_SSL_MINOR_VERSION_3);
#endif
#ifdef MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED
#if defined(MBEDTLS_SSL_PROTO_TLS1_3) && defined(MBEDTLS_SSL_SESSION_TICKETS)
    mbedtls_ssl_conf_tls13_enable_signal_new_session_tickets(
        settings, MBEDTLS_SSL_TLS1_3_SIGNAL_NEW_SESSION_TICKETS_ENABLED);
#endif
#endif
}

/* The signatures of servers.  With TLS 1.2 there is no RSASSA-PSS, but a server
 * that speaks 1.2 may take it from a list for both: so it comes last. */
static inline void duva__mbedtls_set_signatures(mbedtls_ssl_config *settings)
{
#if DUVA__MBEDTLS_3
    static const uint16_t signatures[] = {
        MBEDTLS_TLS1_3_SIG_ECDSA_SECP521R1_SHA512,
        MBEDTLS_TLS1_3_SIG_ECDSA_SECP384R1_SHA384,
        MBEDTLS_TLS1_3_SIG_ECDSA_SECP256R1_SHA256,
        MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA512,
        MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA384,
        MBEDTLS_TLS1_3_SIG_RSA_PKCS1_SHA256,
        MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA512,
        MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA384,
        MBEDTLS_TLS1_3_SIG_RSA_PSS_RSAE_SHA256,
        MBEDTLS_TLS1_3_SIG_NONE
    };
    mbedtls_ssl_conf_sig_algs(settings, signatures);
#elif defined(MBEDTLS_KEY_EXCHANGE_WITH_CERT_ENABLED)
    static const int hashes[] = {
#ifdef MBEDTLS_SHA512_C
        MBEDTLS_MD_SHA512, MBEDTLS_MD_SHA384,
#endif
        MBEDTLS_MD_SHA256, MBEDTLS_MD_NONE
    };
    mbedtls_ssl_conf_sig_hashes(settings, hashes);
#else
    (void)settings;
#endif
}

/* 4 has none that is weak. */
#if DUVA__MBEDTLS_4
#define DUVA__MBEDTLS_WEAK_CURVES 0
#else
#define DUVA__MBEDTLS_WEAK_CURVES \
    (MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP192R1) \
     | MBEDTLS_X509_ID_FLAG(MBEDTLS_ECP_DP_SECP192K1))
#endif

/* The source of random octets for TLS: from, or with NULL mbedTLS's own.  4
 * has its own alone. */
static inline int duva__mbedtls_set_random(duva_mbedtls *t,
                                           duva_mbedtls_random *from,
                                           void *context)
{
#if DUVA__MBEDTLS_4
    (void)t;
    (void)from;
    (void)context;
    return 0;
#else
    int n = 0;

    if (from == NULL) {
        from = mbedtls_ctr_drbg_random;
        context = &t->drbg;
        n = mbedtls_ctr_drbg_seed(&t->drbg, mbedtls_entropy_func, &t->entropy,
                                  NULL, 0);
    }
    mbedtls_ssl_conf_rng(&t->settings, from, context);
    return n;
#endif
}

static inline void duva__mbedtls_init_random(duva_mbedtls *t)
{
#if DUVA__MBEDTLS_4
    (void)t;
#else
    mbedtls_entropy_init(&t->entropy);
    mbedtls_ctr_drbg_init(&t->drbg);
#endif
}

static inline void duva__mbedtls_free_random(duva_mbedtls *t)
{
#if DUVA__MBEDTLS_4
    (void)t;
#else
    mbedtls_ctr_drbg_free(&t->drbg);
    mbedtls_entropy_free(&t->entropy);
#endif
}

/* ---- certificates and keys ---- */

static inline int duva__mbedtls_has_extension(const mbedtls_x509_crt *x,
                                              int extension)
{
#if DUVA__MBEDTLS_3
    return mbedtls_x509_crt_has_ext_type(x, extension);
#else
    return (x->ext_types & extension) != 0;
#endif
}

#ifdef MBEDTLS_FS_IO
/* Reads the key, and checks that it is that of t->own. */
static inline int duva__mbedtls_read_key(duva_mbedtls *t, const char *file,
                                         duva_mbedtls_random *from,
                                         void *context)
{
    int n;

#if DUVA__MBEDTLS_4
    (void)from;
    (void)context;
    n = mbedtls_pk_parse_keyfile(&t->key, file, NULL);
    return n != 0 ? n : mbedtls_pk_check_pair(&t->own.pk, &t->key);
#elif DUVA__MBEDTLS_3
    if (from == NULL) {
        from = mbedtls_ctr_drbg_random;
        context = &t->drbg;
    }
    n = mbedtls_pk_parse_keyfile(&t->key, file, NULL, from, context);
    return n != 0 ? n : mbedtls_pk_check_pair(&t->own.pk, &t->key, from,
                                              context);
#else
    (void)from;
    (void)context;
    n = mbedtls_pk_parse_keyfile(&t->key, file, NULL);
    return n != 0 ? n : mbedtls_pk_check_pair(&t->own.pk, &t->key);
#endif
}
#endif

#endif
