/* duva_lwip.h - a TCP connection of lwIP's raw API, as a link. */
/* SPDX-License-Identifier: MIT */
/*
 * For lwIP without an operating system (NO_SYS), or inside its thread.  Nothing
 * here blocks but duva_lwip_open() and the wait of the link; these call poll()
 * until what they wait for has come.  poll() lets lwIP work: it passes what the
 * driver has received to the netif and calls sys_check_timeouts().
 *
 * The calls are those of altcp, so a connection may be of any kind that altcp
 * has; without LWIP_ALTCP they are TCP's.  The clock is lwIP's sys_now().
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

typedef struct duva_lwip duva_lwip;

/* May be called from poll(): everything but the functions of the same link. */
typedef void duva_lwip_poll_fn(void *ctx);

/* First the caller's fields, to be set before duva_lwip_start(); zero the rest.
 *
 * What has been received waits in pbufs until it is read, and the window of TCP
 * opens only then: a server cannot send more than TCP_WND ahead.  What is
 * written is copied by lwIP (TCP_SND_BUF), and leaves when the link is next read
 * or waited for, so that small writes share a segment. */
struct duva_lwip {
    duva_link          link;
    duva_lwip_poll_fn *poll;
    void              *poll_ctx;
#if LWIP_ALTCP
    altcp_allocator_t *allocator; /* NULL: TCP */
#endif
    /* private */
    struct altcp_pcb  *pcb;       /* NULL: there is none, or lwIP freed it */
    struct pbuf       *in;        /* received, not yet read to its end */
    duva_lwip         *next;      /* of those that wait for the DNS */
    const char        *host;
    ip_addr_t          address;
    u16_t              in_read;   /* octets of in that were read */
    u16_t              port;
    uint8_t            state;
    uint8_t            try_ipv4;  /* when IPv6 fails */
    int8_t             err;       /* why the first attempt failed */
};

/* Begins to resolve host, a name or an address, and to connect.  A name is
 * looked up with IPv6 first where lwIP has both, then with IPv4 when there is no
 * such address or it does not answer.  host must stay as long as the state is
 * not final.  DUVA_OK; else as duva_lwip_step(). */
int duva_lwip_start(duva_lwip *l, const char *host, uint16_t port);

/* Returns 1 when the connection is open, 0 while it is not yet, or an error;
 * then nothing is left to be closed:
 * DUVA_ERR_RESOLVE    the name has no address
 * DUVA_ERR_CONNECT    the server does not answer
 * DUVA_ERR_RESOURCES  lwIP has no memory for it
 * link.cause is an err_t of lwIP. */
int duva_lwip_step(duva_lwip *l);

/* Both, and polls for ms at the longest: DUVA_OK, an error of those, or
 * DUVA_ERR_TIMEOUT. */
int duva_lwip_open(duva_lwip *l, const char *host, uint16_t port, uint32_t ms);

/* Gives up what duva_lwip_start() has begun.  An open link is closed by its
 * close(), which sends what was written, and never waits. */
void duva_lwip_cancel(duva_lwip *l);

#ifdef __cplusplus
}
#endif
#endif
