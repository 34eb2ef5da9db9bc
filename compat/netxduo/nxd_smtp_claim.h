/* nxd_smtp_claim.h - which thread uses a client. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_CLAIM_H
#define NXD_SMTP_CLAIM_H

#ifndef NX_SMTP_SOURCE_CODE
#define NX_SMTP_SOURCE_CODE
#endif
#include "nxd_smtp_client.h"

int duva__nx_is_client(const NX_SMTP_CLIENT *c);

/* Claims a client for the calling thread: 1, or 0 when it is claimed already.
 * The same thread releases it. */
int  duva__nx_claim(NX_SMTP_CLIENT *c);
void duva__nx_release(NX_SMTP_CLIENT *c);

#endif
