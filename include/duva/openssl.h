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
 * The fields are private. */
typedef struct duva_openssl {
    duva_tls               tls;      /* give this to duva_client.tls */
    const duva_tls_config *config;
    void                  *context;  /* SSL_CTX */
    void                  *method;   /* BIO_METHOD: a link as OpenSSL's I/O */
    void                  *ssl;      /* SSL, while there is a connection */
    void                  *session;  /* SSL_SESSION to offer */
    char                   host[256];/* whose session that is */
    int                    broken;   /* the duva_err that ended it */
    int                    shortage; /* an errno of the handshake, or 0 */
    uint8_t                binding[64];
    uint8_t                read_wants, write_wants; /* DUVA_CAN_* */
} duva_openssl;

/* Reads the trust store and our own certificate.  DUVA_ERR_TLS: one of them
 * cannot be used, t->tls.link.cause is OpenSSL's error.
 * DUVA_ERR_RESOURCES: too little memory, or too few descriptors, to read them.
 * DUVA_ERR_ARG: config, or a part of it that belongs to another, is NULL. */
int  duva_openssl_init(duva_openssl *t, const duva_tls_config *config);

/* An adapter with the config, trust store and certificate that another one has
 * read, for one more connection: nothing is read again, and they are shared in
 * memory; like may be freed before it.  The session to come back with is its
 * own.  DUVA_ERR_ARG: a pointer is NULL, or like is not ready.
 * DUVA_ERR_RESOURCES: there is no memory. */
int  duva_openssl_init_like(duva_openssl *t, const duva_openssl *like);

/* Writes a certificate that the server has shown, in DER; 0 is its own, and
 * what it sent with it follows.  For people to look at: whether they are to be
 * believed is what the handshake tells.  From the end of the handshake to
 * close().  Returns the octets, 0 when there is no such certificate, or
 * DUVA_ERR_SPACE when it is longer than size. */
int  duva_openssl_chain(const duva_openssl *t, unsigned n, void *der,
                        size_t size);

/* Gives everything back.  Not while a connection lives: close that first. */
void duva_openssl_free(duva_openssl *t);

/* OpenSSL's words for the cause of a DUVA_ERR_TLS: "certificate verify failed".
 * Returns buf, which is cut to fit; "" when buf is NULL or len is 0.  From any
 * thread. */
const char *duva_openssl_text(int32_t cause, char *buf, size_t len);

/* Hashes for SCRAM and CRAM-MD5.  It needs none of the above. */
extern const duva_crypto duva_crypto_openssl;

#ifdef __cplusplus
}
#endif
#endif
