/* lwipopts.h - lwIP without an operating system, for one SMTP session. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_LWIPOPTS_H
#define FIRMWARE_LWIPOPTS_H

#include <stdint.h>

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET          0
#define LWIP_NETCONN         0
#define MEM_ALIGNMENT        4
#define MEM_SIZE             (16 * 1024)
#define PBUF_POOL_SIZE       16

#define LWIP_IPV6            1
#define LWIP_IPV6_AUTOCONFIG 1
#define LWIP_IPV6_DHCP6      0
#define LWIP_DHCP            1
/* QEMU gives the address to nobody else; a product keeps this check. */
#define DHCP_DOES_ARP_CHECK  0
#define LWIP_DNS             1
#define LWIP_UDP             1

#define TCP_MSS              1220    /* what IPv6 may carry everywhere */
#define TCP_SND_BUF          (4 * TCP_MSS)
#define TCP_WND              (4 * TCP_MSS)
/* A server that is gone is given up after some 15 seconds, not minutes. */
#define TCP_MAXRTX           5
#define TCP_SYNMAXRTX        3

/* The name server of the tests has no port that needs rights. */
extern uint16_t network_dns_port;
#define DNS_SERVER_PORT      network_dns_port

/* Source ports and look-ups that nobody can guess. */
unsigned int network_random(void);
#define LWIP_RAND()          ((u32_t)network_random())

#define LWIP_STATS           0
#define LWIP_NETIF_STATUS_CALLBACK 0

#endif
