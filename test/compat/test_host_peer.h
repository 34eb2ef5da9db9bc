/* test_host_peer.h - a socket server on loopback: one thread, one peer. */
/* SPDX-License-Identifier: MIT */

/* Include it before nx_api.h, whose htonl() would garble <arpa/inet.h>. */

#ifndef TEST_HOST_PEER_H
#define TEST_HOST_PEER_H

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

struct peer {
    int listener;
    unsigned int port;
    void (*talk)(int fd);
    pthread_t thread;
};

static inline void peer_check(int ok, const char *what)
{
    if (ok)
        return;
    perror(what);
    exit(1);
}

/* Listens on the loopback address of one family; returns the descriptor. */
static inline int peer_listen(int family, int backlog, unsigned int *port)
{
    struct sockaddr_in6 v6;
    struct sockaddr_in v4;
    socklen_t size;
    int fd = socket(family, SOCK_STREAM, 0);

    peer_check(fd >= 0, "socket");
    memset(&v4, 0, sizeof v4);
    memset(&v6, 0, sizeof v6);
    if (family == AF_INET) {
        size = (socklen_t)sizeof v4;
        v4.sin_family = AF_INET;
        v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        peer_check(bind(fd, (struct sockaddr *)&v4, size) == 0, "bind");
        getsockname(fd, (struct sockaddr *)&v4, &size);
        *port = ntohs(v4.sin_port);
    } else {
        size = (socklen_t)sizeof v6;
        v6.sin6_family = AF_INET6;
        v6.sin6_addr = in6addr_loopback;
        peer_check(bind(fd, (struct sockaddr *)&v6, size) == 0, "bind");
        getsockname(fd, (struct sockaddr *)&v6, &size);
        *port = ntohs(v6.sin6_port);
    }
    if (backlog >= 0)
        peer_check(listen(fd, backlog) == 0, "listen");
    return fd;
}

static inline void *peer_body(void *argument)
{
    const struct peer *p = argument;
    int fd = accept(p->listener, NULL, NULL);

    peer_check(fd >= 0, "accept");
    p->talk(fd);
    close(fd);
    return NULL;
}

/* Answers the next one that comes to p->listener, with p->talk. */
static inline void peer_serve(struct peer *p)
{
    peer_check(pthread_create(&p->thread, NULL, peer_body, p) == 0, "thread");
}

static inline void peer_start(struct peer *p, int family, void (*talk)(int))
{
    p->talk = talk;
    p->listener = peer_listen(family, 4, &p->port);
    peer_serve(p);
}

/* Waits until the conversation is over. */
static inline void peer_join(struct peer *p)
{
    pthread_join(p->thread, NULL);
    close(p->listener);
}

static inline void peer_say(int fd, const char *text)
{
    peer_check(send(fd, text, strlen(text), MSG_NOSIGNAL)
                   == (ssize_t)strlen(text),
               "send");
}

static inline void peer_pause(long milliseconds)
{
    struct timespec t;

    t.tv_sec = milliseconds / 1000;
    t.tv_nsec = milliseconds % 1000 * 1000000;
    nanosleep(&t, NULL);
}

/* Reads exactly `size` bytes. */
static inline void peer_read(int fd, void *bytes, size_t size)
{
    peer_check(recv(fd, bytes, size, MSG_WAITALL) == (ssize_t)size, "recv");
}

#endif
