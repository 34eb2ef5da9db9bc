/* destination.h - limits and pauses of one host and port. */
/* SPDX-License-Identifier: MIT */
/*
 * The limits are numbers of the route; all routes to the destination are
 * counted together.
 */
#ifndef DUVA_UV_DESTINATION_H
#define DUVA_UV_DESTINATION_H

#include "types.h"

const char *duva__port_of(const duva_pool_route *route);

/* NULL: there is no memory. */
struct destination *duva__destination_of(duva_pool *pool,
                                         const duva_pool_route *route);
void duva__destination_release(struct destination *destination);
/* Schedules all queues that lead to it. */
void duva__destination_schedule(const struct destination *destination);

/* Is there a place for one more connection, and may this queue open it? */
int duva__destination_has_room(const struct queue *queue);
int duva__destination_may_open(const struct queue *queue);
/* The queue has opened one. */
void duva__destination_opened(struct queue *queue);
/* An idle session of another queue, or NULL. */
struct session *duva__destination_idle_session(const struct queue *queue);
/* Should a session leave its place to another queue? */
int duva__destination_is_wanted(const struct session *s);

/* When the next mail may begin, in ms; 0: now. */
uint64_t duva__destination_due(const struct queue *queue);
void duva__destination_count_mail(const struct queue *queue);

/* Begins a pause, unless there is one. */
void duva__destination_pause(struct queue *queue);
int duva__destination_is_paused(const struct queue *queue);
/* A connection failed before it could carry a mail: a pause; or, when others
 * can carry mails, no more connections for a time. */
void duva__destination_unreached(struct queue *queue);

#endif
