/* connection.h - the states of a TCP connection, and its receive queue. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_NETX_CONNECTION_H
#define DUVA_HOST_NETX_CONNECTION_H

#include "nx_api.h"

#define DUVA_NX_MSS_V4 1460
#define DUVA_NX_MSS_V6 1440

/* The life of a connection. state: a change, which every thread that waits
 * on the socket learns. closed: it is over on our side. peer_fin, peer_rst:
 * the other side says so. */
void duva__nx_state(NX_TCP_SOCKET *socket, UINT state);
void duva__nx_closed(NX_TCP_SOCKET *socket);
void duva__nx_established(NX_TCP_SOCKET *socket);
void duva__nx_peer_fin(NX_TCP_SOCKET *socket);
void duva__nx_peer_rst(NX_TCP_SOCKET *socket);

/* How many bytes fit in the socket's receive window, and in packets of its
 * IP instance's pool. */
ULONG duva__nx_window(const NX_TCP_SOCKET *socket);
ULONG duva__nx_packets(const NX_TCP_SOCKET *socket);
/* Queues a segment for the application; false if packets are short. */
int duva__nx_deliver(NX_TCP_SOCKET *socket, const UCHAR *data, ULONG size);
/* Takes the oldest packet off the queue, and lets the sender go on; NULL if
 * there is none. */
NX_PACKET *duva__nx_dequeue(NX_TCP_SOCKET *socket);
/* Drops what the application has not received. */
void duva__nx_flush(NX_TCP_SOCKET *socket);

#endif
