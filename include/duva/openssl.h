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
 * The server is asked for an answer of OCSP about its certificate (RFC 6066 8).
 * One that comes must be signed by the authority, or by whom it has named for
 * that, be about this certificate, of now, and say "good"; else the handshake
 * fails with CERT_REVOKED or CERT_STATUS.  None at all is CERT_STATUS where the
 * certificate promises one (RFC 7633), and otherwise nothing.  No authority is
 * asked over the network.  A resumed session is not looked at again.
 *
 * A server that has asked for a certificate of ours, has got none and hangs up
 * without a word is reported as requiring one: CERT_OURS.
 *
 * The key of the certificate is not used to exchange keys (RFC 9325 4.1), nor
 * is anything of less than 112 bits of security; neither can be allowed.
 *
 * The fields are private. */
typedef struct duva_openssl {
    duva_tls               tls;      /* give this to duva_client.tls */
    const duva_tls_config *config;
    void                  *context;  /* SSL_CTX */
    void                  *method;   /* BIO_METHOD: a link as OpenSSL's I/O */
    void                  *ssl;      /* SSL, while there is a connection */
    void                  *session;  /* SSL_SESSION to offer */
    void                  *shown;    /* X509 of one who is not believed */
    char                   host[256];/* whose session that is */
    int                    broken;   /* the duva_err that ended it */
    int                    shortage; /* an errno of the handshake, or 0 */
    int                    first;    /* octet of the server, or -1: none */
    uint8_t                binding[64];
    uint8_t                shaken;   /* a handshake is done */
    uint8_t                asked;    /* for a certificate of ours */
    uint8_t                heard;    /* the server has said something */
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
 * close(); when it failed because of a certificate there may be 0 alone.
 * Returns the octets, 0 when there is no such certificate, or DUVA_ERR_SPACE
 * when it is longer than size. */
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
