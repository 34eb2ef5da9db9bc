/* loop.h - what every file of the pool needs of it: the loop, the counters. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_UV_LOOP_H
#define DUVA_UV_LOOP_H

#include "types.h"

/* Every callback of libuv is between these two.  When the outermost one ends,
 * pool->on_leave does what the callbacks have scheduled. */
void duva__pool_enter(duva_pool *pool);
void duva__pool_leave(duva_pool *pool);

/* Schedules the queue to be matched with connections. */
void duva__queue_schedule(struct queue *queue);
/* The next queue that is scheduled, which it is no more; or NULL. */
struct queue *duva__queue_scheduled(duva_pool *pool);

/* Sets an alarm to ring in so many ms; 0: never. */
void duva__pool_set_alarm(duva_pool *pool, struct alarm *a, uint64_t ms);

duva_pool_how duva__pool_stopped(duva_pool *pool);
uint64_t duva__pool_random(duva_pool *pool);
/* Counts, under the lock. */
void duva__pool_count(duva_pool *pool, uint64_t *counter, int by);

#endif
