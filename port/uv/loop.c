/* loop.c - what every file of the pool needs of it: the loop, the counters. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "loop.h"

void duva__pool_enter(duva_pool *pool)
{
    pool->inside++;
}

void duva__pool_leave(duva_pool *pool)
{
    if (pool->inside == 1)
        pool->on_leave(pool);
    pool->inside--;
    if (pool->inside == 0)
        pool->on_left(pool);
}

void duva__queue_schedule(struct queue *queue)
{
    if (queue->is_scheduled)
        return;
    queue->is_scheduled = 1;
    queue->next_scheduled = queue->pool->scheduled;
    queue->pool->scheduled = queue;
}

struct queue *duva__queue_scheduled(duva_pool *pool)
{
    struct queue *queue = pool->scheduled;

    if (queue != NULL) {
        pool->scheduled = queue->next_scheduled;
        queue->is_scheduled = 0;
    }
    return queue;
}

void duva__pool_set_alarm(duva_pool *pool, struct alarm *a, uint64_t ms)
{
    duva__alarm_set(&pool->alarms, a, ms != 0 ? uv_now(pool->loop) + ms : 0);
}

/* xorshift: it only has to make clients differ. */
uint64_t duva__pool_random(duva_pool *pool)
{
    pool->random_state ^= pool->random_state << 13;
    pool->random_state ^= pool->random_state >> 7;
    pool->random_state ^= pool->random_state << 17;
    return pool->random_state;
}

void duva__pool_count(duva_pool *pool, uint64_t *counter, int by)
{
    uv_mutex_lock(&pool->lock);
    *counter += (uint64_t)by;
    uv_mutex_unlock(&pool->lock);
}

duva_pool_how duva__pool_stopped(duva_pool *pool)
{
    duva_pool_how how;

    uv_mutex_lock(&pool->lock);
    how = pool->stop;
    uv_mutex_unlock(&pool->lock);
    return how;
}
