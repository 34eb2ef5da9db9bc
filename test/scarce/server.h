/* server.h - an SMTP server in a process of its own, with enough memory. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_SCARCE_SERVER_H
#define DUVA_TEST_SCARCE_SERVER_H

#include "../unit/support/peer.h"
#include "../unit/support/tls_authority.h"

#include <openssl/ssl.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What both processes see. */
struct counts {
    atomic_uint accepted;      /* connections */
    atomic_uint gone;          /* of them */
    atomic_uint messages;
};

/* Zero it, set what matters, call server_begin(). */
struct server {
    const struct identity *self; /* NULL: no TLS */
    int         implicit;      /* TLS from the start; else STARTTLS */
    int         version;       /* the highest of TLS; 0: any */
    unsigned char *staple;     /* an answer of OCSP; NULL: none */
    size_t      staple_len;
    int         socks;         /* a proxy stands before it */
    const char *ehlo;          /* as in peer.h, once TLS is done */
    struct counts *counts;
    char        port[8];
    int         fd;
    pid_t       child;
    SSL_CTX    *context;
};

struct visit {
    struct server *server;
    int            fd;
};

static inline int server_take(SSL *ssl, int fd, char *buf, size_t len)
{
    return ssl != NULL ? SSL_read(ssl, buf, (int)len)
                       : (int)recv(fd, buf, len, 0);
}

static inline void server_give(SSL *ssl, int fd, struct peer *peer)
{
    char   buf[1024];
    size_t len;

    while ((len = peer_give(peer, buf, sizeof(buf))) > 0)
        if (ssl != NULL)
            SSL_write(ssl, buf, (int)len);
        else
            send(fd, buf, len, MSG_NOSIGNAL);
}

/* Until the peer has said its last word, or 220 to STARTTLS. */
static inline int server_talk(struct server *s, struct peer *peer, SSL *ssl,
                              int fd)
{
    char     buf[1024];
    unsigned before;
    int      n = 1;

    while (n > 0 && !peer->closed) {
        server_give(ssl, fd, peer);
        n = server_take(ssl, fd, buf, sizeof(buf));
        if (n <= 0)
            break;
        before = peer->messages;
        peer_take(peer, buf, (size_t)n);
        s->counts->messages += peer->messages - before;
        if (ssl == NULL && n >= 8 && memcmp(buf, "STARTTLS", 8) == 0) {
            server_give(ssl, fd, peer);
            return 1;
        }
    }
    server_give(ssl, fd, peer);
    return 0;
}

/* SOCKS 5 for nobody in particular: whatever is asked for is here. */
static inline void server_let_through(int fd)
{
    char buf[512];

    if (recv(fd, buf, sizeof(buf), 0) > 0)
        send(fd, "\5\0", 2, MSG_NOSIGNAL);
    if (recv(fd, buf, sizeof(buf), 0) > 0)
        send(fd, "\5\0\0\1\0\0\0\0\0\0", 10, MSG_NOSIGNAL);
}

static inline void *server_visit(void *arg)
{
    struct visit  *v = arg;
    struct server *s = v->server;
    struct peer   *peer = calloc(1, sizeof(*peer));
    SSL           *ssl = s->self != NULL ? SSL_new(s->context) : NULL;
    const int      fd = v->fd;
    int            secured = s->implicit;

    if (s->socks)
        server_let_through(fd);
    peer->ehlo = s->self == NULL || s->implicit
                     ? s->ehlo : "250-peer\r\n250 STARTTLS";
    if (!s->implicit) {
        peer_begin(peer);
        secured = server_talk(s, peer, NULL, fd);
    }
    if (secured && ssl != NULL) {
        SSL_set_fd(ssl, fd);
        if (SSL_accept(ssl) == 1) {
            peer->ehlo = s->ehlo;
            if (s->implicit)
                peer_begin(peer);
            server_talk(s, peer, ssl, fd);
            SSL_shutdown(ssl);
        }
    }
    SSL_free(ssl);
    free(peer->message);
    free(peer);
    close(fd);
    free(v);
    s->counts->gone++;
    return NULL;
}

static inline int server_staple(SSL *ssl, void *server)
{
    const struct server *s = server;

    if (s->staple == NULL)
        return SSL_TLSEXT_ERR_NOACK;
    SSL_set_tlsext_status_ocsp_resp(
        ssl, OPENSSL_memdup(s->staple, s->staple_len), (long)s->staple_len);
    return SSL_TLSEXT_ERR_OK;
}

static inline void server_live(struct server *s)
{
    static const unsigned char id[] = "scarce";
    pthread_t     thread;
    struct visit *v;

    prctl(PR_SET_PDEATHSIG, SIGKILL);
    signal(SIGPIPE, SIG_IGN);
    if (s->self != NULL) {
        s->context = SSL_CTX_new(TLS_server_method());
        SSL_CTX_set_session_id_context(s->context, id, sizeof(id));
        SSL_CTX_use_certificate(s->context, s->self->cert);
        SSL_CTX_use_PrivateKey(s->context, s->self->key);
        SSL_CTX_set_tlsext_status_cb(s->context, server_staple);
        SSL_CTX_set_tlsext_status_arg(s->context, s);
        if (s->version != 0)
            SSL_CTX_set_max_proto_version(s->context, s->version);
    }
    for (;;) {
        v = calloc(1, sizeof(*v));
        v->server = s;
        v->fd = accept(s->fd, NULL, NULL);
        s->counts->accepted++;
        pthread_create(&thread, NULL, server_visit, v);
        pthread_detach(thread);
    }
}

static inline void server_begin(struct server *s)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t          len = sizeof(at);

    s->counts = mmap(NULL, sizeof(*s->counts), PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    s->fd = socket(AF_INET, SOCK_STREAM, 0);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (s->counts == MAP_FAILED || s->fd < 0
        || bind(s->fd, (struct sockaddr *)&at, sizeof(at)) != 0
        || listen(s->fd, 64) != 0
        || getsockname(s->fd, (struct sockaddr *)&at, &len) != 0)
        abort();
    snprintf(s->port, sizeof(s->port), "%u", (unsigned)ntohs(at.sin_port));
    s->child = fork();
    if (s->child == 0)
        server_live(s);
    close(s->fd);
    if (s->child < 0)
        abort();
}

/* Whoever is heard came behind all the others. */
static inline void server_knock(const struct server *s)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    char      buf[512];
    const int fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((uint16_t)strtoul(s->port, NULL, 10));
    if (fd < 0 || connect(fd, (struct sockaddr *)&at, sizeof(at)) != 0)
        abort();
    shutdown(fd, SHUT_WR);
    while (recv(fd, buf, sizeof(buf), 0) > 0)
        ;
    close(fd);
}

/* When all who came have gone: the messages since the last time. */
static inline unsigned server_settle(struct server *s)
{
    static const struct timespec moment = { 0, 200000 };
    unsigned tries = 0;

    server_knock(s);
    while (s->counts->gone != s->counts->accepted) {
        if (++tries > 50000)
            abort();
        nanosleep(&moment, NULL);
    }
    return atomic_exchange(&s->counts->messages, 0);
}

static inline void server_end(struct server *s)
{
    kill(s->child, SIGKILL);
    waitpid(s->child, NULL, 0);
    munmap(s->counts, sizeof(*s->counts));
}

#endif
