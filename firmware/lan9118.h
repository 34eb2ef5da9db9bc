/* lan9118.h - the Ethernet controller of the board, as a netif of lwIP. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_LAN9118_H
#define FIRMWARE_LAN9118_H

#include <lwip/netif.h>

/* For netif_add(). */
err_t lan9118_init(struct netif *netif);

/* Passes the received frames to lwIP, and returns their number. */
unsigned lan9118_poll(struct netif *netif);

/* 0: as with the cable pulled, frames are lost in both directions; 1: the cable
 * is connected. */
void lan9118_connect(int connected);

#endif
