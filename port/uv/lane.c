/* lane.c - turns the mails of a route into work for its sessions. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "internal.h"

#include <stdlib.h>
#include <string.h>

enum {
    CONNECTIONS = 10, BACKOFF_MS = 1000, BACKOFF_MAX_MS = 300000,
    SLACK_US = 5000            /* the loop wakes us late: then catch up */
};

static uint32_t or_else(uint32_t number, uint32_t usual)
{
    return number != 0 ? number : usual;
}

static uint64_t now_ms(const struct lane *lane)
{
    return uv_now(lane->pool->loop);
}

void duva__lane_unsettle(struct lane *lane)
{
    if (lane->is_unsettled)
        return;
    lane->is_unsettled = 1;
    lane->unsettled = lane->pool->unsettled;
    lane->pool->unsettled = lane;
}

static void on_alarm(struct alarm *a)
{
    struct lane *lane =
        (struct lane *)((char *)a - offsetof(struct lane, alarm));

    duva__lane_unsettle(lane);
}

struct lane *duva__lane_of(duva_pool *pool, duva_pool_route *route)
{
    struct lane *lane = route->state;

    if (lane != NULL)
        return lane;
    lane = calloc(1, sizeof(*lane));
    if (lane == NULL || duva__alarm_keep(&pool->alarms) != 0) {
        free(lane);
        return NULL;
    }
    lane->pool = pool;
    lane->route = route;
    lane->alarm.ring = on_alarm;
    duva__ring_init(&lane->idle);
    duva__ring_init(&lane->busy);
    duva__ring_add(&lane->ring, &pool->lanes);
    route->state = lane;
    return lane;
}

void duva__lane_free(struct lane *lane)
{
    struct kit *kit;

    while ((kit = lane->kits) != NULL) {
        lane->kits = kit->next;
        if (lane->route->unmake != NULL)
            lane->route->unmake(lane->route->ctx, &kit->kit);
        free(kit);
    }
    duva__alarm_release(&lane->pool->alarms, &lane->alarm);
    duva__lane_forget(lane);
    duva__ring_drop(&lane->ring);
    lane->route->state = NULL;
    free(lane);
}

/* ---- mails ---- */

void duva__lane_add(struct lane *lane, duva_pool_mail *m)
{
    duva__queue_add(&lane->waiting, m);
    lane->length++;
    duva__lane_unsettle(lane);
}

static void rate_alarm(struct lane *lane)
{
    const uint64_t due = lane->until > now_ms(lane) ? lane->until
                                                    : lane->slot / 1000 + 1;

    duva__alarm_set(&lane->pool->alarms, &lane->alarm, due);
}

/* May a mail begin now?  If not, the alarm is set for when it may. */
static int may_begin(struct lane *lane)
{
    if (lane->until > now_ms(lane)
        || (lane->route->rate != 0
            && lane->slot > now_ms(lane) * 1000)) {
        rate_alarm(lane);
        return 0;
    }
    return 1;
}

int duva__lane_has(struct lane *lane)
{
    return lane->length > 0 && may_begin(lane);
}

duva_pool_mail *duva__lane_take(struct lane *lane)
{
    duva_pool       *pool = lane->pool;
    duva_pool_mail  *m;
    const uint32_t   rate = lane->route->rate;
    const uint64_t   now = now_ms(lane) * 1000;

    if (!duva__lane_has(lane))
        return NULL;
    if (rate != 0) {
        if (lane->slot + SLACK_US < now)
            lane->slot = now - SLACK_US;
        lane->slot += 1000000 / rate + (1000000 % rate != 0);
    }
    m = duva__queue_take(&lane->waiting);
    lane->length--;
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
    uint64_t *const     to[] = { &now->retry, &now->accepted, &now->retry,
                                 &now->refused, &now->uncertain };

    uv_mutex_lock(&pool->lock);
    --*from;
    ++*to[m->job.mail.result.verdict];
    uv_mutex_unlock(&pool->lock);
    m->done(m);
}

/* A mail that no session has begun. */
static void report_unbegun(duva_pool *pool, duva_pool_mail *m,
                           const duva_result *why)
{
    duva_mail_never_begun(&m->job.mail, why);
    report(pool, m, &pool->now.waiting);
}

void duva__pool_refuse(duva_pool *pool, duva_pool_mail *m, duva_err err)
{
    duva_result why;

    memset(&why, 0, sizeof(why));
    why.err = err;
    why.verdict = DUVA_RETRY;
    report_unbegun(pool, m, &why);
}

/* ---- pauses ---- */

/* Failures in a pause are those of sessions that began before it. */
static void pause_lane(struct lane *lane)
{
    const duva_pool_route *route = lane->route;
    const uint64_t most = or_else(route->backoff_max_ms, BACKOFF_MAX_MS);
    uint64_t       ms = or_else(route->backoff_ms, BACKOFF_MS);
    unsigned       i;

    if (lane->until > now_ms(lane))
        return;
    for (i = 0; i < lane->failures && ms < most; i++)
        ms *= 2;
    if (ms > most)
        ms = most;
    lane->failures++;
    lane->until = now_ms(lane) + ms - duva__pool_random(lane->pool)
                                          % (ms / 2 + 1);
    rate_alarm(lane);
}

/* 4yz that is about the server, not about a recipient. */
static int is_overloaded(const duva_result *r)
{
    const unsigned stage = r->status.stage;

    return r->err == DUVA_ERR_REJECTED && r->status.code / 100 == 4
           && stage != DUVA_STAGE_RCPT;
}

static int may_retry(const struct lane *lane, duva_pool_mail *m)
{
    if (m->tries >= or_else(lane->route->tries, 1)
        || duva__pool_stopped(lane->pool) == DUVA_POOL_ABORT)
        return 0;
    return m->job.source(m->job.source_ctx, NULL, 0) == 0;
}

void duva__lane_decided(struct lane *lane, duva_pool_mail *m, int was_stale)
{
    duva_pool         *pool = lane->pool;
    const duva_result *r = &m->job.mail.result;

    if (r->verdict == DUVA_ACCEPTED)
        lane->failures = 0;
    else if (is_overloaded(r))
        pause_lane(lane);
    if (r->verdict == DUVA_RETRY && was_stale && !m->stale) {
        m->stale = 1;
        m->tries--;
    }
    if (r->verdict != DUVA_RETRY || !may_retry(lane, m)) {
        report(pool, m, &pool->now.under_way);
        return;
    }
    uv_mutex_lock(&pool->lock);
    pool->now.under_way--;
    pool->now.waiting++;
    pool->now.resent++;
    uv_mutex_unlock(&pool->lock);
    duva__lane_add(lane, m);
}

/* All that wait have tried in vain, and some for the last time. */
static void charge(struct lane *lane, const duva_result *why)
{
    struct queue    all = lane->waiting;
    duva_pool_mail *m;

    lane->waiting.first = NULL;
    lane->length = 0;
    while ((m = duva__queue_take(&all)) != NULL) {
        m->tries++;
        if (why->verdict == DUVA_RETRY
            && m->tries < or_else(lane->route->tries, 1))
            duva__lane_add(lane, m);
        else
            report_unbegun(lane->pool, m, why);
    }
}

void duva__lane_failed(struct lane *lane, const duva_result *why, int ready)
{
    duva__pool_count(lane->pool, &lane->pool->now.failed, 1);
    pause_lane(lane);
    if (!ready && lane->sessions == 0)
        charge(lane, why);
    duva__lane_unsettle(lane);
}

void duva__lane_abort(struct lane *lane)
{
    struct queue    all = lane->waiting;
    duva_pool_mail *m;

    if (lane->looking_up)
        uv_cancel((uv_req_t *)&lane->request);
    lane->waiting.first = NULL;
    lane->length = 0;
    while ((m = duva__queue_take(&all)) != NULL)
        duva__pool_refuse(lane->pool, m, DUVA_ERR_CANCELLED);
    while (lane->idle.next != &lane->idle)
        duva__session_abort((struct session *)lane->idle.next);
    while (lane->busy.next != &lane->busy)
        duva__session_abort((struct session *)lane->busy.next);
}

/* ---- mails and sessions ---- */

static void wake_idle(struct lane *lane)
{
    while (lane->idle.next != &lane->idle && duva__lane_has(lane))
        duva__session_advance((struct session *)lane->idle.next);
}

int duva__lane_has_room(const struct lane *lane)
{
    return lane->sessions < or_else(lane->route->connections, CONNECTIONS);
}

/* Each session on its way will take one of those that wait. */
static int wants_more(const struct lane *lane)
{
    return lane->length > lane->connecting && duva__lane_has_room(lane);
}

static void end_idle(struct lane *lane)
{
    while (lane->length == 0 && lane->idle.next != &lane->idle)
        duva__session_advance((struct session *)lane->idle.next);
}

void duva__lane_settle(struct lane *lane)
{
    wake_idle(lane);
    while (wants_more(lane) && lane->until <= now_ms(lane)
           && duva__lane_resolve(lane)) {
        const int err = duva__session_open(lane, lane->good, lane->good);

        if (err != DUVA_OK) {
            duva_result why;

            memset(&why, 0, sizeof(why));
            why.err = (duva_err)err;
            why.verdict = err == DUVA_ERR_ARG ? DUVA_REFUSED : DUVA_RETRY;
            duva__lane_failed(lane, &why, 0);
            break;
        }
    }
    if (lane->length > 0)
        may_begin(lane);
    else if (duva__pool_stopped(lane->pool) != 0)
        end_idle(lane);
}
