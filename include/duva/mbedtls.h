/* mbedtls.h - TLS by mbedTLS 2.28 as a link over a link, and its digests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MBEDTLS_H
#define DUVA_MBEDTLS_H

#include "duva/crypto.h"
#include "duva/tls.h"

#include <mbedtls/ctr_drbg.h>
#include <mbedtls/entropy.h>
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
 * The version is TLS 1.2.
 *
 * There is no OCSP: revocation is not checked, and a certificate that requires
 * a response (RFC 7633) is accepted without one; CERT_REVOKED and CERT_STATUS
 * do not occur.  Name constraints are not supported: a chain with critical ones
 * is CERT_EXTENSION.
 *
 * A server that requests a client certificate, gets none and closes during the
 * handshake is reported as requiring one: CERT_OURS.
 *
 * Static RSA key exchange is off (RFC 9325 4.1): mbedTLS must be built with
 * ECDHE or DHE.  The fields are private. */
typedef struct duva_mbedtls {
    duva_tls                 tls;      /* give this to duva_client.tls */
    const duva_tls_config   *config;
    mbedtls_ssl_config       settings;
    mbedtls_ssl_context      ssl;
    mbedtls_ssl_session      session;  /* to offer */
    mbedtls_x509_crt         ca, own;
    mbedtls_pk_context       key;
    mbedtls_entropy_context  entropy;
    mbedtls_ctr_drbg_context drbg;
    char                     host[256];/* of that session */
    uint8_t                  binding[64];
    unsigned char           *shown;    /* the certificate that was rejected */
    size_t                   shown_len;
    size_t                   writing;  /* octets of a write half done */
    int                      broken;   /* the duva_err that ended it */
    int                      first;    /* octet of the server, or -1: none */
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
 * of mbedTLS and its CTR_DRBG do.
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

/* The digests of mbedTLS; they need libmbedcrypto alone. */
extern const duva_crypto duva_crypto_mbedtls;

#ifdef __cplusplus
}
#endif
#endif
