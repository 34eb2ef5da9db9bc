/* sockets_zephyr.h - the sockets of Zephyr, for duva_sockets.h. */
/* SPDX-License-Identifier: MIT */
/* Written by the documentation of Zephyr, and not built with it by this
 * project.  prj.conf has CONFIG_NETWORKING, CONFIG_NET_TCP, CONFIG_NET_SOCKETS
 * and CONFIG_DNS_RESOLVER.  The sockets are TCP's: TLS is port/mbedtls over
 * them, since STARTTLS begins on an open connection. */
#ifndef DUVA_SOCKETS_ZEPHYR_H
#define DUVA_SOCKETS_ZEPHYR_H

#include <zephyr/kernel.h>
#include <zephyr/net/socket.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define DUVA_SOCKET         int
#define DUVA_SOCKET_NONE    (-1)
#define DUVA_SOCKET_ADDRESS struct zsock_addrinfo
#define DUVA_SOCKET_IPV6    AF_INET6

static inline int duva_socket_code(int n)
{
    return n < 0 ? -errno : n;
}

static inline int duva_socket_resolve(const char *host, unsigned port,
                                      struct zsock_addrinfo **list)
{
    struct zsock_addrinfo hints;
    char text[8];

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    snprintf(text, sizeof text, "%u", port);
    return zsock_getaddrinfo(host, text, &hints, list);
}

#define duva_socket_free(list) zsock_freeaddrinfo(list)

static inline int duva_socket_open(const struct zsock_addrinfo *a, int *s)
{
    int on = 1, code;

    *s = zsock_socket(a->ai_family, SOCK_STREAM, IPPROTO_TCP);
    if (*s < 0)
        return -errno;
    if (zsock_fcntl(*s, F_SETFL, O_NONBLOCK) < 0) {
        code = errno;
        zsock_close(*s);
        *s = DUVA_SOCKET_NONE;
        return -code;
    }
    /* Nagle's algorithm would only cost time; without this it still works. */
    (void)zsock_setsockopt(*s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

static inline int duva_socket_connect(int s, const struct zsock_addrinfo *a)
{
    if (zsock_connect(s, a->ai_addr, a->ai_addrlen) == 0)
        return 0;
    return errno == EINPROGRESS ? 0 : -errno;
}

static inline int duva_socket_connected(int s)
{
    int       code = 0;
    socklen_t len = sizeof code;

    if (zsock_getsockopt(s, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        return -errno;
    return -code;
}

#define duva_socket_send(s, data, len) \
    duva_socket_code((int)zsock_send(s, data, len, 0))
#define duva_socket_recv(s, buf, len) \
    duva_socket_code((int)zsock_recv(s, buf, len, 0))

/* After an error or a hang-up there is something to read. */
static inline int duva_socket_wait(int s, unsigned can, uint32_t ms)
{
    struct zsock_pollfd p = { s, 0, 0 };
    int n;

    if (can & DUVA_CAN_READ)
        p.events |= ZSOCK_POLLIN;
    if (can & DUVA_CAN_WRITE)
        p.events |= ZSOCK_POLLOUT;
    n = zsock_poll(&p, 1, ms < 0x7FFFFFFF ? (int)ms : 0x7FFFFFFF);
    if (n <= 0)
        return duva_socket_code(n);
    return (p.revents & ~ZSOCK_POLLOUT ? DUVA_CAN_READ : 0)
           | (p.revents & ZSOCK_POLLOUT ? DUVA_CAN_WRITE : 0);
}

#define duva_socket_close(s) ((void)zsock_close(s))

static inline int duva_socket_kind(int code)
{
    switch (code) {
    case EAGAIN: case EINTR:
#if EWOULDBLOCK != EAGAIN
    case EWOULDBLOCK:
#endif
        return DUVA_OK;
    case ECONNRESET: case EPIPE: case ENOTCONN:
        return DUVA_ERR_CLOSED;
    case ENOMEM: case ENOBUFS: case EMFILE: case ENFILE:
        return DUVA_ERR_RESOURCES;
    default:
        return DUVA_ERR_IO;
    }
}

#define duva_socket_ms() k_uptime_get_32()

#endif
