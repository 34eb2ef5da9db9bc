/* host.h - what the files of the host layer share: CPU, waiting, sockets. */
/* SPDX-License-Identifier: MIT */

#ifndef DUVA_NX_HOST_INTERNAL_H
#define DUVA_NX_HOST_INTERNAL_H

#include "nx_api.h"

/*
 * There is one CPU. Whoever runs holds it, and holding it is the lock: all
 * data of the layer is touched only by its holder, so none of the files
 * below host_thread.c knows a mutex. It changes hands only in the calls
 * named here.
 */

/* When a wait of `ticks` from now ends: 0 means at once, DUVA_NX_NEVER never.
 * A call that waits more than once computes this once. It is 0 for a caller
 * that may not wait: one outside a thread, or the wire. */
#define DUVA_NX_NEVER (~(ULONG64)0)
ULONG64 duva__nx_deadline(ULONG ticks);

/* Gives the CPU up until somebody wakes this thread, or the deadline passes.
 * `on` is what it waits for, any address; `slot` is where the waker leaves
 * a result. Returns the waker's status, or `late`. */
UINT duva__nx_wait(const void *on, void *slot, ULONG64 deadline, UINT late);

/* The thread that has waited on `on` longest, or the next one after `after`;
 * NULL if there is none. */
TX_THREAD *duva__nx_waiter(const void *on, const TX_THREAD *after);

/* Ends a thread's wait. Returns 0 if its time ran out meanwhile. The thread
 * does not run before the caller gives the CPU up, so its slot may be filled
 * after this call. */
int duva__nx_wake(TX_THREAD *thread, UINT status);
void *duva__nx_slot(const TX_THREAD *thread);
void duva__nx_wake_all(const void *on, UINT status);

/* Lets a more urgent thread run, if one is ready. Services end with it. */
void duva__nx_resched(void);

/* For the wire: a thread of the layer's own, which does not keep the process
 * alive, never waits, and leaves the CPU while it is in the kernel. */
void duva__nx_service(TX_THREAD *thread);
void duva__nx_leave(void);
void duva__nx_enter(void);

/* For the checked calls, which refuse to create what exists, or in memory
 * that another object has. A thread's conflict is TX_THREAD_ERROR, or
 * TX_PTR_ERROR if only its stack is somebody else's. */
UINT duva__nx_thread_conflict(const TX_THREAD *thread, const void *stack,
                              ULONG size);
int duva__nx_mutex_known(const TX_MUTEX *mutex);
int duva__nx_pool_conflict(const NX_PACKET_POOL *pool, const void *memory,
                           ULONG size);
int duva__nx_ip_conflict(const NX_IP *ip, const void *stack, ULONG size);
int duva__nx_socket_known(const NX_IP *ip, const NX_TCP_SOCKET *socket);

/* Releases what a thread that ends still owns. */
void duva__nx_mutexes_drop(TX_THREAD *thread);

/* Reads DUVA_NX_MAP, or ends the process with status 64. */
void duva__nx_map_environment(void);

/* The next packet of a chain; and how many bytes behind `headroom` the free
 * packets of a pool hold. */
NX_PACKET *duva__nx_next(const NX_PACKET *packet);
ULONG duva__nx_pool_room(const NX_PACKET_POOL *pool, ULONG headroom);

/* IP instances: all of them, the one that has an address, and whether one
 * reaches an address, then from which of its own. */
NX_IP *duva__nx_ip_first(void);
NX_IP *duva__nx_owner(const NXD_ADDRESS *address);
UINT duva__nx_route(const NX_IP *ip, const NXD_ADDRESS *to, NXD_ADDRESS *from);

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
/* Drops what the application has not received. */
void duva__nx_flush(NX_TCP_SOCKET *socket);

/* Offers the client's connection request to the server socket that listens
 * at `server`. Returns NX_NOT_CONNECTED if none does. */
UINT duva__nx_dial_inside(NX_TCP_SOCKET *client, NX_IP *server);

/* Connections that leave the process: to where the address is mapped, or to
 * the address itself. open returns NX_NOT_CONNECTED when the host refuses at
 * once. send adds to *sent what went, and returns when all did. close with
 * `reset` cuts the connection; it does nothing if there is none. kick makes
 * the wire look at every socket again. */
int duva__nx_wire_mapped(const NX_TCP_SOCKET *socket);
UINT duva__nx_wire_open(NX_TCP_SOCKET *socket);
UINT duva__nx_wire_send(NX_TCP_SOCKET *socket, const UCHAR *data, ULONG size,
                        ULONG64 deadline, ULONG *sent);
void duva__nx_wire_fin(NX_TCP_SOCKET *socket);
void duva__nx_wire_close(NX_TCP_SOCKET *socket, int reset);
void duva__nx_wire_kick(void);

#define DUVA_NX_MSS_V4 1460
#define DUVA_NX_MSS_V6 1440

#endif
