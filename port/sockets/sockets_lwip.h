/* sockets_lwip.h - the sockets of lwIP, for duva_sockets.h. */
/* SPDX-License-Identifier: MIT */
/* From any thread but lwIP's own; lwipopts.h has LWIP_SOCKET, LWIP_DNS and
 * LWIP_SOCKET_POLL.  Without threads take port/lwip. */
#ifndef DUVA_SOCKETS_LWIP_H
#define DUVA_SOCKETS_LWIP_H

#include <lwip/errno.h>
#include <lwip/netdb.h>
#include <lwip/sockets.h>
#include <lwip/sys.h>

#include <stdio.h>
#include <string.h>

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
    return lwip_getaddrinfo(host, text, &hints, list);
}

#define duva_socket_free(list) lwip_freeaddrinfo(list)

static inline int duva_socket_open(const struct addrinfo *a, int *s)
{
    int on = 1, code;

    *s = lwip_socket(a->ai_family, SOCK_STREAM, IPPROTO_TCP);
    if (*s < 0)
        return -errno;
    if (lwip_fcntl(*s, F_SETFL, O_NONBLOCK) < 0) {
        code = errno;
        lwip_close(*s);
        *s = DUVA_SOCKET_NONE;
        return -code;
    }
    /* Nagle's algorithm would only cost time; without this it still works. */
    (void)lwip_setsockopt(*s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

static inline int duva_socket_connect(int s, const struct addrinfo *a)
{
    if (lwip_connect(s, a->ai_addr, a->ai_addrlen) == 0)
        return 0;
    return errno == EINPROGRESS ? 0 : -errno;
}

static inline int duva_socket_connected(int s)
{
    int       code = 0;
    socklen_t len = sizeof code;

    if (lwip_getsockopt(s, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        return -errno;
    return -code;
}

#define duva_socket_send(s, data, len) \
    duva_socket_code((int)lwip_send(s, data, len, 0))
#define duva_socket_recv(s, buf, len) \
    duva_socket_code((int)lwip_recv(s, buf, len, 0))

/* After an error or a hang-up there is something to read. */
static inline int duva_socket_wait(int s, unsigned can, uint32_t ms)
{
    struct pollfd p = { s, 0, 0 };
    int n;

    if (can & DUVA_CAN_READ)
        p.events |= POLLIN;
    if (can & DUVA_CAN_WRITE)
        p.events |= POLLOUT;
    n = lwip_poll(&p, 1, ms < 0x7FFFFFFF ? (int)ms : 0x7FFFFFFF);
    if (n <= 0)
        return duva_socket_code(n);
    return (p.revents & ~POLLOUT ? DUVA_CAN_READ : 0)
           | (p.revents & POLLOUT ? DUVA_CAN_WRITE : 0);
}

#define duva_socket_close(s) ((void)lwip_close(s))

static inline int duva_socket_kind(int code)
{
    switch (code) {
    case EWOULDBLOCK:
        return DUVA_OK;
    case ECONNRESET: case ENOTCONN:
        return DUVA_ERR_CLOSED;
    case ENOMEM: case ENOBUFS: case ENFILE:
        return DUVA_ERR_RESOURCES;
    default:
        return DUVA_ERR_IO;
    }
}

#define duva_socket_ms() ((uint32_t)sys_now())

#endif
