/* duva_lwip.c - turns a TCP connection of lwIP into a duva_link. */
/* SPDX-License-Identifier: MIT */
#include "duva_lwip.h"

#include <lwip/altcp_tcp.h>
#include <lwip/dns.h>
#include <lwip/sys.h>

#include <string.h>

enum {
    IS_CLOSED, IS_RESOLVING, HAS_NO_ADDRESS, IS_RESOLVED, IS_CONNECTING, IS_OPEN,
    IS_ENDED
};

#define BOTH (LWIP_IPV4 && LWIP_IPV6)

/* What a name may be looked up as, first and then. */
#if LWIP_IPV6
#define FIRST LWIP_DNS_ADDRTYPE_IPV6
#else
#define FIRST LWIP_DNS_ADDRTYPE_IPV4
#endif

/* lwIP cannot be told to forget a look-up: an answer is for one of these, or
 * for nobody. */
static duva_lwip *resolving;

static void stop_resolving(duva_lwip *l)
{
    duva_lwip **at = &resolving;

    while (*at != NULL && *at != l)
        at = &(*at)->next;
    if (*at == l)
        *at = l->next;
}

static int is_resolving(const duva_lwip *l, const char *name)
{
    const duva_lwip *at = resolving;

    while (at != NULL && at != l)
        at = at->next;
    return at != NULL && strcmp(at->host, name) == 0;
}

/* ---- what lwIP calls ---- */

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

/* No pbuf: the server has closed its side. */
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
        return ERR_MEM;        /* lwIP keeps it, and offers it again */
    else
        pbuf_cat(l->in, p);
    return ERR_OK;
}

static err_t on_connected(void *arg, struct altcp_pcb *pcb, err_t err)
{
    duva_lwip *l = arg;

    (void)pcb;
    (void)err;                 /* always ERR_OK: failures come to on_error() */
    l->state = IS_OPEN;
    return ERR_OK;
}

static void on_resolved(const char *name, const ip_addr_t *address, void *arg)
{
    duva_lwip *l = arg;

    if (!is_resolving(l, name))
        return;
    stop_resolving(l);
    l->state = address == NULL ? HAS_NO_ADDRESS : IS_RESOLVED;
    if (address != NULL)
        l->address = *address;
}

/* ---- the link ---- */

static int failure(const duva_lwip *l)
{
    switch (l->link.cause) {
    case ERR_RST: case ERR_CLSD: case ERR_OK:
        return DUVA_ERR_CLOSED;
    case ERR_MEM:
        return DUVA_ERR_RESOURCES;
    default:
        return DUVA_ERR_IO;
    }
}

static void push(duva_lwip *l)
{
    if (l->pcb != NULL)
        altcp_output(l->pcb);  /* what fails is tried again by its timer */
}

static int lwip_read(duva_link *link, void *buf, size_t len)
{
    duva_lwip *l = (duva_lwip *)link;
    u16_t      n;

    push(l);
    if (l->in == NULL) {
        if (l->state == IS_OPEN)
            return 0;
        return l->state == IS_ENDED ? DUVA_ERR_CLOSED : failure(l);
    }
    n = pbuf_copy_partial(l->in, buf, (u16_t)(len < 0xFFFF ? len : 0xFFFF),
                          l->in_read);
    l->in_read = (u16_t)(l->in_read + n);
    while (l->in != NULL && l->in_read >= l->in->len) {
        struct pbuf *rest = l->in->next;

        l->in_read = (u16_t)(l->in_read - l->in->len);
        if (rest != NULL)
            pbuf_ref(rest);
        pbuf_free(l->in);
        l->in = rest;
    }
    if (l->pcb != NULL)
        altcp_recved(l->pcb, n);
    return n;
}

static int lwip_write(duva_link *link, const void *buf, size_t len)
{
    duva_lwip *l = (duva_lwip *)link;
    size_t     room;
    err_t      err;

    if (l->pcb == NULL)
        return failure(l);
    room = altcp_sndbuf(l->pcb);
    if (len > room)
        len = room;
    if (len == 0)
        return 0;
    err = altcp_write(l->pcb, buf, (u16_t)len, TCP_WRITE_FLAG_COPY);
    if (err == ERR_OK)
        return (int)len;
    if (err == ERR_MEM && altcp_sndqueuelen(l->pcb) > 0)
        return 0;              /* until some of what is on its way is there */
    l->link.cause = err;
    return failure(l);
}

static unsigned can_do(const duva_lwip *l)
{
    unsigned can = 0;

    if (l->in != NULL || l->state != IS_OPEN)
        can |= DUVA_CAN_READ;
    if (l->pcb == NULL
        || (altcp_sndbuf(l->pcb) > 0
            && altcp_sndqueuelen(l->pcb) < TCP_SND_QUEUELEN))
        can |= DUVA_CAN_WRITE;
    return can;
}

static int lwip_wait(duva_link *link, unsigned can, uint32_t ms)
{
    duva_lwip   *l = (duva_lwip *)link;
    const u32_t  start = sys_now();
    unsigned     now;

    push(l);
    while ((now = can_do(l) & can) == 0 && (u32_t)(sys_now() - start) < ms)
        l->poll(l->poll_ctx);
    return (int)now;
}

static void forget(duva_lwip *l)
{
    altcp_arg(l->pcb, NULL);
    altcp_recv(l->pcb, NULL);
    altcp_err(l->pcb, NULL);
}

static void lwip_close(duva_link *link)
{
    duva_lwip *l = (duva_lwip *)link;

    if (l->in != NULL)
        pbuf_free(l->in);
    l->in = NULL;
    l->state = IS_CLOSED;
    if (l->pcb == NULL)
        return;
    forget(l);
    if (altcp_close(l->pcb) != ERR_OK)
        altcp_abort(l->pcb);   /* it has no memory to say goodbye */
    l->pcb = NULL;
}

/* ---- connecting ---- */

static int connect_to(duva_lwip *l)
{
    err_t err;

#if LWIP_ALTCP
    l->pcb = altcp_new_ip_type(l->allocator, IP_GET_TYPE(&l->address));
#else
    l->pcb = altcp_new_ip_type(NULL, IP_GET_TYPE(&l->address));
#endif
    if (l->pcb == NULL) {
        fail(l, ERR_MEM);
        return DUVA_ERR_RESOURCES;
    }
    altcp_arg(l->pcb, l);
    altcp_recv(l->pcb, on_received);
    altcp_err(l->pcb, on_error);
    altcp_nagle_disable(l->pcb); /* small writes are collected here */
    l->state = IS_CONNECTING;
    err = altcp_connect(l->pcb, &l->address, l->port, on_connected);
    if (err == ERR_OK)
        return DUVA_OK;
    forget(l);
    altcp_abort(l->pcb);
    l->pcb = NULL;
    fail(l, err);
    return err == ERR_MEM ? DUVA_ERR_RESOURCES : DUVA_ERR_CONNECT;
}

static int resolve(duva_lwip *l, uint8_t type)
{
#if LWIP_DNS
    err_t err;

    l->state = IS_RESOLVING;
    l->next = resolving;
    resolving = l;
    err = dns_gethostbyname_addrtype(l->host, &l->address, on_resolved, l,
                                     type);
    if (err == ERR_INPROGRESS)
        return DUVA_OK;
    stop_resolving(l);
    l->state = IS_RESOLVED;
    if (err == ERR_OK)
        return DUVA_OK;
    fail(l, err);
    return err == ERR_MEM ? DUVA_ERR_RESOURCES : DUVA_ERR_RESOLVE;
#else
    (void)type;
    fail(l, ERR_ARG);
    return DUVA_ERR_RESOLVE;
#endif
}

/* That attempt has failed.  Returns DUVA_OK when there is another one. */
static int try_next(duva_lwip *l, int err)
{
    if (l->err == DUVA_OK || err != DUVA_ERR_RESOLVE)
        l->err = (int8_t)err;  /* a server that does not answer says more */
    if (!l->try_ipv4 || err == DUVA_ERR_RESOURCES)
        return l->err;
    l->try_ipv4 = 0;
    err = resolve(l, LWIP_DNS_ADDRTYPE_IPV4);
    return err == DUVA_OK ? DUVA_OK : l->err;
}

int duva_lwip_start(duva_lwip *l, const char *host, uint16_t port)
{
    static const duva_link_ops ops = {
        lwip_read, lwip_write, lwip_wait, lwip_close
    };
    int n;

    l->link.ops = &ops;
    l->link.cause = ERR_OK;
    l->pcb = NULL;
    l->in = NULL;
    l->in_read = 0;
    l->host = host;
    l->port = port;
    l->try_ipv4 = 0;
    l->err = DUVA_OK;
    if (ipaddr_aton(host, &l->address)) {
        l->state = IS_RESOLVED;
        return DUVA_OK;
    }
    l->try_ipv4 = BOTH;
    n = resolve(l, FIRST);
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
    stop_resolving(l);
    lwip_close(&l->link);
}
