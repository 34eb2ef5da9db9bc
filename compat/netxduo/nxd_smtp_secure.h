/* nxd_smtp_secure.h - the TLS of a client. */
/* SPDX-License-Identifier: MIT */
#ifndef NXD_SMTP_SECURE_H
#define NXD_SMTP_SECURE_H

#ifndef NX_SMTP_SOURCE_CODE
#define NX_SMTP_SOURCE_CODE
#endif
#include "nxd_smtp_client.h"

#if DUVA__NX_TLS

/* What was given to nx_smtp_client_secure_set(): NX_SUCCESS when a mail can
 * be sent with it. */
UINT duva__nx_secure_check(const NX_SMTP_CLIENT *c);

/* Sets TLS, or none, for the session of c, before its client is set up. */
void duva__nx_secure_begin(NX_SMTP_CLIENT *c, duva_config *config);

#endif
#endif
