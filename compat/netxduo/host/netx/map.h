/* map.h - where addresses of the firmware are on this machine. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_HOST_NETX_MAP_H
#define DUVA_HOST_NETX_MAP_H

#include "net.h"

/* Where `from` is mapped to; 0 if it is not mapped. */
int duva__nx_map_find(const struct duva__net_address *from,
                      struct duva__net_address *to);

#endif
