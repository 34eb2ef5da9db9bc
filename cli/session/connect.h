/* connect.h - the connection of a session, through a proxy or not. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CONNECT_H
#define DUVA_CLI_CONNECT_H

#include "session/session.h"

/* Connects s->link to the server, or to the proxy and through it.  Returns 0;
 * or -1, and the outcome of s has a result. */
int cli_session_connect(struct cli_session *s);

#endif
