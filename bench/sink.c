/* sink.c - turns mails on many connections into counts, fast. */
/* SPDX-License-Identifier: MIT */
/*
 *     sink [address=127.0.0.1] [cert=FILE key=FILE]
 *
 * Listens on ports that the kernel chooses and says which, as JSON on a line:
 * "data" offers PIPELINING, SIZE and 8BITMIME; "chunking" CHUNKING as well;
 * with a certificate, "starttls" and "implicit" are "chunking" under TLS.
 * Answers each line on standard input with what has arrived since the one
 * before, as JSON on a line, and goes when standard input ends.
 */
#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "sink_session.h"

/* What epoll gives back points to one of these. */
struct port {
    const char *name;
    unsigned    offers;
    int         implicit;
    int         fd;
};

struct connection {
    int            fd;
    int            writing;    /* waits for room instead of octets */
    SSL           *ssl;
    struct session session;
};

static struct port ports[] = {
    { "data", 0, 0, -1 },
    { "chunking", OFFER_CHUNKING, 0, -1 },
    { "starttls", OFFER_CHUNKING | OFFER_STARTTLS, 0, -1 },
    { "implicit", OFFER_CHUNKING, 1, -1 }
};
enum { PORTS = 4, PORTS_IN_CLEAR = 2, READ_SIZE = 256 * 1024 };

static struct tally tally;
static SSL_CTX     *tls;
static int          poller;
static char         octets[READ_SIZE];

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void watch(int fd, void *what, uint32_t events, int how)
{
    struct epoll_event e = { .events = events, .data.ptr = what };

    if (epoll_ctl(poller, how, fd, &e) < 0)
        die("sink: epoll_ctl");
}

/* ---- a connection ---- */

static void hang_up(struct connection *c)
{
    session_end(&c->session);
    SSL_free(c->ssl);
    close(c->fd);
    free(c);
}

static void start_tls(struct connection *c)
{
    c->ssl = SSL_new(tls);
    if (c->ssl == NULL || SSL_set_fd(c->ssl, c->fd) != 1)
        die("sink: SSL_new");
    SSL_set_accept_state(c->ssl);
}

/* Octets, 0 at the end or after a failure, -1 when there are none now. */
static long receive(struct connection *c)
{
    long n;

    if (c->ssl == NULL) {
        n = recv(c->fd, octets, sizeof(octets), 0);
        return n < 0 && errno != EAGAIN ? 0 : n;
    }
    ERR_clear_error();
    n = SSL_read(c->ssl, octets, sizeof(octets));
    if (n > 0)
        return n;
    return SSL_get_error(c->ssl, (int)n) == SSL_ERROR_WANT_READ ? -1 : 0;
}

static long transmit(struct connection *c)
{
    const struct session *s = &c->session;
    long n;

    if (c->ssl == NULL) {
        n = send(c->fd, s->out, s->out_len, MSG_NOSIGNAL);
        return n < 0 && errno != EAGAIN ? 0 : n;
    }
    ERR_clear_error();
    n = SSL_write(c->ssl, s->out, (int)s->out_len);
    if (n > 0)
        return n;
    return SSL_get_error(c->ssl, (int)n) == SSL_ERROR_WANT_WRITE ? -1 : 0;
}

/* Returns 0 when the connection is over.  Nothing more is read while answers
 * cannot be sent. */
static int flush_answers(struct connection *c)
{
    struct session *s = &c->session;
    int             writing;

    tally.turns += s->out_len > 0;
    while (s->out_len > 0) {
        const long n = transmit(c);

        if (n == 0)
            return 0;
        if (n < 0)
            break;
        s->out_len -= (size_t)n;
        memmove(s->out, s->out + n, s->out_len);
    }
    writing = s->out_len > 0;
    if (writing != c->writing)
        watch(c->fd, c, writing ? EPOLLOUT : EPOLLIN, EPOLL_CTL_MOD);
    c->writing = writing;
    if (!writing && s->state == SESSION_TLS) {
        session_secured(s);
        start_tls(c);
    }
    return writing || s->state != SESSION_OVER;
}

/* TLS may hold octets that poll() no longer reports. */
static int serve(struct connection *c)
{
    long n;

    do {
        n = receive(c);
        if (n == 0)
            return 0;
        if (n > 0)
            session_feed(&c->session, octets, (size_t)n);
        if (c->session.out_len > 0
            && (c->ssl == NULL || SSL_is_init_finished(c->ssl))
            && !flush_answers(c))
            return 0;
    } while (n > 0 && c->ssl != NULL && !c->writing);
    return c->session.state != SESSION_OVER || c->writing;
}

static void accept_all(struct port *port)
{
    const int on = 1;
    int       fd;

    while ((fd = accept4(port->fd, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
        struct connection *c = calloc(1, sizeof(*c));

        if (c == NULL)
            die("sink");
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
        c->fd = fd;
        c->session.tally = &tally;
        c->session.offers = port->offers;
        watch(fd, c, EPOLLIN, EPOLL_CTL_ADD);
        if (port->implicit)
            start_tls(c);
        session_greet(&c->session);
        if (port->implicit) /* the greeting follows the handshake */
            continue;
        if (!flush_answers(c))
            hang_up(c);
    }
    if (errno != EAGAIN && errno != ECONNABORTED)
        die("sink: accept");
}

/* ---- beginning and end ---- */

static void listen_on(struct port *port, const char *address)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t          len = sizeof(at);

    if (inet_pton(AF_INET, address, &at.sin_addr) != 1) {
        fprintf(stderr, "sink: %s is not an IPv4 address\n", address);
        exit(64);
    }
    port->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (port->fd < 0 || bind(port->fd, (struct sockaddr *)&at, len) < 0
        || listen(port->fd, 4096) < 0
        || getsockname(port->fd, (struct sockaddr *)&at, &len) < 0)
        die("sink: listen");
    watch(port->fd, port, EPOLLIN, EPOLL_CTL_ADD);
    printf("%s\"%s\": %d", port == ports ? "{" : ", ", port->name,
           ntohs(at.sin_port));
}

static void load_certificate(const char *cert, const char *key)
{
    tls = SSL_CTX_new(TLS_server_method());
    if (tls == NULL || SSL_CTX_use_certificate_chain_file(tls, cert) != 1
        || SSL_CTX_use_PrivateKey_file(tls, key, SSL_FILETYPE_PEM) != 1) {
        ERR_print_errors_fp(stderr);
        exit(1);
    }
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE
                              | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
}

static void report(void)
{
    char       line[64];
    const long n = read(STDIN_FILENO, line, sizeof(line));

    if (n <= 0)
        exit(0);
#define PRINT(field) printf("\"" #field "\": %llu, ", \
                            (unsigned long long)tally.field)
    printf("{");
    PRINT(connections);
    PRINT(mails);
    PRINT(recipients);
    PRINT(octets);
    PRINT(refused);
    PRINT(cut);
    PRINT(turns);
    printf("\"sum\": %llu}\n", (unsigned long long)tally.sum);
    fflush(stdout);
    memset(&tally, 0, sizeof(tally));
}

static void handle(const struct epoll_event *e)
{
    struct port       *port = e->data.ptr;
    struct connection *c = e->data.ptr;

    if (e->data.ptr == &tally)
        report();
    else if (port >= ports && port < ports + PORTS)
        accept_all(port);
    else if ((c->writing && !flush_answers(c)) || (!c->writing && !serve(c)))
        hang_up(c);
}

static const char *value_of(const char *name, char **argv)
{
    const size_t len = strlen(name);

    while (*++argv != NULL)
        if (strncmp(*argv, name, len) == 0 && (*argv)[len] == '=')
            return *argv + len + 1;
    return NULL;
}

int main(int argc, char **argv)
{
    const char *address = value_of("address", argv);
    const char *cert = value_of("cert", argv), *key = value_of("key", argv);
    struct epoll_event event[256];
    int                i, n;

    (void)argc;
    signal(SIGPIPE, SIG_IGN);  /* OpenSSL writes to sockets plainly */
    poller = epoll_create1(0);
    if (poller < 0)
        die("sink: epoll");
    if (cert != NULL && key != NULL)
        load_certificate(cert, key);
    for (i = 0; i < (tls != NULL ? PORTS : PORTS_IN_CLEAR); i++)
        listen_on(&ports[i], address != NULL ? address : "127.0.0.1");
    printf("}\n");
    fflush(stdout);
    watch(STDIN_FILENO, &tally, EPOLLIN, EPOLL_CTL_ADD);
    for (;;) {
        n = epoll_wait(poller, event, 256, -1);
        if (n < 0 && errno != EINTR)
            die("sink: epoll_wait");
        for (i = 0; i < n; i++)
            handle(&event[i]);
    }
}
