/* network.h - lwIP on the board: addresses, and time for it to work. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_NETWORK_H
#define FIRMWARE_NETWORK_H

#include <stdint.h>

extern uint16_t network_dns_port;

/* Starts lwIP and waits for an address of that version (4 by DHCP, 6 by
 * router advertisements), ms at the longest.  The host is asked for names.
 * Returns 0, or -1: there is no controller, or no address came. */
int network_start(int version, uint32_t ms);

/* Lets lwIP work: a duva_lwip_poll_fn. */
void network_poll(void *ctx);

#endif
