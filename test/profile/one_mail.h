/* one_mail.h - a firmware's mail, by the NetX Duo API. */
/* SPDX-License-Identifier: MIT */
#ifndef ONE_MAIL_H
#define ONE_MAIL_H

#include "nx_api.h"

/* Sends a mail with a client of its own; what nx_smtp_mail_send() returns. */
UINT one_mail(NX_IP *ip, NX_PACKET_POOL *pool, NXD_ADDRESS *server,
              CHAR *recipient, CHAR *body, UINT body_length);

#endif
