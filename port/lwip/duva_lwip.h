/* duva_lwip.h - a TCP connection of lwIP's raw API, as a link. */
/* SPDX-License-Identifier: MIT */
/*
 * For lwIP without an operating system (NO_SYS), or for code that runs in
 * lwIP's own thread.  Only duva_lwip_open() and the wait() of the link block.
 * While they do, they call poll(), which lets lwIP work: it gives received
 * frames to the netif and calls sys_check_timeouts().  The clock is lwIP's
 * sys_now().
 *
 * The calls are those of altcp: with LWIP_ALTCP the connection may be of any
 * kind that altcp has; without it, they are macros for the calls of TCP.
 */
#ifndef DUVA_LWIP_H
#define DUVA_LWIP_H

#include "duva/link.h"

#include <lwip/altcp.h>
#include <lwip/ip_addr.h>
#include <lwip/pbuf.h>

#ifdef __cplusplus
extern "C" {
#endif

/* How long an IPv6 address may take to answer before IPv4 is tried, in
 * milliseconds.  A build may set another value. */
#ifndef DUVA_LWIP_IPV6_MS
#define DUVA_LWIP_IPV6_MS 2000
#endif

typedef struct duva_lwip duva_lwip;

/* Lets lwIP work; it must not call the functions of the same link. */
typedef void duva_lwip_poll_fn(void *ctx);

/* Set the fields of the caller before duva_lwip_start(), and zero the others.
 * The struct must stay where it is until the link is closed.
 *
 * Received data waits in pbufs until it is read; only reading opens TCP's
 * window again, so a server is never more than TCP_WND octets ahead.  lwIP
 * copies what is written (TCP_SND_BUF), and sends it when the link is next
 * read, waited for or closed, so that small writes share a segment. */
struct duva_lwip {
    duva_link          link;
    duva_lwip_poll_fn *poll;
    void              *poll_ctx;
#if LWIP_ALTCP
    altcp_allocator_t *allocator; /* NULL: TCP */
#endif
    ip_addr_t          address;   /* out: of the server, or the last tried */
    /* private */
    struct altcp_pcb  *pcb;       /* NULL: none, or freed by lwIP */
    struct pbuf       *in;        /* received and not read to its end */
    duva_lwip         *next;      /* in the list of pending DNS look-ups */
    const char        *host;
    u32_t              began;     /* sys_now() of the connection attempt */
    u16_t              in_read;   /* octets of in that were read */
    u16_t              port;
    uint8_t            state;
    uint8_t            is_full;   /* lwIP had no memory for a write */
    uint8_t            has_ipv4;  /* IPv4 is still to be tried */
    int8_t             err;       /* of the attempts that failed */
};

/* Starts to resolve host, which is a name or an address, and to connect.  When
 * lwIP has both IPv6 and IPv4, a name is looked up for IPv6 first.  IPv4
 * follows when there is no such address, when it fails, and after
 * DUVA_LWIP_IPV6_MS.  host must stay valid until duva_lwip_step() does not
 * return 0.  Returns DUVA_OK, or an error of duva_lwip_step(). */
int duva_lwip_start(duva_lwip *l, const char *host, uint16_t port);

/* Call it after lwIP has worked.  Returns 1 when the connection is open, 0
 * while it is not yet, or an error; then there is nothing to close:
 * DUVA_ERR_RESOLVE    the name has no address, or no name server answers
 * DUVA_ERR_CONNECT    no address accepts a connection
 * DUVA_ERR_RESOURCES  lwIP is out of memory
 * link.cause is lwIP's err_t, or 0. */
int duva_lwip_step(duva_lwip *l);

/* duva_lwip_start() and duva_lwip_step(), with poll() in between.  Returns
 * DUVA_OK, an error of those, or DUVA_ERR_TIMEOUT after ms. */
int duva_lwip_open(duva_lwip *l, const char *host, uint16_t port, uint32_t ms);

/* Stops what duva_lwip_start() has started.  l may be reused or freed at once;
 * lwIP cannot cancel a look-up, but its answer is ignored.
 *
 * An open link is closed by link.ops->close().  It does not wait: lwIP sends
 * the remaining data as it is polled further. */
void duva_lwip_cancel(duva_lwip *l);

#ifdef __cplusplus
}
#endif
#endif
