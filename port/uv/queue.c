/* lane.c - turns the mails of a route into work for its sessions. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "types.h"

#include <stdlib.h>
#include <string.h>

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
    lane->server = duva__server_of(pool, route);
    lane->hop = duva__hop_of(pool, route);
    if (lane->server == NULL || lane->hop == NULL) {
        if (lane->server != NULL)
            duva__server_release(lane->server);
        if (lane->hop != NULL)
            duva__hop_release(lane->hop);
        duva__alarm_release(&pool->alarms, &lane->alarm);
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
    struct context *context;

    while ((context = lane->contexts) != NULL) {
        lane->contexts = context->next;
        if (lane->route->unmake != NULL)
            lane->route->unmake(lane->route->ctx, &context->context);
        free(context);
    }
    duva__alarm_release(&lane->pool->alarms, &lane->alarm);
    duva__ring_drop(&lane->ring);
    duva__server_release(lane->server);
    duva__hop_release(lane->hop);
    lane->route->state = NULL;
    free(lane);
}

/* ---- mails ---- */

static void add(struct lane *lane, struct queue *to, duva_pool_mail *m)
{
    duva__queue_add(to, m);
    lane->length++;
    duva__lane_unsettle(lane);
}

void duva__lane_add(struct lane *lane, duva_pool_mail *m)
{
    add(lane, &lane->waiting, m);
}

/* Empties the lane. */
static struct queue take_all(struct lane *lane)
{
    struct queue    all = { NULL, NULL };
    duva_pool_mail *m;

    while ((m = duva__queue_take(&lane->anew)) != NULL)
        duva__queue_add(&all, m);
    while ((m = duva__queue_take(&lane->waiting)) != NULL)
        duva__queue_add(&all, m);
    lane->length = 0;
    return all;
}

/* May a mail begin now?  If not, the alarm is set for when it may. */
static int may_begin(struct lane *lane)
{
    const uint64_t due = duva__server_due(lane);

    if (due != 0)
        duva__alarm_set(&lane->pool->alarms, &lane->alarm, due);
    return due == 0;
}

/* Is the session newer than the one with which a mail came back, and unused? */
static int is_newer(const struct session *s)
{
    const duva_pool_mail *m = s->lane->anew.first;

    return m != NULL && s->mails == 0 && s->number > m->after;
}

int duva__lane_has(const struct session *s)
{
    return (is_newer(s) || s->lane->waiting.first != NULL)
           && may_begin(s->lane);
}

static int has_newer(const struct ring *sessions)
{
    const struct ring *r = sessions->next;

    while (r != sessions && !is_newer((const struct session *)r))
        r = r->next;
    return r != sessions;
}

int duva__lane_needs_place(const struct lane *lane)
{
    return lane->anew.first != NULL && !duva__server_has_room(lane)
           && !has_newer(&lane->idle) && !has_newer(&lane->busy);
}

duva_pool_mail *duva__lane_take(const struct session *s)
{
    struct lane    *lane = s->lane;
    duva_pool      *pool = lane->pool;
    duva_pool_mail *m;

    if (!duva__lane_has(s))
        return NULL;
    duva__server_count_mail(lane);
    m = duva__queue_take(is_newer(s) ? &lane->anew : &lane->waiting);
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

/* 4yz that is about the server, not about a recipient. */
static int is_overloaded(const duva_result *r)
{
    const unsigned stage = r->status.stage;

    return r->err == DUVA_ERR_REJECTED && r->status.code / 100 == 4
           && stage != DUVA_STAGE_RCPT;
}

static uint32_t tries_of(const struct lane *lane)
{
    return lane->route->tries != 0 ? lane->route->tries : 1;
}

static int may_retry(const struct lane *lane, duva_pool_mail *m)
{
    if (m->tries >= tries_of(lane)
        || duva__pool_stopped(lane->pool) == DUVA_POOL_ABORT)
        return 0;
    return m->job.source(m->job.source_ctx, NULL, 0) == 0;
}

void duva__lane_decided(struct lane *lane, duva_pool_mail *m,
                        int is_no_verdict)
{
    duva_pool         *pool = lane->pool;
    const duva_result *r = &m->job.mail.result;
    const int          anew = r->verdict == DUVA_RETRY && is_no_verdict
                              && m->after == 0;

    if (r->verdict == DUVA_ACCEPTED)
        lane->server->failures = 0;
    else if (is_overloaded(r) && !anew)
        duva__server_pause(lane);
    if (anew) {
        m->after = lane->dialled;
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
    add(lane, anew ? &lane->anew : &lane->waiting, m);
}

/* All that wait have tried in vain, and some for the last time. */
static void charge(struct lane *lane, const duva_result *why)
{
    struct queue    all = take_all(lane);
    duva_pool_mail *m;

    while ((m = duva__queue_take(&all)) != NULL) {
        m->tries++;
        if (why->verdict == DUVA_RETRY
            && m->tries < tries_of(lane))
            duva__lane_add(lane, m);
        else
            report_unbegun(lane->pool, m, why);
    }
}

void duva__lane_failed(struct lane *lane, const duva_result *why, int ready)
{
    duva__pool_count(lane->pool, &lane->pool->now.failed, 1);
    if (ready)
        duva__server_pause(lane);
    else
        duva__server_refused(lane);
    if (!ready && lane->sessions == 0)
        charge(lane, why);
    duva__lane_unsettle(lane);
}

void duva__lane_unknown(struct lane *lane, const duva_result *why)
{
    if (lane->length > 0)
        duva__lane_failed(lane, why, 0);
}

void duva__lane_abort(struct lane *lane)
{
    struct queue    all = take_all(lane);
    duva_pool_mail *m;

    if (lane->hop->looking_up)
        uv_cancel((uv_req_t *)&lane->hop->request);
    while ((m = duva__queue_take(&all)) != NULL)
        duva__pool_refuse(lane->pool, m, DUVA_ERR_CANCELLED, 0);
    while (lane->idle.next != &lane->idle)
        duva__session_abort((struct session *)lane->idle.next);
    while (lane->busy.next != &lane->busy)
        duva__session_abort((struct session *)lane->busy.next);
}

/* ---- mails and sessions ---- */

static void wake_idle(struct lane *lane)
{
    struct ring *r = lane->idle.next;

    while (r != &lane->idle && lane->length > 0 && may_begin(lane))
        if (duva__lane_has((struct session *)r)) {
            duva__session_advance((struct session *)r);
            r = lane->idle.next;
        } else {
            r = r->next;
        }
}

/* Each session on its way will take one of those that wait. */
static int wants_more(const struct lane *lane)
{
    return lane->length > lane->connecting && !duva__server_is_paused(lane);
}

static void open_session(struct lane *lane)
{
    duva_result why;
    int         err;

    memset(&why, 0, sizeof(why));
    err = duva__session_open(lane, &why.cause);
    if (err == DUVA_OK) {
        duva__server_took_turn(lane);
        return;
    }
    why.err = (duva_err)err;
    why.verdict = err == DUVA_ERR_ARG ? DUVA_REFUSED : DUVA_RETRY;
    duva__lane_failed(lane, &why, 0);
}

static void end_idle(struct lane *lane)
{
    while (lane->length == 0 && lane->idle.next != &lane->idle)
        duva__session_advance((struct session *)lane->idle.next);
}

/* Nobody needs those that are still on their way; but a connection is ended by
 * QUIT (RFC 5321 4.1.1.10). */
static void end_connecting(struct lane *lane)
{
    struct ring *r = lane->busy.next;

    while (lane->length == 0 && r != &lane->busy) {
        struct session *s = (struct session *)r;

        r = r->next;
        if (duva__session_is_on_its_way(s))
            duva__session_abort(s);
    }
}

void duva__lane_settle(struct lane *lane)
{
    wake_idle(lane);
    if (duva__lane_needs_place(lane) && lane->idle.next != &lane->idle)
        duva__session_quit((struct session *)lane->idle.next);
    while (wants_more(lane) && duva__server_has_room(lane)
           && duva__server_is_turn(lane)
           && duva__hop_resolve(lane->hop, lane->route))
        open_session(lane);    /* or there is a pause now */
    if (wants_more(lane) && !duva__server_has_room(lane)
        && lane->sessions == 0)
        duva__server_make_room(lane);
    if (lane->length > 0)
        may_begin(lane);
    else if (duva__pool_stopped(lane->pool) != 0) {
        end_idle(lane);
        end_connecting(lane);
    }
}
