/* session.h - one connection of a route, and the session on it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_SESSION_H
#define DUVA_UV_SESSION_H

#include "types.h"

/* Begins to connect.  DUVA_OK, or a duva_err with the errno in cause. */
int duva__session_open(struct queue *queue, int32_t *cause);
/* Is there no connection to the server yet? */
int duva__session_is_connecting(const struct session *s);
void duva__session_advance(struct session *s);
void duva__session_abort(struct session *s);
/* For one that is idle. */
void duva__session_quit(struct session *s);

#endif
