/* ip.h - IP instances, inside the layer. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_NETX_IP_H
#define DUVA_HOST_NETX_IP_H

#include "nx_api.h"

/* IP instances: all of them, the one that has an address, and whether one
 * reaches an address, then from which of its own. */
NX_IP *duva__nx_ip_first(void);
NX_IP *duva__nx_owner(const NXD_ADDRESS *address);
UINT duva__nx_route(const NX_IP *ip, const NXD_ADDRESS *to, NXD_ADDRESS *from);

/* For the checked calls: does it exist, or its stack belong to another? */
int duva__nx_ip_conflict(const NX_IP *ip, const void *stack, ULONG size);

/* Programs name a driver. Its work is done by the host's own network, so
 * neither these nor a driver of the application is ever called. */
void _nx_ram_network_driver(NX_IP_DRIVER *request);
void _nx_ram_network_driver_1024(NX_IP_DRIVER *request);

#endif
