/* race.h - connects as duva_posix_open() does. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_RACE_H
#define DUVA_UV_RACE_H

#include "types.h"

/* What came of the last event: attempts go on; there is a connection,
 * s->attempts; or none, and s->race.cause is the errno. */
enum duva__race_state { DUVA__RACE_ON, DUVA__RACE_WON, DUVA__RACE_LOST };

/* How long all attempts may take together. */
uint32_t duva__race_ms(const struct session *s);
enum duva__race_state duva__race_begin(struct session *s, uv_poll_cb on_poll);
/* For a session that is not yet connected. */
enum duva__race_state duva__race_event(struct session *s, struct attempt *a);
enum duva__race_state duva__race_alarm(struct session *s);
/* Is there a connection, of which there was no event yet? */
int duva__race_is_won(const struct session *s);
/* Closes the attempts; the link closes the socket of a connection. */
void duva__race_end(struct session *s);
void duva__race_watch(struct attempt *a, int events);

#endif
