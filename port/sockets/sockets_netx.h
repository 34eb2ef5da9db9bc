/* sockets_netx.h - the BSD add-on of NetX Duo, for duva_sockets.h. */
/* SPDX-License-Identifier: MIT */
/* Written by the header of NetX Duo 6.4, and not built with it by this project.
 * The add-on is built with NX_BSD_ENABLE_DNS; the nx_bsd_ names work with and
 * without NX_BSD_ENABLE_NATIVE_API.  port/netx needs no add-on. */
#ifndef DUVA_SOCKETS_NETX_H
#define DUVA_SOCKETS_NETX_H

#include <nxd_bsd.h>

#include <stdio.h>
#include <string.h>

#define DUVA_SOCKET         int
#define DUVA_SOCKET_NONE    (-1)
#define DUVA_SOCKET_ADDRESS struct nx_bsd_addrinfo
#define DUVA_SOCKET_IPV6    AF_INET6

static inline int duva_socket_code(int n)
{
    return n < 0 ? -_nxd_get_errno() : n;
}

static inline int duva_socket_resolve(const char *host, unsigned port,
                                      struct nx_bsd_addrinfo **list)
{
    struct nx_bsd_addrinfo hints;
    char text[8];

    memset(&hints, 0, sizeof hints);
    hints.ai_socktype = SOCK_STREAM;
    snprintf(text, sizeof text, "%u", port);
    return nx_bsd_getaddrinfo(host, text, &hints, list);
}

#define duva_socket_free(list) nx_bsd_freeaddrinfo(list)

static inline int duva_socket_open(const struct nx_bsd_addrinfo *a, int *s)
{
    int on = 1, code;

    *s = nx_bsd_socket(a->ai_family, SOCK_STREAM, IPPROTO_TCP);
    if (*s < 0)
        return -_nxd_get_errno();
    if (nx_bsd_fcntl(*s, F_SETFL, O_NONBLOCK) < 0) {
        code = _nxd_get_errno();
        nx_bsd_soc_close(*s);
        *s = DUVA_SOCKET_NONE;
        return -code;
    }
    /* Nagle's algorithm would only cost time; without this it still works. */
    (void)nx_bsd_setsockopt(*s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return 0;
}

static inline int duva_socket_connect(int s, const struct nx_bsd_addrinfo *a)
{
    if (nx_bsd_connect(s, a->ai_addr, (INT)a->ai_addrlen) == 0)
        return 0;
    return _nxd_get_errno() == EINPROGRESS ? 0 : -_nxd_get_errno();
}

static inline int duva_socket_connected(int s)
{
    int       code = 0;
    INT len = sizeof code;

    if (nx_bsd_getsockopt(s, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        return -_nxd_get_errno();
    return -code;
}

#define duva_socket_send(s, data, len) \
    duva_socket_code((int)nx_bsd_send(s, data, (INT)(len), 0))
#define duva_socket_recv(s, buf, len) \
    duva_socket_code((int)nx_bsd_recv(s, buf, (INT)(len), 0))

/* After an error or a hang-up there is something to read. */
static inline int duva_socket_wait(int s, unsigned can, uint32_t ms)
{
    struct nx_bsd_pollfd p = { s, 0, 0 };
    int n;

    if (can & DUVA_CAN_READ)
        p.events |= POLLIN;
    if (can & DUVA_CAN_WRITE)
        p.events |= POLLOUT;
    n = nx_bsd_poll(&p, 1, ms < 0x7FFFFFFF ? (int)ms : 0x7FFFFFFF);
    if (n <= 0)
        return duva_socket_code(n);
    return (p.revents & ~POLLOUT ? DUVA_CAN_READ : 0)
           | (p.revents & POLLOUT ? DUVA_CAN_WRITE : 0);
}

#define duva_socket_close(s) ((void)nx_bsd_soc_close(s))

static inline int duva_socket_kind(int code)
{
    switch (code) {
    case EAGAIN:
        return DUVA_OK;
    case ECONNRESET: case EPIPE: case ENOTCONN: case ECONNABORTED:
        return DUVA_ERR_CLOSED;
    case ENOMEM: case ENOBUFS: case EMFILE: case ENFILE:
        return DUVA_ERR_RESOURCES;
    default:
        return DUVA_ERR_IO;
    }
}

static inline uint32_t duva_socket_ms(void)
{
    return (uint32_t)((uint64_t)tx_time_get() * 1000u
                      / TX_TIMER_TICKS_PER_SECOND);
}

#endif
