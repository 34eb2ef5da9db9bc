/* programs.h - the programs that each profile of the library is made for. */
/* SPDX-License-Identifier: MIT */
#ifndef PROGRAMS_H
#define PROGRAMS_H

#include "nx_api.h"
#include "duva/link.h"

/* Sends a mail with a client of its own; what nx_smtp_mail_send() returns. */
UINT one_mail(NX_IP *ip, NX_PACKET_POOL *pool, NXD_ADDRESS *server,
              CHAR *recipient, CHAR *body, UINT body_length);

/* Sends a mail by duva/client.h over a link, and closes it.  DUVA_OK or a
 * duva_err. */
int one_send(duva_link *link, const char *recipient, const char *message,
             size_t len);

#endif
