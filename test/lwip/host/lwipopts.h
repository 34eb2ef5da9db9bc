/* lwipopts.h - lwIP in a test program: no threads, loopback, little memory. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_LWIPOPTS_H
#define TEST_LWIPOPTS_H

#define NO_SYS                 1
#define SYS_LIGHTWEIGHT_PROT   0
#define LWIP_SOCKET            0
#define LWIP_NETCONN           0
#define MEM_ALIGNMENT          8
#define MEM_SIZE               (24 * 1024)
#define LWIP_IPV4              1
#ifndef LWIP_IPV6
#define LWIP_IPV6              1
#endif
#define LWIP_IPV6_AUTOCONFIG   0
#define LWIP_IPV6_MLD          0
#define IPV6_FRAG_COPYHEADER   1     /* pointers of 64 bits */
#define LWIP_ARP               0
#define LWIP_ETHERNET          0
#define LWIP_UDP               1
#ifndef LWIP_DNS
#define LWIP_DNS               1
#endif
#define LWIP_NETIF_LOOPBACK    1
#define LWIP_HAVE_LOOPIF       1
#define PBUF_POOL_SIZE         48
#define MEMP_NUM_TCP_PCB       4
#define MEMP_NUM_TCP_SEG       48
#define MEMP_NUM_PBUF          48
#define TCP_MSS                536
#define TCP_WND                (4 * TCP_MSS)
#define TCP_SND_BUF            (4 * TCP_MSS)
#define TCP_SND_QUEUELEN       16
#define TCP_MSL                100UL /* milliseconds, of the test's clock */

/* Takes a packet of IPv4 off the wire when it is cut. */
struct pbuf;
int world_lose(struct pbuf *p);
#define LWIP_HOOK_IP4_INPUT(p, netif) world_lose(p)

#define LWIP_RAND()            ((u32_t)rand())

#define LWIP_STATS             1     /* for leaks */
#define MEM_STATS              1
#define MEMP_STATS             1

#endif
