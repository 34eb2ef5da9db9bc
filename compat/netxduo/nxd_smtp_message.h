/* nxd_smtp_message.h - the message that a client sends: header and body. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_MESSAGE_H
#define NXD_SMTP_MESSAGE_H

#define NX_SMTP_SOURCE_CODE
#include "nxd_smtp_client.h"

/* Gives the message under way a Message-ID that no other has.  Without a
 * clock what differs is the time since the start, the random numbers that
 * NetX Duo draws, its choice of a port (so the socket must be bound), the
 * mail itself, and the count and place of the client. */
void duva__nx_message_identify(NX_SMTP_CLIENT *c);

/* A duva_source_fn for it; ctx is the client. */
int duva__nx_message_read(void *ctx, void *buf, size_t len);

#endif
