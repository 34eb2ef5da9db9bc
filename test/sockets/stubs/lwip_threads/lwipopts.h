/* lwipopts.h - lwIP with threads and sockets, for its headers only. */
/* SPDX-License-Identifier: MIT */
#define LWIP_SOCKET          1
#define LWIP_SOCKET_POLL     1
#define LWIP_COMPAT_SOCKETS  0
#define LWIP_DNS             1
#define LWIP_IPV6            1
#define LWIP_PROVIDE_ERRNO   1
#define MEM_ALIGNMENT        8
