/* sockets_posix.h - the sockets of POSIX, for duva_sockets.h. */
/* SPDX-License-Identifier: MIT */
/* On a host port/posix does more.  This is the model for other systems, and
 * what the tests use.  It needs _POSIX_C_SOURCE 200809L. */
#ifndef DUVA_SOCKETS_POSIX_H
#define DUVA_SOCKETS_POSIX_H

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define DUVA_SOCKET         int
#define DUVA_SOCKET_NONE    (-1)
#define DUVA_SOCKET_ADDRESS struct addrinfo
#define DUVA_SOCKET_IPV6    AF_INET6

static inline int duva_socket_code(int n)
{
    return n < 0 ? -errno : n;
}

static inline int duva_socket_resolve(const char *host, unsigned port,
                                      struct addrinfo **list)
{
    struct addrinfo hints;
    char text[8];

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    snprintf(text, sizeof text, "%u", port);
    return getaddrinfo(host, text, &hints, list);
}

#define duva_socket_free(list) freeaddrinfo(list)

static inline int duva_socket_open(const struct addrinfo *a, int *s)
{
    int on = 1, code;

    *s = socket(a->ai_family, SOCK_STREAM, IPPROTO_TCP);
    if (*s < 0)
        return -errno;
    if (fcntl(*s, F_SETFL, O_NONBLOCK) < 0
        || fcntl(*s, F_SETFD, FD_CLOEXEC) < 0) {
        code = errno;
        close(*s);
        *s = DUVA_SOCKET_NONE;
        return -code;
    }
    /* Nagle's algorithm would only cost time; without this it still works. */
    (void)setsockopt(*s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

static inline int duva_socket_connect(int s, const struct addrinfo *a)
{
    if (connect(s, a->ai_addr, a->ai_addrlen) == 0)
        return 0;
    return errno == EINPROGRESS || errno == EINTR ? 0 : -errno;
}

static inline int duva_socket_connected(int s)
{
    int       code = 0;
    socklen_t len = sizeof code;

    if (getsockopt(s, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        return -errno;
    return -code;
}

#define duva_socket_send(s, data, len) \
    duva_socket_code((int)send(s, data, len, MSG_NOSIGNAL))
#define duva_socket_recv(s, buf, len) \
    duva_socket_code((int)recv(s, buf, len, 0))

/* After an error or a hang-up there is something to read. */
static inline int duva_socket_wait(int s, unsigned can, uint32_t ms)
{
    struct pollfd p = { s, 0, 0 };
    int n;

    if (can & DUVA_CAN_READ)
        p.events |= POLLIN;
    if (can & DUVA_CAN_WRITE)
        p.events |= POLLOUT;
    n = poll(&p, 1, ms < 0x7FFFFFFF ? (int)ms : 0x7FFFFFFF);
    if (n <= 0)
        return duva_socket_code(n);
    return (p.revents & ~POLLOUT ? DUVA_CAN_READ : 0)
           | (p.revents & POLLOUT ? DUVA_CAN_WRITE : 0);
}

#define duva_socket_close(s) ((void)close(s))

static inline int duva_socket_kind(int code)
{
    switch (code) {
    case EAGAIN: case EINTR:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
        return DUVA_OK;
    case ECONNRESET: case EPIPE:
        return DUVA_ERR_CLOSED;
    case ENOMEM: case ENOBUFS: case EMFILE: case ENFILE:
        return DUVA_ERR_RESOURCES;
    default:
        return DUVA_ERR_IO;
    }
}

static inline uint32_t duva_socket_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint32_t)t.tv_sec * 1000u + (uint32_t)(t.tv_nsec / 1000000);
}

#endif
