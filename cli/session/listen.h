/* listen.h - the conversation of a session, for those who follow it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LISTEN_H
#define DUVA_CLI_LISTEN_H

#include <stddef.h>

#include "session/session.h"

/* Puts the gate between the link and the client: stop points and listeners. */
void cli_session_listen(struct cli_session *s);

/* A duva_trace_fn. */
void cli_session_hear_event(void *session, const duva_trace_event *event);

/* What was received or is about to be sent; from is 0 where a new connection
 * begins. */
void cli_session_hear(void *session, char from, const char *text, size_t len);

/* A line about the session into the transcript. */
void cli_session_note(struct cli_session *s, const char *text);

#endif
