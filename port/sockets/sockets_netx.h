/* sockets_netx.h - the BSD add-on of NetX Duo, for duva_sockets.h. */
/* SPDX-License-Identifier: MIT */
/* Written by the header of NetX Duo 6.4, and not built with it by this project.
 * The add-on is built with NX_BSD_ENABLE_DNS; the nx_bsd_ names work with and
 * without NX_BSD_ENABLE_NATIVE_API.  port/netx needs no add-on. */
#ifndef DUVA_SOCKETS_NETX_H
#define DUVA_SOCKETS_NETX_H

#include <nxd_bsd.h>

#define DUVA_SOCKET_CALL(name) nx_bsd_##name
#define DUVA_SOCKET_ADDRESS    struct nx_bsd_addrinfo
#define DUVA_SOCKET_ERRNO      _nxd_get_errno()
#define DUVA_SOCKET_LEN        INT
#define DUVA_SOCKET_POLLFD     struct nx_bsd_pollfd
#define duva_socket_close(s)   ((void)nx_bsd_soc_close(s))

#include "sockets_bsd.h"

#define duva_socket_send(s, data, len) \
    duva_socket_code((int)nx_bsd_send(s, data, (INT)(len), 0))
#define duva_socket_recv(s, buf, len) \
    duva_socket_code((int)nx_bsd_recv(s, buf, (INT)(len), 0))

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
