/* send.h - hands the mails of a script to a client. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_SEND_H
#define DUVA_TEST_SEND_H

#include "check.h"
#include "traffic.h"

#include "duva/client.h"

/* Sends them, t->together or one by one, and closes the session.  slow:
 * messages come octet by octet.  They go past the engine where they may when
 * c->direct is send_direct. */
void send_script(duva_client *c, struct played *p, struct traffic *t,
                 int slow);

int send_direct(void *ctx, duva_link *link, size_t len);

#endif
