/* session.c - turns one connection's events into steps of its client. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "session.h"

#include "context.h"
#include "destination.h"
#include "loop.h"
#include "proxy_connect.h"
#include "queue.h"
#include "race.h"
#include "verdict.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MS = 5000, BUFFER = 4096 };

static void set_alarm(struct session *s, uint64_t ms)
{
    duva__pool_set_alarm(s->queue->pool, &s->alarm, ms);
}

static void tell(const struct session *s, duva_pool_event event,
                 const duva_pool_mail *mail)
{
    const duva_pool_route *route = s->queue->route;

    if (route->watch != NULL)
        route->watch(route->ctx, s->number, event, mail);
}

/* ---- the end ---- */

static void stop_connecting(struct session *s)
{
    s->ready = 1;
    s->queue->connecting--;
    s->queue->endpoint->connecting--;
}

static void set_ready(struct session *s)
{
    if (s->ready)
        return;
    stop_connecting(s);
    s->queue->destination->refusals = 0;
    tell(s, DUVA_POOL_READY, NULL);
}

static void set_idle(struct session *s, int is_idle)
{
    struct queue *queue = s->queue;

    if (s->is_idle == is_idle)
        return;
    s->is_idle = (uint8_t)is_idle;
    s->kept = 1;
    duva__ring_drop(&s->ring);
    duva__ring_add(&s->ring, is_idle ? &queue->idle : &queue->busy);
    uv_mutex_lock(&queue->pool->lock);
    queue->pool->now.idle += is_idle ? 1u : -1u;
    uv_mutex_unlock(&queue->pool->lock);
}

static void free_session(struct session *s)
{
    struct queue *queue = s->queue;
    duva_pool *pool = queue->pool;

    set_idle(s, 0);
    duva__ring_drop(&s->ring);
    duva__alarm_release(&pool->alarms, &s->alarm);
    if (!s->ready)
        stop_connecting(s);
    tell(s, DUVA_POOL_GONE, NULL);
    queue->sessions--;
    queue->destination->sessions--;
    uv_mutex_lock(&pool->lock);
    pool->now.connections--;
    uv_mutex_unlock(&pool->lock);
    duva__race_end(s);
    if (s->connected)
        duva_close(&s->client);
    duva__proxy_connect_forget(s);
    duva__context_return(s);
    free(s);
    duva__destination_schedule(queue->destination);
}

/* ---- the session ---- */

static void watch(struct session *s, int events)
{
    duva__race_watch(s->attempts, events);
}

/* Mails on this connection: the smaller limit of the route and of the server
 * (RFC 9422 MAILMAX); 0: any number. */
static uint32_t most_mails(const struct session *s)
{
    const uint32_t ours = s->queue->route->mails;
    const uint32_t its = duva_server(&s->client.engine)->mail_max;

    return ours == 0 || (its != 0 && its < ours) ? its : ours;
}

static int is_full(const struct session *s)
{
    return s->retired || (most_mails(s) != 0 && s->mails >= most_mails(s))
           || duva__destination_is_wanted(s);
}

/* duva_step() calls it when the next mail can share a write with the last. */
static duva_job *next_mail(void *ctx)
{
    struct session *s = ctx;
    duva_pool_mail *m;

    duva__verdict_share(s);
    m = s->begun.last;
    if (!duva_may_start(&s->client.engine) || is_full(s)
        || (s->begun.first != NULL && duva__verdict_is_connection_fault(s, m)))
        return NULL;
    m = duva__queue_take(s);
    if (m == NULL)
        return NULL;
    set_ready(s);
    s->mails++;
    duva__mails_add(&s->begun, m);
    tell(s, DUVA_POOL_BEGIN, m);
    return &m->job;
}

/* Returns 1 when a mail came back because of its connection. */
static int collect(struct session *s)
{
    duva_pool_mail *m;
    int blamed = 0;

    duva__verdict_share(s);
    while ((m = s->begun.first) != NULL
           && m->job.mail.result.verdict != DUVA_PENDING) {
        const int to_blame = duva__verdict_is_connection_fault(s, m);

        duva__mails_take(&s->begun);
        tell(s, DUVA_POOL_END, m);
        duva__queue_return(s->queue, m, to_blame);
        blamed |= to_blame;
        s->kept = 1;
    }
    return blamed;
}

/* A server may close an idle connection: that is no failure. */
static void finish(struct session *s, int had_work)
{
    struct queue *queue = s->queue;
    const duva_result why = *duva_outcome(&s->client.engine);
    const int ready = s->ready;

    free_session(s);
    if (why.err != DUVA_OK && why.err != DUVA_ERR_CANCELLED
        && (had_work || !ready))
        duva__queue_failed(queue, &why, ready);
}

static void await_event(struct session *s)
{
    const duva_need need = duva_next(&s->client.engine);
    const uint32_t idle_ms = s->queue->route->idle_ms;

    if (need == DUVA_IDLE) {
        set_ready(s);
        set_idle(s, 1);
        watch(s, UV_READABLE);
        set_alarm(s, idle_ms != 0 ? idle_ms : IDLE_MS);
        return;
    }
    watch(s, (s->client.want & DUVA_CAN_READ ? UV_READABLE : 0)
                 | (s->client.want & DUVA_CAN_WRITE ? UV_WRITABLE : 0));
    set_alarm(s, duva__verdict_wait_ms(s));
}

static int should_quit(const struct session *s)
{
    return is_full(s) || duva__queue_needs_place(s->queue)
           || (s->queue->length == 0
               && duva__pool_stopped(s->queue->pool) != 0);
}

void duva__session_advance(struct session *s)
{
    duva_engine *e = &s->client.engine;
    int had_work, blamed;

    set_idle(s, 0);
    for (;;) {
        const int stopped = duva_step(&s->client);

        had_work = s->begun.first != NULL;
        blamed = collect(s);
        if (duva_next(e) == DUVA_CLOSED) {
            finish(s, had_work && !blamed);
            return;
        }
        if (!stopped)
            break;
        set_ready(s);
        if (!duva__queue_has(s) || is_full(s)) {
            if (!should_quit(s) || duva_quit(e) != DUVA_OK)
                break;
        }
    }
    await_event(s);
}

void duva__session_abort(struct session *s)
{
    duva_abort(&s->client.engine, DUVA_ERR_CANCELLED, 0);
    collect(s);
    free_session(s);
}

void duva__session_quit(struct session *s)
{
    if (duva_quit(&s->client.engine) == DUVA_OK)
        duva__session_advance(s);
}

/* ---- reading ---- */

/* A short read has emptied the socket: not reading again before the next event
 * saves a system call for each reply. */
static int read_fresh(duva_link *link, void *buf, size_t len)
{
    struct session *s
        = (struct session *)((char *)link - offsetof(struct session, link));
    int n;

    if (s->proxy != NULL && (n = duva__proxy_connect_left(s, buf, len)) > 0)
        return n;
    if (s->drained)
        return 0;
    n = s->below->read(link, buf, len);
    s->drained = n >= 0 && (size_t)n < len;
    return n;
}

static void save_reads(struct session *s)
{
    s->below = s->link.link.ops;
    s->ops = *s->below;
    s->ops.read = read_fresh;
    s->link.link.ops = &s->ops;
}

/* duva_step() does not read when the engine is idle; 421 or the end of the
 * connection may come then. */
static void read_idle(struct session *s)
{
    duva_client *c = &s->client;
    char buf[DUVA_TEXT_SIZE];
    int n;

    while (duva_next(&c->engine) == DUVA_IDLE
           && (n = c->link->ops->read(c->link, buf, sizeof(buf))) != 0) {
        if (n > 0)
            duva_feed(&c->engine, buf, (size_t)n);
        else
            duva_abort(&c->engine, (duva_err)n, c->link->cause);
    }
}

/* ---- connecting ---- */

static void not_connected(struct session *s, int code)
{
    struct queue *queue = s->queue;
    duva_result why;

    memset(&why, 0, sizeof(why));
    why.err = code == ETIMEDOUT      ? DUVA_ERR_TIMEOUT
              : duva__is_short(code) ? DUVA_ERR_RESOURCES
                                     : DUVA_ERR_CONNECT;
    why.cause = code;
    why.verdict = DUVA_RETRY;
    free_session(s);
    if (queue->endpoint->connecting == 0)
        queue->endpoint->looked_up = 0; /* they may have changed */
    duva__queue_failed(queue, &why, 0);
}

static void begin_dialogue(struct session *s)
{
    duva_pool *pool = s->queue->pool;

    s->asking = 0;
    save_reads(s);
    tell(s, DUVA_POOL_OPEN, NULL);
    duva__pool_count(pool, &pool->now.connected, 1);
    duva__session_advance(s);
}

static void proxy_failed(struct session *s, int err)
{
    struct queue *queue = s->queue;
    duva_result why;

    duva__proxy_connect_why(s, err, &why);
    free_session(s);
    duva__queue_failed(queue, &why, 0);
}

static void ask_proxy(struct session *s)
{
    uint8_t want = 0;
    const int n = duva__proxy_connect_step(s, &want);

    if (n == 0)
        watch(s, want & DUVA_CAN_WRITE ? UV_WRITABLE : UV_READABLE);
    else if (n > 0)
        begin_dialogue(s);
    else
        proxy_failed(s, n);
}

static void connected(struct session *s)
{
    s->connected = 1;
    s->asking = s->proxy != NULL;
    if (s->asking) {
        tell(s, DUVA_POOL_PROXY, NULL);
        set_alarm(s, duva__race_ms(s));
        ask_proxy(s);
    } else {
        begin_dialogue(s);
    }
}

static void after_race(struct session *s, enum duva__race_state state)
{
    if (state == DUVA__RACE_WON)
        connected(s);
    else if (state == DUVA__RACE_LOST)
        not_connected(s, s->race.cause);
}

int duva__session_is_connecting(const struct session *s)
{
    return s->asking || (!s->connected && !duva__race_is_won(s));
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct attempt *a = poll->data;
    struct session *s = a->session;
    duva_pool *pool = s->queue->pool;

    (void)events;
    s->drained = 0;
    duva__pool_enter(pool);
    if (status < 0)
        a->events = 0; /* libuv has stopped watching */
    if (s->asking) {
        ask_proxy(s);
    } else if (s->connected) {
        if (s->is_idle)
            read_idle(s);
        duva__session_advance(s);
    } else {
        after_race(s, duva__race_event(s, a));
    }
    duva__pool_leave(pool);
}

static void on_alarm(struct alarm *a)
{
    struct session *s
        = (struct session *)((char *)a - offsetof(struct session, alarm));

    if (s->asking) {
        proxy_failed(s, DUVA_ERR_TIMEOUT);
    } else if (s->connected && s->is_idle) {
        duva__session_quit(s);
    } else if (s->connected) {
        duva_abort(&s->client.engine, DUVA_ERR_TIMEOUT, 0);
        duva__session_advance(s);
    } else {
        after_race(s, duva__race_alarm(s));
    }
}

static void set_client(struct session *s)
{
    const duva_pool_route *to = s->queue->route;
    duva_client *c = &s->client;

    c->link = &s->link.link;
    c->host = to->tls_host != NULL ? to->tls_host : to->host;
    c->more = next_mail;
    c->more_ctx = s;
    if (s->context != NULL) {
        c->tls = s->context->context.tls;
        c->auth = s->context->context.auth;
    }
}

static void join_queue(struct session *s)
{
    struct queue *queue = s->queue;
    duva_pool *pool = queue->pool;

    s->alarm.ring = on_alarm;
    duva__ring_add(&s->ring, &queue->busy);
    queue->sessions++;
    queue->connecting++;
    queue->destination->sessions++;
    queue->endpoint->connecting++;
    s->number = ++queue->opened;
    uv_mutex_lock(&pool->lock);
    pool->now.connections++;
    uv_mutex_unlock(&pool->lock);
    tell(s, DUVA_POOL_CONNECTING, NULL);
}

static int prepare(struct session *s, size_t size)
{
    int err = duva__proxy_connect_prepare(s);

    if (err == DUVA_OK)
        err = duva__context_take(s);
    if (err != DUVA_OK)
        return err;
    set_client(s);
    err = duva_client_init(&s->client, &s->queue->route->config, s->out, size);
    if (err == DUVA_OK && duva__alarm_keep(&s->queue->pool->alarms) != 0) {
        s->link.link.cause = ENOMEM;
        err = DUVA_ERR_RESOURCES;
    }
    return err;
}

int duva__session_open(struct queue *queue, int32_t *cause)
{
    const uint32_t buffer = queue->route->buffer;
    const size_t size = buffer != 0 ? buffer : BUFFER;
    struct session *s = calloc(1, sizeof(*s) + size);
    int err;

    *cause = ENOMEM;
    if (s == NULL)
        return DUVA_ERR_RESOURCES;
    s->queue = queue;
    err = prepare(s, size);
    if (err != DUVA_OK) {
        *cause = s->link.link.cause;
        duva__proxy_connect_forget(s);
        duva__context_return(s);
        free(s);
        return err;
    }
    join_queue(s);
    after_race(s, duva__race_begin(s, on_poll));
    return DUVA_OK;
}
