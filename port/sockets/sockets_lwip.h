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

#define DUVA_SOCKET_CALL(name) lwip_##name
#define DUVA_SOCKET_ADDRESS    struct addrinfo
#define duva_socket_close(s)   ((void)lwip_close(s))

#include "sockets_bsd.h"

#define duva_socket_send(s, data, len) \
    duva_socket_code((int)lwip_send(s, data, len, 0))
#define duva_socket_recv(s, buf, len) \
    duva_socket_code((int)lwip_recv(s, buf, len, 0))

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
