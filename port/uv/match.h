/* match.h - brings the mails of a queue and connections together. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_MATCH_H
#define DUVA_UV_MATCH_H

#include "types.h"

/* Gives mails to idle sessions, opens sessions for the others, and ends those
 * that are not needed when the pool is stopped. */
void duva__match(struct queue *queue);

/* Reports all mails as cancelled, and ends all sessions. */
void duva__match_abort(struct queue *queue);

#endif
