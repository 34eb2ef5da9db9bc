/* pool_server.h - an SMTP server in a thread, for many connections at a time,
 * for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_POOL_SERVER_H
#define DUVA_TEST_POOL_SERVER_H

#include "peer.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

enum { GUESTS = 256 };

struct guest {
    struct peer *peer;
    int          fd;
    unsigned     number;       /* of the connection, from 1 */
};

/* Zero it, set what matters, call server_begin(). */
struct server {
    const char *ehlo, *at_end; /* as in peer.h */
    unsigned    hold;          /* nobody is greeted before so many are there */
    unsigned    busy;          /* so many connections hear 421 at first */
    unsigned    places;        /* those beyond so many at a time hear it, too */
    unsigned    mute;          /* 1: never says a word */
    unsigned    cut;           /* this connection dies at its first dot */
    unsigned    leaves_after;  /* hangs up behind so many answers */
    const char *at_next;       /* as in peer.h */
    unsigned    drops;         /* 1: what is read together with an end of data
                                  and follows it */
    const char *behind;        /* the reply to each line of that */
    /* what came of it: to be read after server_end() */
    unsigned    connections, most, messages, quits;
    size_t      octets;        /* of the messages */
    /* its own */
    struct guest guest[GUESTS];
    unsigned    guests, greeted;
    char        port[8];
    int         fd, wake[2];
    pthread_t   thread;
};

static inline void server_flush(struct guest *g)
{
    char   buf[4096];
    size_t n;

    while ((n = peer_give(g->peer, buf, sizeof(buf))) > 0)
        send(g->fd, buf, n, MSG_NOSIGNAL);
}

static inline void server_greet(struct server *s)
{
    unsigned i;

    if (s->mute || (s->greeted == 0 && s->guests < s->hold))
        return;
    for (i = 0; i < s->guests; i++) {
        struct guest *g = &s->guest[i];

        if (g->number <= s->greeted)
            continue;
        if (g->number <= s->busy || (s->places > 0 && i >= s->places)) {
            peer_say(g->peer, "421 4.3.2 come back later");
            g->peer->closed = 1;
        } else {
            peer_begin(g->peer);
        }
    }
    s->greeted = s->connections;
}

static inline void server_accept(struct server *s)
{
    const int     fd = accept(s->fd, NULL, NULL);
    struct guest *g;

    if (fd < 0 || s->guests == GUESTS)
        abort();
    g = &s->guest[s->guests++];
    g->fd = fd;
    g->number = ++s->connections;
    g->peer = calloc(1, sizeof(*g->peer));
    if (g->peer == NULL)
        abort();
    g->peer->ehlo = s->ehlo;
    g->peer->at_end = s->at_end;
    g->peer->at_next = s->at_next;
    if (s->guests > s->most)
        s->most = s->guests;
}

static inline void server_leave(struct server *s, unsigned i)
{
    struct guest *g = &s->guest[i];

    s->messages += g->peer->messages;
    s->quits += g->peer->quits;
    s->octets += g->peer->message_len;
    close(g->fd);
    free(g->peer->message);
    free(g->peer);
    *g = s->guest[--s->guests];
}

/* Is that the end of data, and something behind it that is not heard?  Its
 * replies are said then. */
static inline int server_drops(const struct server *s, struct guest *g,
                               unsigned messages, const char *at, ssize_t len)
{
    if (!s->drops || g->peer->messages == messages || len == 0)
        return 0;
    for (; s->behind != NULL && len > 0; len--)
        if (*at++ == '\n')
            peer_say(g->peer, s->behind);
    return 1;
}

/* Returns 0 when the guest has gone. */
static inline int server_hear(struct server *s, struct guest *g)
{
    char          buf[4096];
    const ssize_t n = recv(g->fd, buf, sizeof(buf), 0);
    const ssize_t step = s->cut > 0 || s->leaves_after > 0 || s->drops ? 1 : n;
    ssize_t       i;

    if (n <= 0)
        return 0;
    for (i = 0; i < n && !g->peer->closed; i += step) {
        const unsigned messages = g->peer->messages;

        peer_take(g->peer, buf + i, (size_t)step);
        if (server_drops(s, g, messages, buf + i + step, n - i - step))
            break;
        if (g->peer->messages > 0 && g->number == s->cut) {
            g->peer->messages = 0;
            return 0;          /* and the answer is never said */
        }
        if (s->leaves_after > 0 && g->peer->messages == s->leaves_after)
            g->peer->closed = 1;
    }
    return 1;
}

static inline void server_look(struct server *s, struct pollfd *p)
{
    unsigned i;

    for (i = 0; i < s->guests; i++)
        if (p[i + 2].revents != 0 && !server_hear(s, &s->guest[i]))
            s->guest[i].peer->closed = 2;
    if (p[1].revents != 0)
        server_accept(s);
    server_greet(s);
    for (i = s->guests; i-- > 0;) {
        if (s->guest[i].peer->closed < 2)
            server_flush(&s->guest[i]);
        if (s->guest[i].peer->closed)
            server_leave(s, i);
    }
}

static inline void *server_run(void *arg)
{
    struct server *s = arg;
    struct pollfd  p[GUESTS + 2];
    unsigned       i;

    for (;;) {
        p[0] = (struct pollfd) { s->wake[0], POLLIN, 0 };
        p[1] = (struct pollfd) { s->fd, POLLIN, 0 };
        for (i = 0; i < s->guests; i++)
            p[i + 2] = (struct pollfd) { s->guest[i].fd, POLLIN, 0 };
        if (poll(p, s->guests + 2, -1) < 0)
            continue;
        if (p[0].revents != 0)
            break;
        server_look(s, p);
    }
    while (s->guests > 0)
        server_leave(s, 0);
    return NULL;
}

static inline int listen_somewhere(char port[8])
{
    struct sockaddr_in at = { .sin_family = AF_INET };
    socklen_t          len = sizeof(at);
    const int          fd = socket(AF_INET, SOCK_STREAM, 0);

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, (struct sockaddr *)&at, sizeof(at)) != 0
        || listen(fd, GUESTS) != 0
        || getsockname(fd, (struct sockaddr *)&at, &len) != 0)
        abort();
    snprintf(port, 8, "%u", (unsigned)ntohs(at.sin_port));
    return fd;
}

/* On a socket that listens. */
static inline void server_begin_on(struct server *s, int fd)
{
    s->fd = fd;
    if (pipe(s->wake) != 0
        || pthread_create(&s->thread, NULL, server_run, s) != 0)
        abort();
}

static inline void server_begin(struct server *s)
{
    server_begin_on(s, listen_somewhere(s->port));
}

static inline void server_end(struct server *s)
{
    if (write(s->wake[1], "", 1) != 1)
        abort();
    pthread_join(s->thread, NULL);
    close(s->fd);
    close(s->wake[0]);
    close(s->wake[1]);
}

#endif
