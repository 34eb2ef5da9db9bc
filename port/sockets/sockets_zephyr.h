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

#define DUVA_SOCKET_CALL(name) zsock_##name
#define DUVA_SOCKET_ADDRESS    struct zsock_addrinfo
#define DUVA_SOCKET_POLLFD     struct zsock_pollfd
#define DUVA_SOCKET_POLLIN     ZSOCK_POLLIN
#define DUVA_SOCKET_POLLOUT    ZSOCK_POLLOUT
#define duva_socket_close(s)   ((void)zsock_close(s))

#include "sockets_bsd.h"

#define duva_socket_send(s, data, len) \
    duva_socket_code((int)zsock_send(s, data, len, 0))
#define duva_socket_recv(s, buf, len) \
    duva_socket_code((int)zsock_recv(s, buf, len, 0))

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
