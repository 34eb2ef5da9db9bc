/* pool.c - takes mails from any thread, and ends the pool. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "loop.h"
#include "match.h"
#include "queue.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* ---- the end ---- */

static void is_over(duva_pool *pool)
{
    void (*over)(void *ctx) = pool->over;

    pool->is_over = 1;
    if (over != NULL)
        over(pool->over_ctx);
}

static void closed(uv_handle_t *handle)
{
    duva_pool *pool = handle->data;

    if (--pool->handles == 0)
        is_over(pool);
}

static void end_if_done(duva_pool *pool)
{
    struct ring *r;
    int is_empty;

    if (pool->closing || pool->handles > 2)
        return;
    uv_mutex_lock(&pool->lock);
    is_empty = pool->stop != 0 && pool->inbox.first == NULL
               && pool->now.waiting == 0 && pool->now.under_way == 0;
    uv_mutex_unlock(&pool->lock);
    if (!is_empty)
        return;
    for (r = pool->queues.next; r != &pool->queues; r = r->next)
        if (((struct queue *)r)->sessions > 0)
            return;
    pool->closing = 1;
    while (pool->queues.next != &pool->queues)
        duva__queue_free((struct queue *)pool->queues.next);
    uv_close((uv_handle_t *)&pool->timer, closed);
    uv_close((uv_handle_t *)&pool->async, closed);
}

/* ---- the loop's thread ---- */

static void on_timer(uv_timer_t *timer)
{
    duva_pool *pool = timer->data;

    pool->timer_at = 0;
    duva__pool_enter(pool);
    duva__alarms_ring(&pool->alarms, uv_now(pool->loop));
    duva__pool_leave(pool);
}

static void set_timer(duva_pool *pool)
{
    const uint64_t next = duva__alarms_next(&pool->alarms);
    const uint64_t now = uv_now(pool->loop);

    if (next == 0 || pool->closing
        || (pool->timer_at != 0 && pool->timer_at <= next))
        return;
    if (uv_timer_start(&pool->timer, on_timer, next > now ? next - now : 0, 0)
        == 0)
        pool->timer_at = next;
}

static void hand_over(duva_pool *pool, duva_pool_mail *m)
{
    struct queue *queue = duva__queue_of(pool, m->to);

    if (queue != NULL)
        duva__queue_add(queue, m);
    else
        duva__pool_refuse(pool, m, DUVA_ERR_RESOURCES, ENOMEM);
}

static void empty_inbox(duva_pool *pool)
{
    duva_pool_mail *m;
    struct mails inbox;

    uv_mutex_lock(&pool->lock);
    inbox = pool->inbox;
    pool->inbox.first = NULL;
    uv_mutex_unlock(&pool->lock);
    while ((m = duva__mails_take(&inbox)) != NULL)
        hand_over(pool, m);
}

static void abort_all(duva_pool *pool)
{
    struct ring *r;

    empty_inbox(pool);
    for (r = pool->queues.next; r != &pool->queues; r = r->next)
        duva__match_abort((struct queue *)r);
}

static void match_scheduled(duva_pool *pool)
{
    struct queue *queue;

    while ((queue = duva__queue_scheduled(pool)) != NULL)
        duva__match(queue);
    set_timer(pool);
}

static void on_async(uv_async_t *async)
{
    duva_pool *pool = async->data;
    const duva_pool_how how = duva__pool_stopped(pool);
    struct ring *r;

    uv_update_time(pool->loop);
    duva__pool_enter(pool);
    empty_inbox(pool);
    if (how == DUVA_POOL_ABORT)
        abort_all(pool);
    for (r = pool->queues.next; r != &pool->queues; r = r->next)
        duva__queue_schedule((struct queue *)r);
    duva__pool_leave(pool);
}

/* ---- calls ---- */

duva_pool *duva_pool_new(struct uv_loop_s *loop)
{
    duva_pool *pool = loop != NULL ? calloc(1, sizeof(*pool)) : NULL;

    if (pool == NULL)
        return NULL;
    pool->loop = loop;
    pool->thread = uv_thread_self();
    pool->random_state = uv_hrtime() ^ (uint64_t)(uintptr_t)pool;
    if (pool->random_state == 0)
        pool->random_state = 1;
    pool->on_leave = match_scheduled;
    pool->on_left = end_if_done;
    duva__ring_init(&pool->queues);
    if (uv_mutex_init(&pool->lock) != 0) {
        free(pool);
        return NULL;
    }
    if (uv_async_init(loop, &pool->async, on_async) != 0) {
        uv_mutex_destroy(&pool->lock);
        free(pool);
        return NULL;
    }
    uv_timer_init(loop, &pool->timer);
    pool->async.data = pool->timer.data = pool;
    pool->handles = 2;
    return pool;
}

static int is_fit(const duva_pool *pool, const duva_pool_mail *m)
{
    const duva_pool_route *to = m != NULL ? m->to : NULL;

    if (to != NULL && to->proxy != NULL && to->proxy->host == NULL)
        return 0;
    return pool != NULL && to != NULL && m->done != NULL
           && m->job.source != NULL && to->host != NULL
           && (m->job.mail.rcpt != NULL || m->job.mail.rcpt_count == 0)
           && (to->buffer == 0 || to->buffer >= DUVA_BUFFER_MIN)
           && (to->config.tls == DUVA_TLS_NEVER || to->make != NULL)
           && duva_name_check(to->config.name) == DUVA_REASON_NONE;
}

/* A mail from done() is queued at once; all others wake the loop. */
int duva_pool_send(duva_pool *pool, duva_pool_mail *m)
{
    const uv_thread_t self = uv_thread_self();
    int is_inside;

    if (!is_fit(pool, m))
        return DUVA_ERR_ARG;
    m->tries = 0;
    m->after = 0;
    is_inside = uv_thread_equal(&self, &pool->thread) && pool->inside > 0;
    uv_mutex_lock(&pool->lock);
    if (pool->stop != 0) {
        uv_mutex_unlock(&pool->lock);
        return DUVA_ERR_STATE;
    }
    pool->now.waiting++;
    if (!is_inside) {
        duva__mails_add(&pool->inbox, m);
        uv_async_send(&pool->async);
    }
    uv_mutex_unlock(&pool->lock);
    if (is_inside)
        hand_over(pool, m);
    return DUVA_OK;
}

int duva_pool_stop(duva_pool *pool, duva_pool_how how, void (*over)(void *ctx),
                   void *ctx)
{
    if (pool == NULL || (how != DUVA_POOL_FINISH && how != DUVA_POOL_ABORT))
        return DUVA_ERR_ARG;
    uv_mutex_lock(&pool->lock);
    if (pool->stop >= how) {
        uv_mutex_unlock(&pool->lock);
        return DUVA_ERR_STATE;
    }
    if (pool->stop == 0) {
        pool->over = over;
        pool->over_ctx = ctx;
    }
    pool->stop = how;
    uv_async_send(&pool->async);
    uv_mutex_unlock(&pool->lock);
    return DUVA_OK;
}

void duva_pool_look(duva_pool *pool, duva_pool_progress *now)
{
    uv_mutex_lock(&pool->lock);
    *now = pool->now;
    uv_mutex_unlock(&pool->lock);
}

int duva_pool_free(duva_pool *pool)
{
    if (pool == NULL || !pool->is_over)
        return DUVA_ERR_STATE;
    uv_mutex_destroy(&pool->lock);
    free(pool->alarms.heap);
    free(pool);
    return DUVA_OK;
}

size_t duva_pool_session_size(void)
{
    return sizeof(struct session) + sizeof(struct attempt);
}
