/* netx_socket.h - a TCP socket of NetX Duo, as the client of a server. */
/* SPDX-License-Identifier: MIT */
/* Inline: the link of duva_netx.h has them, and so has a smaller client that
 * does without the link. */
#ifndef NETX_SOCKET_H
#define NETX_SOCKET_H

#include "nx_api.h"

enum { DUVA__NETX_FLIGHT = 4 }; /* a handshake sends three at once */

/* What was sent keeps its packets until the server acknowledges it.  When
 * there is but one pool, what the server sends needs some of it: a pool that
 * is all on its way would never hear that it has arrived. */
static inline VOID duva__netx_leave_packets(NX_TCP_SOCKET *socket,
                                            const NX_PACKET_POOL *pool)
{
    const ULONG half = pool->nx_packet_pool_total / 2;
    const ULONG most = half > DUVA__NETX_FLIGHT ? half : DUVA__NETX_FLIGHT;

    if (socket->nx_tcp_socket_transmit_queue_maximum > most)
        socket->nx_tcp_socket_transmit_queue_maximum = most;
}

static inline VOID duva__netx_disconnect(NX_TCP_SOCKET *socket, ULONG wait)
{
#ifdef NX_DISABLE_RESET_DISCONNECT
    if (wait == NX_NO_WAIT)
        wait = 1;              /* else the socket would stay half open */
#endif
    nx_tcp_socket_disconnect(socket, wait);
}

/* Connects a socket that is bound.  Half of the pool at most, or four packets
 * of a smaller one, will be on its way at a time.  When it fails, the socket is
 * closed and still bound. */
static inline UINT duva__netx_connect(NX_TCP_SOCKET *socket,
                                      const NX_PACKET_POOL *pool,
                                      NXD_ADDRESS *server, UINT port,
                                      ULONG wait)
{
    const UINT status = nxd_tcp_client_socket_connect(socket, server, port,
                                                      wait);

    if (status == NX_SUCCESS)
        duva__netx_leave_packets(socket, pool);
    else
        duva__netx_disconnect(socket, NX_NO_WAIT);
    return status;
}

/* The same for a socket that is not bound; when it fails, it is not either. */
static inline UINT duva__netx_open(NX_TCP_SOCKET *socket,
                                   const NX_PACKET_POOL *pool,
                                   NXD_ADDRESS *server, UINT port, ULONG wait)
{
    UINT status = nx_tcp_client_socket_bind(socket, NX_ANY_PORT,
                                            NX_IP_PERIODIC_RATE);

    if (status != NX_SUCCESS)
        return status;
    status = duva__netx_connect(socket, pool, server, port, wait);
    if (status != NX_SUCCESS)
        nx_tcp_client_socket_unbind(socket);
    return status;
}

/* An empty packet for a socket that is connected. */
static inline UINT duva__netx_allocate(const NX_TCP_SOCKET *socket,
                                       NX_PACKET_POOL *pool,
                                       NX_PACKET **packet, ULONG wait)
{
    const ULONG version = socket->nx_tcp_socket_connect_ip.nxd_ip_version;

    return nx_packet_allocate(pool, packet,
                              version == NX_IP_VERSION_V6 ? NX_IPv6_TCP_PACKET
                                                          : NX_IPv4_TCP_PACKET,
                              wait);
}

/* Disconnects and unbinds, in that order.  NX_NO_WAIT resets the connection. */
static inline VOID duva__netx_close(NX_TCP_SOCKET *socket, ULONG wait)
{
    duva__netx_disconnect(socket, wait);
    nx_tcp_client_socket_unbind(socket);
}

#endif
