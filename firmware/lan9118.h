/* lan9118.h - the Ethernet controller of the board, as a netif of lwIP. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_LAN9118_H
#define FIRMWARE_LAN9118_H

#include <lwip/netif.h>

/* For netif_add(). */
err_t lan9118_init(struct netif *netif);

/* Passes what has been received to lwIP. */
void lan9118_poll(struct netif *netif);

/* 0: pulls the cable; what is sent then is lost, and nothing comes. */
void lan9118_connect(int connected);

#endif
