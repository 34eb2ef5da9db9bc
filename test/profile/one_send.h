/* one_send.h - a mail by duva/client.h. */
/* SPDX-License-Identifier: MIT */
#ifndef ONE_SEND_H
#define ONE_SEND_H

#include "duva/link.h"

/* Sends a mail over a link, and closes it.  DUVA_OK or a duva_err. */
int one_send(duva_link *link, const char *recipient, const char *message,
             size_t len);

#endif
