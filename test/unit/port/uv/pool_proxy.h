/* pool_proxy.h - a proxy for many connections at a time, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_POOL_PROXY_H
#define DUVA_TEST_POOL_PROXY_H

#include "duva/proxy.h"

#include "pool_server.h"

enum { PASSAGES = 64 };

/* Whoever asks is let through to that port on this machine, by whatever name.
 * Zero it, set what matters, call proxy_begin(). */
struct proxy {
    duva_proxy_kind kind;
    const char *user, *pass;   /* NULL: it lets in who does not log in */
    const char *says;          /* instead of all else */
    size_t      says_len;
    unsigned    refuses;       /* 1: with REP 2, 2: with 5; HTTP's status */
    int         mute;          /* says nothing until it is hung up on */
    int         one_breath;    /* the greeting comes with its answer */
    void      (*asked)(void);  /* called where it would have to answer */
    /* what came of it: to be read after proxy_end() */
    unsigned    connections, opened;
    char        host[256];     /* that it was asked for last */
    char        port[8];
    /* its own */
    struct passage {
        struct proxy *proxy;
        int           fd;
        pthread_t     thread;
    } passage[PASSAGES];
    int         fd;
    pthread_t   thread;
    pthread_mutex_t lock;
};

static inline int proxy_hears(int fd, char *buf, size_t len)
{
    return recv(fd, buf, len, MSG_WAITALL) == (ssize_t)len;
}

static inline void proxy_says(int fd, const char *data, size_t len)
{
    send(fd, data, len, MSG_NOSIGNAL);
}

/* A length in one octet, and so many more, as a text. */
static inline int proxy_hears_text(int fd, char *text)
{
    unsigned char len;

    if (!proxy_hears(fd, (char *)&len, 1) || !proxy_hears(fd, text, len))
        return 0;
    text[len] = '\0';
    return 1;
}

static inline int proxy_socks_login(const struct proxy *p, int fd)
{
    char methods[257], user[257], pass[257], head[1];
    int  wants = p->user != NULL ? 2 : 0, right;

    if (!proxy_hears(fd, head, 1) || head[0] != 5
        || !proxy_hears_text(fd, methods))
        return 0;
    if (memchr(methods, wants, 2) == NULL) {
        proxy_says(fd, "\5\xff", 2);
        return 0;
    }
    proxy_says(fd, wants == 2 ? "\5\2" : "\5\0", 2);
    if (wants == 0)
        return 1;
    if (!proxy_hears(fd, head, 1) || !proxy_hears_text(fd, user)
        || !proxy_hears_text(fd, pass))
        return 0;
    right = strcmp(user, p->user) == 0 && strcmp(pass, p->pass) == 0;
    proxy_says(fd, right ? "\1\0" : "\1\1", 2);
    return right;
}

/* Returns the port that is asked for, or 0. */
static inline unsigned proxy_socks(const struct proxy *p, int fd, char *host)
{
    unsigned char head[4], port[2];

    if (!proxy_socks_login(p, fd) || !proxy_hears(fd, (char *)head, 4))
        return 0;
    if (head[3] == 3 && !proxy_hears_text(fd, host))
        return 0;
    if (head[3] == 1) {
        if (!proxy_hears(fd, (char *)head, 4))
            return 0;
        snprintf(host, 256, "%u.%u.%u.%u", head[0], head[1], head[2],
                 head[3]);
    }
    if (!proxy_hears(fd, (char *)port, 2))
        return 0;
    return port[0] * 256u + port[1];
}

static inline unsigned proxy_http(const struct proxy *p, int fd, char *host)
{
    char     head[2048];
    size_t   len = 0;
    unsigned port;

    while (len < 4 || memcmp(head + len - 4, "\r\n\r\n", 4) != 0)
        if (len == sizeof(head) - 1 || !proxy_hears(fd, head + len++, 1))
            return 0;
    head[len] = '\0';
    if (p->user != NULL && strstr(head, "Basic YWRhOnNlc2FtZQ==") == NULL) {
        proxy_says(fd, "HTTP/1.1 407 Who\r\n\r\n", 20);
        return 0;
    }
    return sscanf(head, "CONNECT %255[^:]:%u HTTP/1.1", host, &port) == 2
               ? port
               : 0;
}

static inline int proxy_connects(unsigned port)
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    const int          fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    at.sin_port = htons((uint16_t)port);
    if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
        return fd;
    close(fd);
    return -1;
}

static inline void proxy_answers(const struct proxy *p, int fd, int to)
{
    static const char http[] = "HTTP/1.1 200 Ok\r\nVia: x\r\n\r\n";
    static const char socks[] = "\5\0\0\1\0\0\0\0\0\0";
    char    buf[1024];
    size_t  len = p->kind == DUVA_PROXY_HTTP ? sizeof(http) - 1 : 10;
    ssize_t n = 0;

    memcpy(buf, p->kind == DUVA_PROXY_HTTP ? http : socks, len);
    if (p->refuses > 0 && p->kind == DUVA_PROXY_HTTP)
        len = (size_t)snprintf(buf, sizeof(buf), "HTTP/1.1 %u No\r\n\r\n",
                               p->refuses);
    else if (p->refuses > 0)
        buf[1] = (char)p->refuses;
    else if (p->one_breath)
        n = recv(to, buf + len, sizeof(buf) - len, 0);
    proxy_says(fd, buf, len + (size_t)(n > 0 ? n : 0));
}

/* Both ways, until one of them hangs up. */
static inline void proxy_relays(int fd, int to)
{
    struct pollfd p[2] = { { fd, POLLIN, 0 }, { to, POLLIN, 0 } };
    char          buf[8192];
    ssize_t       n = 1;
    int           i;

    while (n > 0 && poll(p, 2, -1) > 0)
        for (i = 0; i < 2 && n > 0; i++)
            if (p[i].revents != 0) {
                n = recv(p[i].fd, buf, sizeof(buf), 0);
                if (n > 0)
                    n = send(p[1 - i].fd, buf, (size_t)n, MSG_NOSIGNAL);
            }
}

static inline void proxy_serves(struct proxy *p, int fd)
{
    char     host[257] = "", last[1];
    unsigned port;
    int      to;

    if (p->says != NULL) {
        recv(fd, host, sizeof(host) - 1, 0);
        proxy_says(fd, p->says, p->says_len);
        return;
    }
    if (p->mute) {
        if (p->asked != NULL)
            p->asked();
        while (recv(fd, last, 1, 0) > 0)
            ;
        return;
    }
    port = p->kind == DUVA_PROXY_HTTP ? proxy_http(p, fd, host)
                                      : proxy_socks(p, fd, host);
    to = port != 0 ? proxy_connects(port) : -1;
    if (port == 0)
        return;
    pthread_mutex_lock(&p->lock);
    strcpy(p->host, host);
    p->opened += p->refuses == 0 && to >= 0;
    pthread_mutex_unlock(&p->lock);
    proxy_answers(p, fd, to);
    if (p->refuses == 0 && to >= 0)
        proxy_relays(fd, to);
    if (to >= 0)
        close(to);
}

static inline void *proxy_passes(void *arg)
{
    struct passage *g = arg;
    char            rest[256];

    proxy_serves(g->proxy, g->fd);
    shutdown(g->fd, SHUT_WR);  /* what it says last must not be lost */
    while (recv(g->fd, rest, sizeof(rest), 0) > 0)
        ;
    close(g->fd);
    return NULL;
}

static inline void *proxy_run(void *arg)
{
    struct proxy *p = arg;
    int           fd;

    while (p->connections < PASSAGES
           && (fd = accept(p->fd, NULL, NULL)) >= 0) {
        struct passage *g = &p->passage[p->connections++];

        g->proxy = p;
        g->fd = fd;
        if (pthread_create(&g->thread, NULL, proxy_passes, g) != 0)
            abort();
    }
    return NULL;
}

static inline void proxy_begin(struct proxy *p)
{
    pthread_mutex_init(&p->lock, NULL);
    p->fd = listen_somewhere(p->port);
    if (pthread_create(&p->thread, NULL, proxy_run, p) != 0)
        abort();
}

/* When all who came have left. */
static inline void proxy_end(struct proxy *p)
{
    unsigned i;

    shutdown(p->fd, SHUT_RDWR);
    pthread_join(p->thread, NULL);
    close(p->fd);
    for (i = 0; i < p->connections; i++)
        pthread_join(p->passage[i].thread, NULL);
    pthread_mutex_destroy(&p->lock);
}

#endif
