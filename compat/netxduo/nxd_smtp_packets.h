/* nxd_smtp_packets.h - the connection of the smaller client. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_PACKETS_H
#define NXD_SMTP_PACKETS_H

#include "nxd_smtp_claim.h"

/* Two files have these: nxd_smtp_packets.c, for TCP, and nxd_smtp_records.c,
 * for TCP and TLS.  They return a status of NetX Duo or of NX Secure. */

/* Connects.  When that fails, there is nothing to close. */
UINT duva__nx_open(NX_SMTP_CLIENT *c);

/* Collects octets, and sends them when a packet is full.  *len becomes how many
 * were taken. */
UINT duva__nx_put(NX_SMTP_CLIENT *c, const void *data, size_t *len);

/* Sends what was collected, waits, and gives the engine what comes. */
UINT duva__nx_take(NX_SMTP_CLIENT *c, ULONG wait);

/* Closes; NX_NO_WAIT resets the connection. */
VOID duva__nx_close(NX_SMTP_CLIENT *c, ULONG wait);

#endif
