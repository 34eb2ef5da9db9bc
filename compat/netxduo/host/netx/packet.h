/* packet.h - packets and pools, inside the layer. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_NETX_PACKET_H
#define DUVA_HOST_NETX_PACKET_H

#include "nx_api.h"

/* The next packet of a chain; and how many bytes behind `headroom` the free
 * packets of a pool hold. */
NX_PACKET *duva__nx_next(const NX_PACKET *packet);
ULONG duva__nx_pool_room(const NX_PACKET_POOL *pool, ULONG headroom);

/* For the checked calls: does the pool exist, or its memory belong to
 * another? */
int duva__nx_pool_conflict(const NX_PACKET_POOL *pool, const void *memory,
                           ULONG size);

#endif
