/* tls_server.h - an OpenSSL server in a thread that echoes lines, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_TLS_SERVER_H
#define DUVA_TEST_TLS_SERVER_H

#include <openssl/ssl.h>

#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tls_authority.h"

/* What a server does instead of a handshake, or after one. */
enum behaviour {
    ECHO, PLAINTEXT, HANG_UP, ALERT, CUT_AFTER_LINE, SHRED, RENEGOTIATE
};

struct tls_server {
    const struct identity *self;
    const struct identity *between[2]; /* shown too, the nearest first */
    const struct identity *clients; /* wants a certificate that this signed */
    enum behaviour behaviour;
    int        max_version;    /* 0: any */
    const char *ciphers;       /* NULL: any */
    const unsigned char *staple; /* an answer of OCSP; NULL: none */
    size_t     staple_len;
    SSL_CTX   *context;
    int        fd;
    pthread_t  thread;
    int        shaken;         /* the handshake was done */
    char       sni[256];       /* the name that was asked for, or "" */
    size_t     heard;          /* octets of the client after the handshake */
};

static inline void server_echo(struct tls_server *s, SSL *ssl)
{
    char buf[4096];
    int  n, i;

    while ((n = SSL_read(ssl, buf, sizeof(buf))) > 0) {
        s->heard += (size_t)n;
        for (i = 0; s->behaviour == SHRED && i < n; i++) {
            if (i % 64 == 0)
                SSL_key_update(ssl, SSL_KEY_UPDATE_REQUESTED);
            SSL_write(ssl, buf + i, 1);
        }
        if (s->behaviour != SHRED)
            SSL_write(ssl, buf, n);
        if (s->behaviour == CUT_AFTER_LINE)
            return;
    }
    SSL_shutdown(ssl);
}

static inline void server_shake(struct tls_server *s)
{
    SSL        *ssl = SSL_new(s->context);
    const char *sni;

    SSL_set_fd(ssl, s->fd);
    s->shaken = SSL_accept(ssl) == 1;
    sni = SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name);
    if (sni != NULL)
        strncat(s->sni, sni, sizeof(s->sni) - 1);
    if (s->shaken && s->behaviour == RENEGOTIATE) {
        SSL_renegotiate(ssl);
        SSL_do_handshake(ssl);
    }
    if (s->shaken)
        server_echo(s, ssl);
    SSL_free(ssl);
}

static inline void *server_run(void *arg)
{
    static const char clear[] = "220 plain.example ESMTP\r\n";
    static const char alert[] = "\x15\x03\x03\x00\x02\x02\x28";
    struct tls_server *s = arg;
    char buf[512];

    switch (s->behaviour) {
    case PLAINTEXT:
        send(s->fd, clear, sizeof(clear) - 1, MSG_NOSIGNAL);
        break;
    case ALERT:
        recv(s->fd, buf, sizeof(buf), 0);
        send(s->fd, alert, sizeof(alert) - 1, MSG_NOSIGNAL);
        break;
    case HANG_UP:
        recv(s->fd, buf, sizeof(buf), 0);
        break;
    default:
        server_shake(s);
    }
    shutdown(s->fd, SHUT_WR);
    while (recv(s->fd, buf, sizeof(buf), 0) > 0)
        ;
    close(s->fd);
    return NULL;
}

static inline int server_staple(SSL *ssl, void *server)
{
    const struct tls_server *s = server;

    if (s->staple == NULL)
        return SSL_TLSEXT_ERR_NOACK;
    SSL_set_tlsext_status_ocsp_resp(
        ssl, OPENSSL_memdup(s->staple, s->staple_len), (long)s->staple_len);
    return SSL_TLSEXT_ERR_OK;
}

static inline void server_show(struct tls_server *s)
{
    size_t i;

    SSL_CTX_use_certificate(s->context, s->self->cert);
    SSL_CTX_use_PrivateKey(s->context, s->self->key);
    for (i = 0; i < 2 && s->between[i] != NULL; i++)
        SSL_CTX_add1_chain_cert(s->context, s->between[i]->cert);
}

static inline void server_context(struct tls_server *s)
{
    static const unsigned char id[] = "test";

    s->context = SSL_CTX_new(TLS_server_method());
    SSL_CTX_set_session_id_context(s->context, id, sizeof(id));
    SSL_CTX_set_security_level(s->context, 0); /* it may be a bad one */
    SSL_CTX_set_tlsext_status_cb(s->context, server_staple);
    SSL_CTX_set_tlsext_status_arg(s->context, s);
    if (s->ciphers != NULL)
        SSL_CTX_set_cipher_list(s->context, s->ciphers);
    if (s->max_version != 0) {
        SSL_CTX_set_min_proto_version(s->context, TLS1_VERSION);
        SSL_CTX_set_max_proto_version(s->context, s->max_version);
    }
    if (s->self != NULL)
        server_show(s);
    if (s->clients != NULL) {
        X509_STORE_add_cert(SSL_CTX_get_cert_store(s->context),
                            s->clients->cert);
        SSL_CTX_set_verify(s->context, SSL_VERIFY_PEER
                               | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    }
}

/* Serves one connection; returns the client's end of it.  The context is kept
 * from one to the next, so that sessions can be resumed. */
static inline int server_begin(struct tls_server *s)
{
    int pair[2];

    s->shaken = 0;
    s->sni[0] = '\0';
    s->heard = 0;
    if (s->context == NULL)
        server_context(s);
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        return -1;
    s->fd = pair[0];
    pthread_create(&s->thread, NULL, server_run, s);
    return pair[1];
}

static inline void server_end(struct tls_server *s)
{
    pthread_join(s->thread, NULL);
}

static inline void server_forget(struct tls_server *s)
{
    SSL_CTX_free(s->context);
    s->context = NULL;
}

#endif
