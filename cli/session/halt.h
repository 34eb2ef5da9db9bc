/* halt.h - the end of a session at the stage of --stop-after. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_HALT_H
#define DUVA_CLI_HALT_H

#include "session/session.h"

/* Has the session come as far as --stop-after says?  Then the server is told
 * QUIT if it can be, s->connection.stopped_after is the stage, and the outcome
 * says that the mail was not sent.  Returns that stage, or 0. */
int cli_session_halt(struct cli_session *s);

#endif
