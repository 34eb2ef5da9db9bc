/* destination.c - limits and pauses of one host and port. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "destination.h"

#include "loop.h"

#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS = 10,
    BACKOFF_MS = 1000,
    BACKOFF_MAX_MS = 300000,
    SLACK_US = 5000, /* timers are late: then catch up */
    FAIR_SHARE = 20  /* mails on a connection that others wait for */
};

static uint32_t or_else(uint32_t number, uint32_t usual)
{
    return number != 0 ? number : usual;
}

static uint64_t now_ms(const struct queue *queue)
{
    return uv_now(queue->pool->loop);
}

const char *duva__port_of(const duva_pool_route *route)
{
    return route->port != NULL ? route->port : "25";
}

static struct destination *find(duva_pool *pool, const duva_pool_route *route)
{
    struct ring *r;

    for (r = pool->queues.next; r != &pool->queues; r = r->next) {
        const struct queue *queue = (struct queue *)r;

        if (strcmp(queue->route->host, route->host) == 0
            && strcmp(duva__port_of(queue->route), duva__port_of(route)) == 0)
            return queue->destination;
    }
    return NULL;
}

struct destination *duva__destination_of(duva_pool *pool,
                                         const duva_pool_route *route)
{
    struct destination *destination = find(pool, route);

    if (destination == NULL)
        destination = calloc(1, sizeof(*destination));
    if (destination != NULL && destination->queues++ == 0)
        destination->pool = pool;
    return destination;
}

void duva__destination_release(struct destination *destination)
{
    if (--destination->queues > 0)
        return;
    free(destination);
}

/* ---- the next one of its queues ---- */

static struct queue *next_queue(const struct destination *destination,
                                const struct queue *after)
{
    const struct ring *end = &destination->pool->queues;
    struct ring *r = after != NULL ? after->ring.next : end->next;

    while (r != end && ((struct queue *)r)->destination != destination)
        r = r->next;
    return r != end ? (struct queue *)r : NULL;
}

void duva__destination_schedule(const struct destination *destination)
{
    struct queue *queue = NULL;

    while ((queue = next_queue(destination, queue)) != NULL)
        duva__queue_schedule(queue);
}

/* ---- connections ---- */

int duva__destination_has_room(const struct queue *queue)
{
    const struct destination *destination = queue->destination;

    return destination->sessions
               < or_else(queue->route->connections, CONNECTIONS)
           && (destination->sessions < destination->places
               || destination->full_until <= now_ms(queue));
}

/* The next queue after `after` that has mails and no connection. */
static const struct queue *next_waiting(const struct queue *queue,
                                        const struct queue *after)
{
    while ((after = next_queue(queue->destination, after)) != NULL)
        if (after != queue && after->length > 0 && after->sessions == 0)
            break;
    return after;
}

/* Does another queue wait for one of this one's connections? */
static int is_waited_for(const struct queue *queue)
{
    const struct queue *other = NULL;

    while ((other = next_waiting(queue, other)) != NULL)
        if (!duva__destination_has_room(other))
            return 1;
    return 0;
}

/* Queues without a connection go first, in the order of their last one. */
int duva__destination_may_open(const struct queue *queue)
{
    const struct queue *other = NULL;

    if (queue->destination->queues == 1)
        return 1;
    while ((other = next_waiting(queue, other)) != NULL)
        if (queue->sessions > 0 || other->last_opened < queue->last_opened)
            return 0;
    return 1;
}

void duva__destination_opened(struct queue *queue)
{
    queue->last_opened = ++queue->destination->opened;
    duva__destination_schedule(queue->destination);
}

int duva__destination_is_wanted(const struct session *s)
{
    return s->queue->destination->queues > 1 && s->mails >= FAIR_SHARE
           && is_waited_for(s->queue);
}

struct session *duva__destination_idle_session(const struct queue *queue)
{
    struct queue *other = NULL;

    while ((other = next_queue(queue->destination, other)) != NULL)
        if (other != queue && other->idle.next != &other->idle)
            return (struct session *)other->idle.next;
    return NULL;
}

/* ---- mails ---- */

uint64_t duva__destination_due(const struct queue *queue)
{
    const struct destination *destination = queue->destination;

    if (destination->until > now_ms(queue))
        return destination->until;
    if (queue->route->rate != 0 && destination->slot > now_ms(queue) * 1000)
        return destination->slot / 1000 + 1;
    return 0;
}

void duva__destination_count_mail(const struct queue *queue)
{
    struct destination *destination = queue->destination;
    const uint32_t rate = queue->route->rate;
    const uint64_t now = now_ms(queue) * 1000;

    if (rate == 0)
        return;
    if (destination->slot + SLACK_US < now)
        destination->slot = now - SLACK_US;
    destination->slot += 1000000 / rate + (1000000 % rate != 0);
}

/* ---- pauses ---- */

int duva__destination_is_paused(const struct queue *queue)
{
    return queue->destination->until > now_ms(queue);
}

/* The end of a pause after one more failure. */
static uint64_t back_off(const struct queue *queue, unsigned *failures)
{
    const duva_pool_route *route = queue->route;
    const uint64_t most = or_else(route->backoff_max_ms, BACKOFF_MAX_MS);
    uint64_t ms = or_else(route->backoff_ms, BACKOFF_MS);
    unsigned i;

    for (i = 0; i < *failures && ms < most; i++)
        ms *= 2;
    if (ms > most)
        ms = most;
    ++*failures;
    return now_ms(queue) + ms - duva__pool_random(queue->pool) % (ms / 2 + 1);
}

/* Failures in a pause are those of sessions that began before it. */
void duva__destination_pause(struct queue *queue)
{
    struct destination *destination = queue->destination;

    if (duva__destination_is_paused(queue))
        return;
    destination->until = back_off(queue, &destination->failures);
    duva__destination_schedule(destination);
}

/* Is there a connection that can carry mails? */
static int is_reached(const struct destination *destination)
{
    const struct queue *queue = NULL;

    while ((queue = next_queue(destination, queue)) != NULL)
        if (queue->sessions > queue->connecting)
            return 1;
    return 0;
}

void duva__destination_unreached(struct queue *queue)
{
    struct destination *destination = queue->destination;

    if (!is_reached(destination)) {
        duva__destination_pause(queue);
        return;
    }
    destination->places = destination->sessions;
    if (destination->full_until <= now_ms(queue))
        destination->full_until = back_off(queue, &destination->refusals);
}
