/* duva_netx.h - a TCP connection of NetX Duo, as a link. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_NETX_H
#define DUVA_NETX_H

#include "duva/link.h"
#include "nx_api.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct duva_netx duva_netx;

/* How packets are sent and received: by TCP, or by TLS over it
 * (port/nxsecure).  All return a status of NetX Duo.
 *
 * allocate   a packet of n->pool, empty, within n->packet_wait
 * send       owns the packet afterwards, but only on NX_SUCCESS
 * receive    NX_NO_PACKET when nothing comes in time
 * end        sends close_notify before the connection is closed
 * head       octets of a segment that send() puts before those of the packet
 * tail       octets that it may put behind them */
typedef struct duva_netx_path {
    UINT (*allocate)(duva_netx *n, NX_PACKET **packet);
    UINT (*send)(duva_netx *n, NX_PACKET *packet, ULONG wait);
    UINT (*receive)(duva_netx *n, NX_PACKET **packet, ULONG wait);
    VOID (*end)(duva_netx *n, ULONG wait);
    ULONG head, tail;
} duva_netx_path;

/* What is written is collected in one packet, which leaves when it is full
 * or when the link is next read, waited for or closed: small buffers make
 * full segments.  No packet is ever chained or larger than a segment, so
 * that the port also works with NX_DISABLE_PACKET_CHAIN and TCP needs no
 * further packet to split one.
 *
 * Half of the pool at most, or four packets of a smaller one, is on its way to
 * the server at a time; the socket keeps that limit.
 *
 * Against link.h, write() and what sends for it may block: packet_wait for
 * a packet of the pool, send_wait for room in the peer's window.  They never
 * block longer.  Statuses of NetX Duo are in link.cause; NX_NOT_CONNECTED is
 * DUVA_ERR_CLOSED, the others are DUVA_ERR_IO.
 *
 * The fields from packet_wait on may be set at any time; all are in ticks. */
struct duva_netx {
    duva_link       link;
    const duva_netx_path *path;
    void           *upper;     /* whose path it is, when it is not TCP's */
    NX_TCP_SOCKET  *socket;
    NX_PACKET_POOL *pool;
    NX_PACKET      *in;        /* received, and not read to its end */
    ULONG           in_read;
    NX_PACKET      *out;       /* not sent yet */
    ULONG           out_room;  /* octets that it may still take */
    ULONG           packet_wait;
    ULONG           send_wait;
    ULONG           disconnect_wait; /* NX_NO_WAIT resets the connection */
};

/* Makes a link to a server: binds the socket, which the caller has created,
 * to any port and connects it.  All waits of the link are set to wait_option.
 * Returns NX_SUCCESS or the status of the call that failed; then the socket
 * is unbound again and n untouched.  NX_ALREADY_BOUND: the socket is in
 * use; of several threads that open the same n and socket, one succeeds.
 *
 * close() disconnects and unbinds; unbinding is the last thing it does.  The
 * pool's packets must have room for more than the headers of TCP. */
UINT duva_netx_open(duva_netx *n, NX_TCP_SOCKET *socket, NX_PACKET_POOL *pool,
                    NXD_ADDRESS *server, UINT port, ULONG wait_option);

/* The same for a socket that the caller has bound.  When this fails, it is
 * closed and still bound. */
UINT duva_netx_connect(duva_netx *n, NX_TCP_SOCKET *socket,
                       NX_PACKET_POOL *pool, NXD_ADDRESS *server, UINT port,
                       ULONG wait_option);

/* Time in ticks, and in milliseconds.  Both round up, so that a wait is never
 * shorter than what was asked for.  What does not fit becomes the largest
 * wait that ends: duva_netx_ticks() never returns NX_WAIT_FOREVER. */
ULONG    duva_netx_ticks(uint32_t ms);
uint32_t duva_netx_ms(ULONG ticks);

#ifdef __cplusplus
}
#endif
#endif
