/* network.h - lwIP on the board: its start, and its turn to work. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_NETWORK_H
#define FIRMWARE_NETWORK_H

#include <stdint.h>

/* The UDP port of the name server.  Set it before network_start(). */
extern uint16_t network_dns_port;

/* Starts lwIP and waits for an address of that version (4 by DHCP, 6 by
 * router advertisements), ms at the longest.  The name server is the host.
 * Returns 0, or -1: there is no controller, or no address came. */
int network_start(int version, uint32_t ms);

/* Lets lwIP work: a duva_lwip_poll_fn. */
void network_poll(void *ctx);

#endif
