/* netdb.h - the documented resolver of lwIP: see host.h. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_LWIP_NETDB_H
#define TEST_LWIP_NETDB_H

#include "host.h"

#define lwip_getaddrinfo  host_getaddrinfo
#define lwip_freeaddrinfo freeaddrinfo

#endif
