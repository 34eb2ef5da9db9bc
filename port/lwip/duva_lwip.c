/* duva_lwip.c - turns a TCP connection of lwIP into a duva_link. */
/* SPDX-License-Identifier: MIT */
#include "duva_lwip.h"

#include <lwip/altcp_tcp.h>
#include <lwip/def.h>
#include <lwip/dns.h>
#include <lwip/sys.h>

#include <string.h>

enum {
    IS_CLOSED, IS_RESOLVING, HAS_NO_ADDRESS, IS_RESOLVED, IS_CONNECTING,
    IS_OPEN, IS_ENDED
};

/* ---- pending look-ups ---- */

/* An answer may come after its link is gone.  Only links in this list wait for
 * one. */
static duva_lwip *lookups;

static void forget_lookup(duva_lwip *l)
{
    duva_lwip **at = &lookups;

    while (*at != NULL && *at != l)
        at = &(*at)->next;
    if (*at == l)
        *at = l->next;
}

#if LWIP_DNS
/* l may have been freed: it is compared before it is used.  lwIP shares a
 * look-up between names that differ in case. */
static int has_lookup(const duva_lwip *l, const char *name)
{
    const duva_lwip *at = lookups;

    while (at != NULL && at != l)
        at = at->next;
    return at != NULL && lwip_stricmp(at->host, name) == 0;
}

static void on_resolved(const char *name, const ip_addr_t *address, void *arg)
{
    duva_lwip *l = arg;

    if (!has_lookup(l, name))
        return;
    forget_lookup(l);
    l->state = address == NULL ? HAS_NO_ADDRESS : IS_RESOLVED;
    if (address != NULL)
        l->address = *address;
}
#endif

/* ---- callbacks of a connection ---- */

static void fail(duva_lwip *l, err_t err)
{
    l->link.cause = err;
    l->state = IS_CLOSED;
}

/* lwIP has freed the connection. */
static void on_error(void *arg, err_t err)
{
    duva_lwip *l = arg;

    l->pcb = NULL;
    fail(l, err);
}

/* Without a pbuf: the server has closed its side. */
static err_t on_received(void *arg, struct altcp_pcb *pcb, struct pbuf *p,
                         err_t err)
{
    duva_lwip *l = arg;

    (void)pcb;
    (void)err;
    if (p == NULL)
        l->state = IS_ENDED;
    else if (l->in == NULL)
        l->in = p;
    else if (l->in->tot_len > 0xFFFFu - p->tot_len)
        return ERR_MEM;        /* lwIP keeps it and calls again */
    else
        pbuf_cat(l->in, p);
    return ERR_OK;
}

static err_t on_sent(void *arg, struct altcp_pcb *pcb, u16_t len)
{
    (void)pcb;
    (void)len;
    ((duva_lwip *)arg)->is_full = 0;
    return ERR_OK;
}

static err_t on_connected(void *arg, struct altcp_pcb *pcb, err_t err)
{
    (void)pcb;
    (void)err;                 /* always ERR_OK; failures go to on_error() */
    ((duva_lwip *)arg)->state = IS_OPEN;
    return ERR_OK;
}

/* ---- the link ---- */

static int error_of_link(const duva_lwip *l)
{
    switch (l->link.cause) {
    case ERR_OK: case ERR_RST: case ERR_CLSD:
        return DUVA_ERR_CLOSED;
    case ERR_MEM:
        return DUVA_ERR_RESOURCES;
    default:
        return DUVA_ERR_IO;
    }
}

static void send_written(duva_lwip *l)
{
    if (l->pcb != NULL)
        (void)altcp_output(l->pcb); /* after a failure, lwIP's timer retries */
}

/* Frees the pbufs that were read to their end. */
static void drop_read(duva_lwip *l)
{
    while (l->in != NULL && l->in_read >= l->in->len) {
        struct pbuf *rest = l->in->next;

        l->in_read = (u16_t)(l->in_read - l->in->len);
        if (rest != NULL)
            pbuf_ref(rest);
        pbuf_free(l->in);
        l->in = rest;
    }
}

static int read_some(duva_link *link, void *buf, size_t len)
{
    duva_lwip *l = (duva_lwip *)link;
    u16_t      n;

    send_written(l);
    if (l->in == NULL) {
        if (l->state == IS_OPEN)
            return 0;
        return l->state == IS_ENDED ? DUVA_ERR_CLOSED : error_of_link(l);
    }
    n = pbuf_copy_partial(l->in, buf, (u16_t)(len < 0xFFFF ? len : 0xFFFF),
                          l->in_read);
    l->in_read = (u16_t)(l->in_read + n);
    drop_read(l);
    if (l->pcb != NULL)
        altcp_recved(l->pcb, n);
    return n;
}

static int write_some(duva_link *link, const void *buf, size_t len)
{
    duva_lwip *l = (duva_lwip *)link;
    size_t     room;
    err_t      err;

    if (l->pcb == NULL)
        return error_of_link(l);
    room = altcp_sndbuf(l->pcb);
    if (len > room)
        len = room;
    if (len == 0)
        return 0;
    err = altcp_write(l->pcb, buf, (u16_t)len, TCP_WRITE_FLAG_COPY);
    if (err == ERR_OK)
        return (int)len;
    if (err == ERR_MEM && altcp_sndqueuelen(l->pcb) > 0) {
        l->is_full = 1;        /* until the server acknowledges some of it */
        return 0;
    }
    l->link.cause = err;
    return error_of_link(l);
}

static unsigned possible(const duva_lwip *l)
{
    unsigned can = 0;

    if (l->in != NULL || l->state != IS_OPEN)
        can |= DUVA_CAN_READ;
    if (l->pcb == NULL || (!l->is_full && altcp_sndbuf(l->pcb) > 0))
        can |= DUVA_CAN_WRITE;
    return can;
}

static int wait_for(duva_link *link, unsigned can, uint32_t ms)
{
    duva_lwip  *l = (duva_lwip *)link;
    const u32_t start = sys_now();
    unsigned    now;

    send_written(l);
    while ((now = possible(l) & can) == 0 && (u32_t)(sys_now() - start) < ms)
        l->poll(l->poll_ctx);
    return (int)now;
}

/* From here on lwIP calls nobody. */
static void detach(duva_lwip *l)
{
    altcp_arg(l->pcb, NULL);
    altcp_recv(l->pcb, NULL);
    altcp_sent(l->pcb, NULL);
    altcp_err(l->pcb, NULL);
}

static void close_it(duva_link *link)
{
    duva_lwip *l = (duva_lwip *)link;

    if (l->in != NULL)
        pbuf_free(l->in);
    l->in = NULL;
    l->in_read = 0;
    l->state = IS_CLOSED;
    if (l->pcb == NULL)
        return;
    detach(l);
    if (altcp_close(l->pcb) != ERR_OK)
        altcp_abort(l->pcb);   /* no memory for an orderly end */
    l->pcb = NULL;
}

/* ---- connecting ---- */

#if LWIP_ALTCP
#define ALLOCATOR(l) (l)->allocator
#else
#define ALLOCATOR(l) NULL
#endif

static int connect_to(duva_lwip *l)
{
    err_t err;

    l->pcb = altcp_new_ip_type(ALLOCATOR(l), IP_GET_TYPE(&l->address));
    if (l->pcb == NULL) {
        fail(l, ERR_MEM);
        return DUVA_ERR_RESOURCES;
    }
    altcp_arg(l->pcb, l);
    altcp_recv(l->pcb, on_received);
    altcp_sent(l->pcb, on_sent);
    altcp_err(l->pcb, on_error);
    altcp_nagle_disable(l->pcb); /* small writes are collected until output */
    l->state = IS_CONNECTING;
    l->began = sys_now();
    err = altcp_connect(l->pcb, &l->address, l->port, on_connected);
    if (err == ERR_OK)
        return DUVA_OK;
    detach(l);
    altcp_abort(l->pcb);
    l->pcb = NULL;
    fail(l, err);
    return err == ERR_MEM ? DUVA_ERR_RESOURCES : DUVA_ERR_CONNECT;
}

#if LWIP_DNS
static int resolve(duva_lwip *l, uint8_t type)
{
    err_t err;

    l->state = IS_RESOLVING;
    l->next = lookups;
    lookups = l;
    err = dns_gethostbyname_addrtype(l->host, &l->address, on_resolved, l,
                                     type);
    if (err == ERR_INPROGRESS)
        return DUVA_OK;
    forget_lookup(l);
    l->state = IS_RESOLVED;
    if (err == ERR_OK)
        return DUVA_OK;
    fail(l, err);
    return err == ERR_MEM ? DUVA_ERR_RESOURCES : DUVA_ERR_RESOLVE;
}

static int resolve_first(duva_lwip *l)
{
#if LWIP_IPV6
    l->has_ipv4 = LWIP_IPV4;
    return resolve(l, LWIP_DNS_ADDRTYPE_IPV6);
#else
    return resolve(l, LWIP_DNS_ADDRTYPE_IPV4);
#endif
}

static int resolve_ipv4(duva_lwip *l)
{
    l->has_ipv4 = 0;
    return resolve(l, LWIP_DNS_ADDRTYPE_IPV4);
}
#else
static int resolve_first(duva_lwip *l)
{
    fail(l, ERR_ARG);
    return DUVA_ERR_RESOLVE;
}

static int resolve_ipv4(duva_lwip *l)
{
    return l->err;             /* not called: there are no names */
}
#endif

/* An attempt has failed with err.  Returns DUVA_OK when another one goes on,
 * else the error of them all: a connection that failed says more than a name
 * without an address. */
static int try_next(duva_lwip *l, int err)
{
    if (l->err == DUVA_OK || err != DUVA_ERR_RESOLVE)
        l->err = (int8_t)err;
    if (!l->has_ipv4 || err == DUVA_ERR_RESOURCES)
        return l->err;
    return resolve_ipv4(l) == DUVA_OK ? DUVA_OK : l->err;
}

static int give_up_ipv6(duva_lwip *l)
{
    close_it(&l->link);
    fail(l, ERR_TIMEOUT);
    return DUVA_ERR_CONNECT;
}

int duva_lwip_start(duva_lwip *l, const char *host, uint16_t port)
{
    static const duva_link_ops ops = { read_some, write_some, wait_for,
                                       close_it };
    int n;

    l->link.ops = &ops;
    l->link.cause = ERR_OK;
    l->pcb = NULL;
    l->in = NULL;
    l->in_read = 0;
    l->host = host;
    l->port = port;
    l->is_full = 0;
    l->has_ipv4 = 0;
    l->err = DUVA_OK;
    if (ipaddr_aton(host, &l->address)) {
        l->state = IS_RESOLVED;
        return DUVA_OK;
    }
    n = resolve_first(l);
    return n == DUVA_OK ? DUVA_OK : try_next(l, n);
}

int duva_lwip_step(duva_lwip *l)
{
    int err = DUVA_OK;

    switch (l->state) {
    case IS_RESOLVED:
        err = connect_to(l);
        break;
    case HAS_NO_ADDRESS:
        err = DUVA_ERR_RESOLVE;
        break;
    case IS_CONNECTING:
        if (l->has_ipv4 && (u32_t)(sys_now() - l->began) >= DUVA_LWIP_IPV6_MS)
            err = give_up_ipv6(l);
        break;
    case IS_CLOSED:
        err = l->link.cause == ERR_MEM ? DUVA_ERR_RESOURCES : DUVA_ERR_CONNECT;
        break;
    case IS_OPEN: case IS_ENDED:
        return 1;
    default:
        break;
    }
    return err == DUVA_OK ? 0 : try_next(l, err);
}

int duva_lwip_open(duva_lwip *l, const char *host, uint16_t port, uint32_t ms)
{
    const u32_t start = sys_now();
    int         n = duva_lwip_start(l, host, port);

    while (n == 0 && (n = duva_lwip_step(l)) == 0) {
        if ((u32_t)(sys_now() - start) >= ms) {
            duva_lwip_cancel(l);
            return DUVA_ERR_TIMEOUT;
        }
        l->poll(l->poll_ctx);
    }
    return n == 1 ? DUVA_OK : n;
}

void duva_lwip_cancel(duva_lwip *l)
{
    forget_lookup(l);
    close_it(&l->link);
}
