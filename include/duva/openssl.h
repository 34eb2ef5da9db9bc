/* openssl.h - TLS by OpenSSL 3 as a link over a link, and its hashes. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_OPENSSL_H
#define DUVA_OPENSSL_H

#include "duva/crypto.h"
#include "duva/tls.h"

#ifdef __cplusplus
extern "C" {
#endif

/* One adapter serves one connection at a time, and any number one after the
 * other.  It keeps the session that the last server gave it and offers it to
 * the next connection when the host is the same; use an adapter of its own
 * for each set of credentials, so that sessions are not shared between them.
 *
 * The client requests a stapled OCSP response (RFC 6066 8).  A response must be
 * signed by the issuer or its delegated responder, be for this certificate,
 * current, and "good"; else the handshake fails with CERT_REVOKED or
 * CERT_STATUS.  A missing response is CERT_STATUS when the certificate requires
 * one (RFC 7633), else no error.  No responder is asked over the network.  A
 * resumed session is not checked again.
 *
 * A server that requests a client certificate, gets none and closes without an
 * alert is reported as requiring one: CERT_OURS.
 *
 * Static RSA key exchange (RFC 9325 4.1) and less than 112 bits of security are
 * off and cannot be switched on.
 *
 * The fields are private. */
typedef struct duva_openssl {
    duva_tls               tls;      /* give this to duva_client.tls */
    const duva_tls_config *config;
    void                  *context;  /* SSL_CTX */
    void                  *method;   /* BIO_METHOD: a link as OpenSSL's I/O */
    void                  *ssl;      /* SSL, while there is a connection */
    void                  *session;  /* SSL_SESSION to offer */
    void                  *shown;    /* X509 that was not verified */
    char                   host[256];/* of that session */
    int                    broken;   /* the duva_err that ended it */
    int                    shortage; /* an errno of the handshake, or 0 */
    int                    first;    /* octet of the server, or -1: none */
    uint8_t                binding[64];
    uint8_t                shaken;   /* a handshake is done */
    uint8_t                asked;    /* for a client certificate */
    uint8_t                heard;    /* the server has sent something */
    uint8_t                read_wants, write_wants; /* DUVA_CAN_* */
} duva_openssl;

/* Reads trust store and client certificate.  DUVA_ERR_TLS: one of them cannot
 * be used, t->tls.link.cause is OpenSSL's error.
 * DUVA_ERR_RESOURCES: too little memory, or too few descriptors, to read them.
 * DUVA_ERR_ARG: config is NULL or incomplete: a certificate without its key, or
 * a length without data. */
int  duva_openssl_init(duva_openssl *t, const duva_tls_config *config);

/* An adapter that shares config, trust store and certificate with another one:
 * nothing is read again, and like may be freed before it.  The session to
 * resume is not shared.  DUVA_ERR_ARG: a pointer is NULL, or like is not ready.
 * DUVA_ERR_RESOURCES: there is no memory. */
int  duva_openssl_init_like(duva_openssl *t, const duva_openssl *like);

/* Writes a certificate that the server has sent, in DER: n 0 is its own, the
 * rest of the chain follows.  They are not verified by this call.  Valid from
 * the end of the handshake to close(); after a failed handshake there may be 0
 * alone.
 * Returns the octets, 0 when there is no such certificate, or DUVA_ERR_SPACE
 * when it is longer than size. */
int  duva_openssl_chain(const duva_openssl *t, unsigned n, void *der,
                        size_t size);

/* Frees everything.  Close the connection first. */
void duva_openssl_free(duva_openssl *t);

/* OpenSSL's text for the cause of a DUVA_ERR_TLS: "certificate verify failed".
 * Returns buf, truncated to len; "" when buf is NULL or len is 0.  From any
 * thread. */
const char *duva_openssl_text(int32_t cause, char *buf, size_t len);

/* Hashes for SCRAM and CRAM-MD5.  It needs none of the above. */
extern const duva_crypto duva_crypto_openssl;

#ifdef __cplusplus
}
#endif
#endif
