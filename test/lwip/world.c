/* world.c - the peers of the link, on the loopback interface of lwIP. */
/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <lwip/dns.h>
#include <lwip/init.h>
#include <lwip/mem.h>
#include <lwip/memp.h>
#include <lwip/netif.h>
#include <lwip/stats.h>
#include <lwip/sys.h>
#include <lwip/tcp.h>
#include <lwip/timeouts.h>
#include <lwip/udp.h>

#include <string.h>

struct world_server world_server;
struct world_names  world_names;

static u32_t           clock_ms;
static struct netif    hole;   /* sends everything to nobody */
static struct tcp_pcb *listener[2];
static void           *taken[256];
static size_t          taken_count;

u32_t sys_now(void)
{
    return clock_ms;
}

/* ---- the mail server ---- */

static err_t server_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p,
                             err_t err)
{
    struct world_server *s = arg;

    (void)err;
    if (p == NULL) {
        s->ended = 1;
        if (pcb == s->pcb)
            s->pcb = NULL;
        return tcp_close(pcb);
    }
    if (s->len + p->tot_len > sizeof s->got)
        return ERR_MEM;
    s->len += pbuf_copy_partial(p, s->got + s->len, p->tot_len, 0);
    if (s->reads)
        tcp_recved(pcb, p->tot_len);
    pbuf_free(p);
    return ERR_OK;
}

static void server_failed(void *arg, err_t err)
{
    (void)err;
    ((struct world_server *)arg)->pcb = NULL;
}

static err_t server_accepted(void *arg, struct tcp_pcb *pcb, err_t err)
{
    struct world_server *s = arg;

    (void)err;
    if (pcb == NULL)
        return ERR_OK;
    s->pcb = pcb;
    s->connections++;
    tcp_arg(pcb, s);
    tcp_recv(pcb, server_received);
    tcp_err(pcb, server_failed);
    return ERR_OK;
}

static struct tcp_pcb *listen_at(const char *text)
{
    struct tcp_pcb *pcb;
    ip_addr_t       address;

    ipaddr_aton(text, &address);
    pcb = tcp_new_ip_type(IP_GET_TYPE(&address));
    tcp_bind(pcb, &address, WORLD_PORT);
    pcb = tcp_listen(pcb);
    tcp_arg(pcb, &world_server);
    tcp_accept(pcb, server_accepted);
    return pcb;
}

void world_listen(int ipv4, int ipv6)
{
    memset(&world_server, 0, sizeof world_server);
    memset(&world_names, 0, sizeof world_names);
    world_server.reads = 1;
    if (ipv4)
        listener[0] = listen_at("127.0.0.1");
#if LWIP_IPV6
    if (ipv6)
        listener[1] = listen_at("::1");
#else
    (void)ipv6;
#endif
}

/* ---- the name server ---- */

#if LWIP_DNS
/* RFC 1035 4.1: the header, the question as it was, and the answer, whose name
 * points to that of the question. */
static void answer(void *arg, struct udp_pcb *pcb, struct pbuf *p,
                   const ip_addr_t *from, u16_t port)
{
    static const uint8_t head[] = { 0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0 };
    uint8_t     text[512], type;
    u16_t       len = pbuf_copy_partial(p, text, sizeof text, 0), size;
    const char *said;
    ip_addr_t   address;

    (void)arg;
    pbuf_free(p);
    world_names.asked++;
    if (world_names.silent)
        return;
    type = text[len - 3];
    said = type == 28 ? world_names.ipv6 : world_names.ipv4;
    memcpy(text + 2, head, sizeof head);
    if (said != NULL) {
        ipaddr_aton(said, &address);
        size = type == 28 ? 16 : 4;
        text[7] = 1;
        memcpy(text + len, "\xC0\x0C\0\0\0\1\0\0\0\0\0", 12);
        text[len + 3] = type;
        text[len + 11] = (uint8_t)size;
#if LWIP_IPV6
        memcpy(text + len + 12, type == 28 ? (void *)ip_2_ip6(&address)
                                           : (void *)ip_2_ip4(&address), size);
#else
        memcpy(text + len + 12, ip_2_ip4(&address), size);
#endif
        len = (u16_t)(len + 12 + size);
    }
    p = pbuf_alloc(PBUF_TRANSPORT, len, PBUF_RAM);
    pbuf_take(p, text, len);
    udp_sendto(pcb, p, from, port);
    pbuf_free(p);
}

static void start_name_server(void)
{
    struct udp_pcb *pcb = udp_new();
    ip_addr_t       address;

    ipaddr_aton("127.0.0.1", &address);
    udp_bind(pcb, &address, 53);
    udp_recv(pcb, answer, NULL);
    dns_setserver(0, &address);
}
#endif

/* ---- a network that loses all ---- */

int world_is_cut;

int world_lose(struct pbuf *p)
{
    if (world_is_cut)
        pbuf_free(p);
    return world_is_cut;
}

static err_t lose(struct netif *netif, struct pbuf *p, const ip4_addr_t *to)
{
    (void)netif;
    (void)p;
    (void)to;
    return ERR_OK;
}

#if LWIP_IPV6
static err_t lose6(struct netif *netif, struct pbuf *p, const ip6_addr_t *to)
{
    (void)netif;
    (void)p;
    (void)to;
    return ERR_OK;
}
#endif

static err_t init_hole(struct netif *netif)
{
    netif->mtu = 1500;
    netif->output = lose;
#if LWIP_IPV6
    netif->output_ip6 = lose6;
#endif
    return ERR_OK;
}

static void add_hole(void)
{
    ip4_addr_t address, mask;

    ip4addr_aton("192.0.2.2", &address);
    ip4addr_aton("255.255.255.0", &mask);
    netif_add(&hole, &address, &mask, IP4_ADDR_ANY4, NULL, init_hole,
              netif_input);
    netif_set_default(&hole);
    netif_set_up(&hole);
    netif_set_link_up(&hole);
#if LWIP_IPV6
    {
        ip6_addr_t here;

        ip6addr_aton("2001:db8::2", &here);
        netif_ip6_addr_set(&hole, 1, &here);
        netif_ip6_addr_set_state(&hole, 1, IP6_ADDR_PREFERRED);
    }
#endif
}

/* ---- time and memory ---- */

void world_init(void)
{
    lwip_init();
    add_hole();
#if LWIP_DNS
    start_name_server();
#endif
}

void world_poll(void *ctx)
{
    (void)ctx;
    netif_poll_all();
    clock_ms += 5;
    sys_check_timeouts();
}

void world_pass(uint32_t ms)
{
    const u32_t start = clock_ms;

    while ((u32_t)(clock_ms - start) < ms)
        world_poll(NULL);
}

void world_end(void)
{
    size_t i;

    if (world_server.pcb != NULL)
        tcp_abort(world_server.pcb);
    for (i = 0; i < 2; i++) {
        if (listener[i] != NULL)
            tcp_close(listener[i]);
        listener[i] = NULL;
    }
    world_pass(2000);
}

size_t world_memory(void)
{
    size_t used = lwip_stats.mem.used, i;

    for (i = 0; i < MEMP_MAX; i++)
        if (i != MEMP_SYS_TIMEOUT) /* timers of TCP run as long as needed */
            used += lwip_stats.memp[i]->used;
    return used;
}

void world_take_memory(size_t keep)
{
    mem_size_t size = 2048;
    void      *kept = mem_malloc((mem_size_t)keep);

    while (size > 16 && taken_count < sizeof taken / sizeof taken[0]) {
        void *p = mem_malloc(size);

        if (p == NULL)
            size /= 2;
        else
            taken[taken_count++] = p;
    }
    mem_free(kept);
}

void world_give_memory(void)
{
    while (taken_count > 0)
        mem_free(taken[--taken_count]);
}
