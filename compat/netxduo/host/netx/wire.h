/* wire.h - connections that leave the process. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_NETX_WIRE_H
#define DUVA_HOST_NETX_WIRE_H

#include "nx_api.h"

/* Connections that leave the process: to where the address is mapped, or to
 * the address itself. open returns NX_NOT_CONNECTED when the host refuses at
 * once. send adds to *sent what went, and returns when all did. */
int duva__nx_wire_mapped(const NX_TCP_SOCKET *socket);
UINT duva__nx_wire_open(NX_TCP_SOCKET *socket);
UINT duva__nx_wire_send(NX_TCP_SOCKET *socket, const UCHAR *data, ULONG size,
                        ULONG64 deadline, ULONG *sent);
void duva__nx_wire_fin(NX_TCP_SOCKET *socket);
void duva__nx_wire_close(NX_TCP_SOCKET *socket, int reset);

#endif
