/* mbedtls.h - TLS by mbedTLS as a link over a link, and its digests. */
/* SPDX-License-Identifier: MIT */
/* For mbedTLS 2.28, 3.6 and later, and 4; only public fields of 3 and 4 are
 * used. */
#ifndef DUVA_MBEDTLS_H
#define DUVA_MBEDTLS_H

#include "duva/crypto.h"
#include "duva/tls.h"

#include <mbedtls/version.h>
#if MBEDTLS_VERSION_NUMBER < 0x04000000
#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
#endif
#include <mbedtls/ssl.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Writes len random octets of cryptographic quality; 0, or an mbedTLS error. */
typedef int duva_mbedtls_random(void *context, unsigned char *out, size_t len);

/* One adapter serves one connection at a time, and any number one after the
 * other.  It keeps the session that the last server gave it and offers it to
 * the next connection when the host is the same; use an adapter of its own
 * for each set of credentials, so that sessions are not shared between them.
 *
 * mbedtls_calloc() supplies all memory: mbedTLS's two record buffers, only
 * while there is a connection, and a copy of a certificate that was rejected.
 * The version is TLS 1.2; with 3.6 and 4 also 1.3, when mbedTLS is built with
 * it.  New keys in a connection of 1.3 (RFC 8446 4.6.3) are not supported, nor
 * with 1.2 a server that signs by RSASSA-PSS alone.
 *
 * There is no OCSP: revocation is not checked, and a certificate that requires
 * a response (RFC 7633) is accepted without one; CERT_REVOKED and CERT_STATUS
 * do not occur.  Name constraints are not supported: a chain with critical ones
 * is CERT_EXTENSION.
 *
 * A server that requests a client certificate, gets none and closes during the
 * handshake is reported as requiring one: CERT_OURS.  With TLS 1.3 it is when
 * an alert is the first that it sends after the handshake.
 *
 * Static RSA key exchange is off (RFC 9325 4.1): mbedTLS must be built with
 * ECDHE or DHE.  With dangerously_trust_everyone the chain is still computed,
 * and what is wrong with it passed over.  The fields are private. */
typedef struct duva_mbedtls {
    duva_tls                 tls;      /* give this to duva_client.tls */
    const duva_tls_config   *config;
    mbedtls_ssl_config       settings;
    mbedtls_ssl_context      ssl;
    mbedtls_ssl_session      session;  /* to offer */
    mbedtls_x509_crt         ca, own;
    mbedtls_pk_context       key;
#if MBEDTLS_VERSION_NUMBER < 0x04000000
    mbedtls_entropy_context  entropy;
    mbedtls_ctr_drbg_context drbg;
#endif
    char                     host[256];/* of that session */
    uint8_t                  binding[64];
    unsigned char           *shown;    /* the certificate that was rejected */
    size_t                   shown_len;
    size_t                   writing;  /* octets of a write half done */
    int                      broken;   /* the duva_err that ended it */
    int                      first;    /* octet of the server, or -1: none */
    uint16_t                 record_left;
    uint8_t                  record, record_at, alert; /* of the server */
    uint8_t                  unsent, coded, asked, again, spoken;
    uint8_t                  begun, ended, has_session, offered;
    uint8_t                  pinned, seen;
    uint8_t                  untrusted, misnamed, dated; /* reasons, or 0 */
    uint8_t                  read_wants, write_wants; /* DUVA_CAN_* */
} duva_mbedtls;

/* Reads trust store and client certificate, as duva_tls_config says.  Files
 * need an mbedTLS with MBEDTLS_FS_IO; the trust store of the system is what
 * SSL_CERT_FILE names, or a usual place, on POSIX alone.
 *
 * random supplies the random octets, from context; NULL: the entropy sources
 * of mbedTLS and its CTR_DRBG do.  It is tried: one that fails, or gives the
 * same twice, is DUVA_ERR_TLS.  With TLS 1.3 or MBEDTLS_USE_PSA_CRYPTO keys are
 * made by PSA, so that mbedTLS needs an entropy source in any case.  4 has PSA
 * alone: there random must be NULL, else it is DUVA_ERR_UNSUPPORTED, and a
 * device gives its random octets to PSA (MBEDTLS_PSA_DRIVER_GET_ENTROPY).
 *
 * It calls psa_crypto_init() where mbedTLS needs that.  What PSA keeps is freed
 * by mbedtls_psa_crypto_free(), which the program calls at its end.
 *
 * DUVA_ERR_TLS: one of them cannot be used, t->tls.link.cause is mbedTLS's
 * error.  DUVA_ERR_RESOURCES: too little memory, or too few descriptors, to
 * read them.  DUVA_ERR_ARG: config is NULL or incomplete, as
 * for duva_openssl_init(). */
int  duva_mbedtls_init(duva_mbedtls *t, const duva_tls_config *config,
                       duva_mbedtls_random *random, void *context);

/* A certificate that the server has sent, in DER: see duva_openssl_chain(). */
int  duva_mbedtls_chain(const duva_mbedtls *t, unsigned n, void *der,
                        size_t size);

/* Frees and wipes everything.  Close the connection first. */
void duva_mbedtls_free(duva_mbedtls *t);

/* mbedTLS's text for the cause of a DUVA_ERR_TLS, as duva_openssl_text(); its
 * library may have been built without any. */
const char *duva_mbedtls_text(int32_t cause, char *buf, size_t len);

/* The digests of mbedTLS; they need libmbedcrypto alone.  With 4, or 3.6 and
 * MBEDTLS_USE_PSA_CRYPTO, they are those of PSA, and so are random octets. */
extern const duva_crypto duva_crypto_mbedtls;

#ifdef __cplusplus
}
#endif
#endif
