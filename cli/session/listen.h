/* listen.h - the conversation of a session, for those who follow it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LISTEN_H
#define DUVA_CLI_LISTEN_H

#include "session/session.h"

/* A new connection begins. */
void cli_session_connected(struct cli_session *s);

/* A duva_trace_fn: tells all who follow the session. */
void cli_session_hear(void *session, const duva_trace_event *event);

/* A line about the session into the transcript. */
void cli_session_note(struct cli_session *s, const char *text);

#endif
