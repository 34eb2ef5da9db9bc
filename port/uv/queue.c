/* queue.c - the mails of a route: which is next, and what becomes of it. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "queue.h"

#include "context.h"
#include "destination.h"
#include "endpoint.h"
#include "loop.h"

#include <stdlib.h>
#include <string.h>

static void on_alarm(struct alarm *a)
{
    struct queue *queue
        = (struct queue *)((char *)a - offsetof(struct queue, alarm));

    duva__queue_schedule(queue);
}

struct queue *duva__queue_of(duva_pool *pool, duva_pool_route *route)
{
    struct queue *queue = route->state;

    if (queue != NULL)
        return queue;
    queue = calloc(1, sizeof(*queue));
    if (queue == NULL || duva__alarm_keep(&pool->alarms) != 0) {
        free(queue);
        return NULL;
    }
    queue->destination = duva__destination_of(pool, route);
    queue->endpoint = duva__endpoint_of(pool, route);
    if (queue->destination == NULL || queue->endpoint == NULL) {
        if (queue->destination != NULL)
            duva__destination_release(queue->destination);
        if (queue->endpoint != NULL)
            duva__endpoint_release(queue->endpoint);
        duva__alarm_release(&pool->alarms, &queue->alarm);
        free(queue);
        return NULL;
    }
    queue->pool = pool;
    queue->route = route;
    queue->alarm.ring = on_alarm;
    duva__ring_init(&queue->idle);
    duva__ring_init(&queue->busy);
    duva__ring_add(&queue->ring, &pool->queues);
    route->state = queue;
    return queue;
}

void duva__queue_free(struct queue *queue)
{
    duva__contexts_free(queue);
    duva__alarm_release(&queue->pool->alarms, &queue->alarm);
    duva__ring_drop(&queue->ring);
    duva__destination_release(queue->destination);
    duva__endpoint_release(queue->endpoint);
    queue->route->state = NULL;
    free(queue);
}

/* ---- mails ---- */

static void add(struct queue *queue, struct mails *to, duva_pool_mail *m)
{
    duva__mails_add(to, m);
    queue->length++;
    duva__queue_schedule(queue);
}

void duva__queue_add(struct queue *queue, duva_pool_mail *m)
{
    add(queue, &queue->waiting, m);
}

struct mails duva__queue_take_all(struct queue *queue)
{
    struct mails all = { NULL, NULL };
    duva_pool_mail *m;

    while ((m = duva__mails_take(&queue->for_newer)) != NULL)
        duva__mails_add(&all, m);
    while ((m = duva__mails_take(&queue->waiting)) != NULL)
        duva__mails_add(&all, m);
    queue->length = 0;
    return all;
}

int duva__queue_may_begin(struct queue *queue)
{
    const uint64_t due = duva__destination_due(queue);

    if (due != 0)
        duva__alarm_set(&queue->pool->alarms, &queue->alarm, due);
    return due == 0;
}

/* Is the session unused, and newer than the one that returned the mail? */
static int is_newer(const struct session *s)
{
    const duva_pool_mail *m = s->queue->for_newer.first;

    return m != NULL && s->mails == 0 && s->number > m->after;
}

int duva__queue_has(const struct session *s)
{
    return (is_newer(s) || s->queue->waiting.first != NULL)
           && duva__queue_may_begin(s->queue);
}

static int has_newer(const struct ring *sessions)
{
    const struct ring *r = sessions->next;

    while (r != sessions && !is_newer((const struct session *)r))
        r = r->next;
    return r != sessions;
}

int duva__queue_needs_place(const struct queue *queue)
{
    return queue->for_newer.first != NULL && !duva__destination_has_room(queue)
           && !has_newer(&queue->idle) && !has_newer(&queue->busy);
}

duva_pool_mail *duva__queue_take(const struct session *s)
{
    struct queue *queue = s->queue;
    duva_pool *pool = queue->pool;
    duva_pool_mail *m;

    if (!duva__queue_has(s))
        return NULL;
    duva__destination_count_mail(queue);
    m = duva__mails_take(is_newer(s) ? &queue->for_newer : &queue->waiting);
    queue->length--;
    m->tries++;
    uv_mutex_lock(&pool->lock);
    pool->now.waiting--;
    pool->now.under_way++;
    uv_mutex_unlock(&pool->lock);
    return m;
}

static void report(duva_pool *pool, duva_pool_mail *m, uint64_t *from)
{
    duva_pool_progress *now = &pool->now;
    uint64_t *const to[] = { &now->retry, &now->accepted, &now->retry,
                             &now->refused, &now->uncertain };

    uv_mutex_lock(&pool->lock);
    --*from;
    ++*to[m->job.mail.result.verdict];
    uv_mutex_unlock(&pool->lock);
    m->done(m);
}

/* For a mail that no session has begun. */
static void report_unbegun(duva_pool *pool, duva_pool_mail *m,
                           const duva_result *why)
{
    duva_mail_never_begun(&m->job.mail, why);
    report(pool, m, &pool->now.waiting);
}

void duva__pool_refuse(duva_pool *pool, duva_pool_mail *m, duva_err err,
                       int cause)
{
    duva_result why;

    memset(&why, 0, sizeof(why));
    why.err = err;
    why.cause = cause;
    why.verdict = DUVA_RETRY;
    report_unbegun(pool, m, &why);
}

/* ---- verdicts ---- */

/* A 4yz reply to anything but RCPT. */
static int is_overloaded(const duva_result *r)
{
    const unsigned stage = r->status.stage;

    return r->err == DUVA_ERR_REJECTED && r->status.code / 100 == 4
           && stage != DUVA_STAGE_RCPT;
}

static uint32_t tries_of(const struct queue *queue)
{
    return queue->route->tries != 0 ? queue->route->tries : 1;
}

static int may_retry(const struct queue *queue, duva_pool_mail *m)
{
    if (m->tries >= tries_of(queue)
        || duva__pool_stopped(queue->pool) == DUVA_POOL_ABORT)
        return 0;
    return m->job.source(m->job.source_ctx, NULL, 0) == 0;
}

void duva__queue_return(struct queue *queue, duva_pool_mail *m,
                        int is_no_verdict)
{
    duva_pool *pool = queue->pool;
    const duva_result *r = &m->job.mail.result;
    const int for_newer
        = r->verdict == DUVA_RETRY && is_no_verdict && m->after == 0;

    if (r->verdict == DUVA_ACCEPTED)
        queue->destination->failures = 0;
    else if (is_overloaded(r) && !for_newer)
        duva__destination_pause(queue);
    if (for_newer) {
        m->after = queue->opened;
        m->tries--;
    }
    if (r->verdict != DUVA_RETRY || !may_retry(queue, m)) {
        report(pool, m, &pool->now.under_way);
        return;
    }
    uv_mutex_lock(&pool->lock);
    pool->now.under_way--;
    pool->now.waiting++;
    pool->now.resent++;
    uv_mutex_unlock(&pool->lock);
    add(queue, for_newer ? &queue->for_newer : &queue->waiting, m);
}

/* This was a try of all mails that wait, and for some the last one. */
static void count_try(struct queue *queue, const duva_result *why)
{
    struct mails all = duva__queue_take_all(queue);
    duva_pool_mail *m;

    while ((m = duva__mails_take(&all)) != NULL) {
        m->tries++;
        if (why->verdict == DUVA_RETRY && m->tries < tries_of(queue))
            duva__queue_add(queue, m);
        else
            report_unbegun(queue->pool, m, why);
    }
}

void duva__queue_failed(struct queue *queue, const duva_result *why, int ready)
{
    duva__pool_count(queue->pool, &queue->pool->now.failed, 1);
    if (ready)
        duva__destination_pause(queue);
    else
        duva__destination_unreached(queue);
    if (!ready && queue->sessions == 0)
        count_try(queue, why);
    duva__queue_schedule(queue);
}

void duva__queue_handle_look_up(struct queue *queue)
{
    const int failed = queue->look_up_failed;

    queue->look_up_failed = 0;
    if (failed && queue->length > 0)
        duva__queue_failed(queue, &queue->endpoint->failure, 0);
}
