/* listen.h - the conversation of a session, for those who follow it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LISTEN_H
#define DUVA_CLI_LISTEN_H

#include <stddef.h>

#include "session/session.h"

/* Puts the gate between the link and the client: stop points and listeners. */
void cli_session_listen(struct cli_session *s);

/* What was heard or is about to be said, as duva_trace_fn has it; from is 0
 * where a new connection begins. */
void cli_session_hear(void *session, char from, const char *text, size_t len);

/* A line about the session into the transcript. */
void cli_session_note(struct cli_session *s, const char *text);

#endif
