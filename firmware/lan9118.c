/* lan9118.c - frames of the SMSC LAN9118, polled, into pbufs and back. */
/* SPDX-License-Identifier: MIT */
#include "lan9118.h"

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/pbuf.h>

#include <string.h>

#define BASE 0x40200000u
#define REG(offset) (*(volatile u32_t *)(BASE + (offset)))

/* Its registers (SMSC LAN9118 data sheet, 5.3) and those of its MAC (5.4). */
#define RX_DATA_FIFO   REG(0x00)
#define TX_DATA_FIFO   REG(0x20)
#define RX_STATUS_FIFO REG(0x40)
#define BYTE_TEST      REG(0x64)
#define RX_CFG         REG(0x6C)
#define TX_CFG         REG(0x70)
#define HW_CFG         REG(0x74)
#define RX_FIFO_INF    REG(0x7C)
#define TX_FIFO_INF    REG(0x80)
#define MAC_CSR_CMD    REG(0xA4)
#define MAC_CSR_DATA   REG(0xA8)
enum { MAC_CR = 1, ADDRH = 2, ADDRL = 3 };

#define MAC_BUSY     0x80000000u
#define MAC_RXALL    0x80000000u /* IPv6 neighbours ask by multicast */
#define MAC_TXEN     0x00000008u
#define MAC_RXEN     0x00000004u
#define TX_FIRST     0x00002000u
#define TX_LAST      0x00001000u
#define TX_ON        0x00000002u
#define RX_ERROR     0x00008000u
#define SOFT_RESET   0x00000001u

enum { CRC = 4, FRAME = 1518 + CRC };

static int is_connected = 1;

static void set_mac(u32_t reg, u32_t value)
{
    MAC_CSR_DATA = value;
    MAC_CSR_CMD = MAC_BUSY | reg;
    while (MAC_CSR_CMD & MAC_BUSY)
        ;
}

static err_t send_frame(struct netif *netif, struct pbuf *p)
{
    static u32_t frame[(FRAME + 3) / 4];
    const u16_t  len = p->tot_len;
    unsigned     i;

    (void)netif;
    if (len > FRAME)
        return ERR_BUF;
    if (!is_connected)
        return ERR_OK;
    pbuf_copy_partial(p, frame, len, 0);
    while ((TX_FIFO_INF & 0xFFFF) < len + 16u)
        ;
    TX_DATA_FIFO = TX_FIRST | TX_LAST | len;
    TX_DATA_FIFO = len;
    for (i = 0; i < (len + 3u) / 4; i++)
        TX_DATA_FIFO = frame[i];
    return ERR_OK;
}

/* Reads the frame out of the controller in any case. */
static void receive_frame(struct netif *netif, u32_t status)
{
    static u32_t frame[(FRAME + 3) / 4];
    const u32_t  len = status >> 16 & 0x3FFF;
    struct pbuf *p;
    u32_t        i, word;

    for (i = 0; i < (len + 3) / 4; i++) {
        word = RX_DATA_FIFO;
        if (i < sizeof(frame) / sizeof(frame[0]))
            frame[i] = word;
    }
    if ((status & RX_ERROR) || len <= CRC || len > FRAME || !is_connected)
        return;
    p = pbuf_alloc(PBUF_RAW, (u16_t)(len - CRC), PBUF_POOL);
    if (p == NULL)
        return;                /* TCP sends it again */
    pbuf_take(p, frame, (u16_t)(len - CRC));
    if (netif->input(p, netif) != ERR_OK)
        pbuf_free(p);
}

unsigned lan9118_poll(struct netif *netif)
{
    unsigned count = 0;

    while (RX_FIFO_INF >> 16 & 0xFF) {
        receive_frame(netif, RX_STATUS_FIFO);
        count++;
    }
    return count;
}

void lan9118_connect(int connected)
{
    is_connected = connected;
}

err_t lan9118_init(struct netif *netif)
{
    static const u8_t mac[6] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

    if (BYTE_TEST != 0x87654321u)
        return ERR_IF;
    HW_CFG = SOFT_RESET;
    while (HW_CFG & SOFT_RESET)
        ;
    set_mac(ADDRL, 0x12005452u);
    set_mac(ADDRH, 0x5634u);
    TX_CFG = TX_ON;
    RX_CFG = 0;
    set_mac(MAC_CR, MAC_RXALL | MAC_TXEN | MAC_RXEN);
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->mtu = 1500;
    netif->hwaddr_len = sizeof(mac);
    memcpy(netif->hwaddr, mac, sizeof(mac));
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP
                   | NETIF_FLAG_ETHERNET | NETIF_FLAG_LINK_UP
                   | NETIF_FLAG_MLD6;
    netif->output = etharp_output;
    netif->output_ip6 = ethip6_output;
    netif->linkoutput = send_frame;
    return ERR_OK;
}
