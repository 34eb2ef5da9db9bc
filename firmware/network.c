/* network.c - starts lwIP on the board and waits for an address. */
/* SPDX-License-Identifier: MIT */
#include "network.h"

#include "board.h"
#include "lan9118.h"

#include <lwip/dhcp.h>
#include <lwip/dns.h>
#include <lwip/init.h>
#include <lwip/ip6.h>
#include <lwip/timeouts.h>
#include <netif/ethernet.h>

uint16_t network_dns_port = 53;

static struct netif netif;

u32_t sys_now(void)
{
    return board_ms();
}

unsigned int network_random(void)
{
    unsigned int n;

    if (board_random(NULL, (unsigned char *)&n, sizeof(n)) != 0)
        board_exit(5);
    return n;
}

void network_poll(void *ctx)
{
    const unsigned count = lan9118_poll(&netif);

    (void)ctx;
    sys_check_timeouts();
    if (count == 0)
        board_idle();
}

static int has_address(int version)
{
    int i;

    if (version == 4)
        return !ip4_addr_isany(netif_ip4_addr(&netif));
    for (i = 1; i < LWIP_IPV6_NUM_ADDRESSES; i++) /* 0 is link-local */
        if (ip6_addr_ispreferred(netif_ip6_addr_state(&netif, i)))
            return 1;
    return 0;
}

/* In QEMU's user network these addresses lead to the host's loopback. */
static void set_name_server(int version)
{
    ip_addr_t host;

    ipaddr_aton(version == 4 ? "10.0.2.2" : "fec0::2", &host);
    dns_setserver(0, &host);
}

int network_start(int version, uint32_t ms)
{
    const uint32_t start = board_ms();

    lwip_init();
    if (netif_add(&netif, IP4_ADDR_ANY4, IP4_ADDR_ANY4, IP4_ADDR_ANY4, NULL,
                  lan9118_init, ethernet_input) == NULL)
        return -1;
    netif_set_default(&netif);
    netif_set_up(&netif);
    netif_create_ip6_linklocal_address(&netif, 1);
    netif.ip6_autoconfig_enabled = 1;
    if (dhcp_start(&netif) != ERR_OK)
        return -1;
    while (!has_address(version)) {
        if (board_ms() - start >= ms)
            return -1;
        network_poll(NULL);
    }
    set_name_server(version);
    return 0;
}
