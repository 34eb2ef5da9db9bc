/* nxd_smtp_message.h - the message that a client sends: header and body. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_MESSAGE_H
#define NXD_SMTP_MESSAGE_H

#ifndef NX_SMTP_SOURCE_CODE
#define NX_SMTP_SOURCE_CODE
#endif
#include "nxd_smtp_client.h"

/* Gives the message under way a Message-ID that no other has.  A device
 * without a clock, whose random numbers begin with the same seed, goes through
 * the same ticks after each start.  What differs then are the device, by its
 * physical address, and the connection, by the sequence number that the
 * server has chosen: so it is called again when one is up. */
void duva__nx_message_identify(NX_SMTP_CLIENT *c);

/* Is everything fit to be sent?  Reads a message in memory to know it, and how
 * long it is; session.mail has recipients. */
UINT duva__nx_message_check(NX_SMTP_CLIENT *c);

/* A duva_source_fn for it; ctx is the client. */
int duva__nx_message_read(void *ctx, void *buf, size_t len);

/* A duva_source_fn; ctx is a NX_SMTP_SOURCE. */
int duva__nx_source_read(void *ctx, void *buf, size_t len);

#endif
