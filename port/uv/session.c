/* session.c - turns one connection's events into steps of its client. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { IDLE_MS = 5000, BUFFER = 4096 };

void duva__session_set_alarm(struct session *s, uint64_t ms)
{
    duva_pool *pool = s->lane->pool;

    duva__alarm_set(&pool->alarms, &s->alarm,
                    ms != 0 ? uv_now(pool->loop) + ms : 0);
}

static void tell(const struct session *s, duva_pool_event event,
                 const duva_pool_mail *mail)
{
    const duva_pool_route *route = s->lane->route;

    if (route->watch != NULL)
        route->watch(route->ctx, s->number, event, mail);
}

static int failed(struct session *s, int code)
{
    s->link.link.cause = code;
    return duva__is_short(code) ? DUVA_ERR_RESOURCES : DUVA_ERR_IO;
}

/* ---- contexts ---- */

static int take_context(struct session *s)
{
    struct lane *lane = s->lane;
    struct context  *context = lane->contexts;
    int          err;

    if (lane->route->make == NULL)
        return DUVA_OK;
    if (context != NULL) {
        lane->contexts = context->next;
        s->context = context;
        return DUVA_OK;
    }
    context = calloc(1, sizeof(*context));
    if (context == NULL)
        return failed(s, ENOMEM);
    err = lane->route->make(lane->route->ctx, &context->context);
    if (err != DUVA_OK) {
        free(context);
        return err;
    }
    s->context = context;
    return DUVA_OK;
}

static void return_context(struct session *s)
{
    if (s->context == NULL)
        return;
    s->context->next = s->lane->contexts;
    s->lane->contexts = s->context;
    s->context = NULL;
}

/* ---- the end ---- */

static void stop_connecting(struct session *s)
{
    s->ready = 1;
    s->lane->connecting--;
    s->lane->hop->connecting--;
}

static void be_ready(struct session *s)
{
    if (s->ready)
        return;
    stop_connecting(s);
    s->lane->server->refusals = 0;
    tell(s, DUVA_POOL_READY, NULL);
}

static void be_idle(struct session *s, int is_idle)
{
    struct lane *lane = s->lane;

    if (s->is_idle == is_idle)
        return;
    s->is_idle = (uint8_t)is_idle;
    s->kept = 1;
    duva__ring_drop(&s->ring);
    duva__ring_add(&s->ring, is_idle ? &lane->idle : &lane->busy);
    uv_mutex_lock(&lane->pool->lock);
    lane->pool->now.idle += is_idle ? 1u : -1u;
    uv_mutex_unlock(&lane->pool->lock);
}

static void leave(struct session *s)
{
    struct lane *lane = s->lane;
    duva_pool   *pool = lane->pool;

    be_idle(s, 0);
    duva__ring_drop(&s->ring);
    duva__alarm_release(&pool->alarms, &s->alarm);
    if (!s->ready)
        stop_connecting(s);
    tell(s, DUVA_POOL_GONE, NULL);
    lane->sessions--;
    lane->server->sessions--;
    uv_mutex_lock(&pool->lock);
    pool->now.connections--;
    uv_mutex_unlock(&pool->lock);
    duva__race_end(s);
    if (s->connected)
        duva_close(&s->client);
    duva__way_forget(s);
    return_context(s);
    free(s);
    duva__server_unsettle(lane->server);
}

/* ---- a conversation ---- */

static void on_poll(uv_poll_t *poll, int status, int events);

void duva__session_watch(struct attempt *a, int events)
{
    if (a->events != events && uv_poll_start(&a->poll, events, on_poll) == 0)
        a->events = events;
}

static void watch(struct session *s, int events)
{
    duva__session_watch(s->attempts, events);
}

/* How many mails the session may carry: the fewer of what the caller and what
 * the server (RFC 9422 MAILMAX) will have; 0: any number. */
static uint32_t most_mails(const struct session *s)
{
    const uint32_t ours = s->lane->route->mails;
    const uint32_t its = duva_server(&s->client.engine)->mail_max;

    return ours == 0 || (its != 0 && its < ours) ? its : ours;
}

static int is_full(const struct session *s)
{
    return s->retired || (most_mails(s) != 0 && s->mails >= most_mails(s))
           || duva__server_had_enough(s);
}

/* Asked where the next mail would go with the octets at hand. */
static duva_job *next_mail(void *ctx)
{
    struct session *s = ctx;
    duva_pool_mail *m;

    duva__session_share(s);
    m = s->begun.last;
    if (!duva_may_start(&s->client.engine) || is_full(s)
        || (s->begun.first != NULL && duva__session_is_to_blame(s, m)))
        return NULL;
    m = duva__lane_take(s);
    if (m == NULL)
        return NULL;
    be_ready(s);
    s->mails++;
    duva__queue_add(&s->begun, m);
    tell(s, DUVA_POOL_BEGIN, m);
    return &m->job;
}

/* Returns 1 when a mail came back, and the connection is to blame. */
static int collect(struct session *s)
{
    duva_pool_mail *m;
    int             blamed = 0;

    duva__session_share(s);
    while ((m = s->begun.first) != NULL
           && m->job.mail.result.verdict != DUVA_PENDING) {
        const int to_blame = duva__session_is_to_blame(s, m);

        duva__queue_take(&s->begun);
        tell(s, DUVA_POOL_END, m);
        duva__lane_decided(s->lane, m, to_blame);
        blamed |= to_blame;
        s->kept = 1;
    }
    return blamed;
}

/* Ending an idle connection is the server's right. */
static void finish(struct session *s, int had_work)
{
    struct lane      *lane = s->lane;
    const duva_result why = *duva_outcome(&s->client.engine);
    const int         ready = s->ready;

    leave(s);
    if (why.err != DUVA_OK && why.err != DUVA_ERR_CANCELLED
        && (had_work || !ready))
        duva__lane_failed(lane, &why, ready);
}

static void rest(struct session *s)
{
    const duva_need need = duva_next(&s->client.engine);
    const uint32_t  idle_ms = s->lane->route->idle_ms;

    if (need == DUVA_IDLE) {
        be_ready(s);
        be_idle(s, 1);
        watch(s, UV_READABLE);
        duva__session_set_alarm(s, idle_ms != 0 ? idle_ms : IDLE_MS);
        return;
    }
    watch(s, (s->client.want & DUVA_CAN_READ ? UV_READABLE : 0)
                 | (s->client.want & DUVA_CAN_WRITE ? UV_WRITABLE : 0));
    duva__session_set_alarm(s, duva__session_wait_ms(s));
}

static int should_quit(const struct session *s)
{
    return is_full(s) || duva__lane_needs_place(s->lane)
           || (s->lane->length == 0
               && duva__pool_stopped(s->lane->pool) != 0);
}

void duva__session_advance(struct session *s)
{
    duva_engine *e = &s->client.engine;
    int          had_work, blamed;

    be_idle(s, 0);
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
        be_ready(s);
        if (!duva__lane_has(s) || is_full(s)) {
            if (!should_quit(s) || duva_quit(e) != DUVA_OK)
                break;
        }
    }
    rest(s);
}

void duva__session_abort(struct session *s)
{
    duva_abort(&s->client.engine, DUVA_ERR_CANCELLED, 0);
    collect(s);
    leave(s);
}

void duva__session_quit(struct session *s)
{
    if (duva_quit(&s->client.engine) == DUVA_OK)
        duva__session_advance(s);
}

/* ---- reading ---- */

/* A socket that gave less than it was asked for has no more: not asking it
 * again before the poll says so saves a call for each answer. */
static int read_fresh(duva_link *link, void *buf, size_t len)
{
    struct session *s =
        (struct session *)((char *)link - offsetof(struct session, link));
    int             n;

    if (s->way != NULL && (n = duva__way_left(s, buf, len)) > 0)
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

/* duva_step() does not read when the engine is idle: what a server says then,
 * 421 or its end, is for us to hear. */
static void hear_idle(struct session *s)
{
    duva_client *c = &s->client;
    char         buf[DUVA_TEXT_SIZE];
    int          n;

    while (duva_next(&c->engine) == DUVA_IDLE
           && (n = c->link->ops->read(c->link, buf, sizeof(buf))) != 0) {
        if (n > 0)
            duva_feed(&c->engine, buf, (size_t)n);
        else
            duva_abort(&c->engine, (duva_err)n, c->link->cause);
    }
}

/* ---- connecting ---- */

void duva__session_not_connected(struct session *s, int code)
{
    struct lane *lane = s->lane;
    duva_result  why;

    memset(&why, 0, sizeof(why));
    why.err = code == ETIMEDOUT      ? DUVA_ERR_TIMEOUT
              : duva__is_short(code) ? DUVA_ERR_RESOURCES
                                     : DUVA_ERR_CONNECT;
    why.cause = code;
    why.verdict = DUVA_RETRY;
    leave(s);
    if (lane->hop->connecting == 0)
        lane->hop->looked_up = 0;   /* perhaps there are others now */
    duva__lane_failed(lane, &why, 0);
}

static void open_way(struct session *s)
{
    duva_pool *pool = s->lane->pool;

    s->asking = 0;
    save_reads(s);
    tell(s, DUVA_POOL_OPEN, NULL);
    duva__pool_count(pool, &pool->now.connected, 1);
    duva__session_advance(s);
}

static void not_let_through(struct session *s, int err)
{
    struct lane *lane = s->lane;
    duva_result  why;

    duva__way_why(s, err, &why);
    leave(s);
    duva__lane_failed(lane, &why, 0);
}

static void ask_proxy(struct session *s)
{
    uint8_t   want = 0;
    const int n = duva__way_step(s, &want);

    if (n == 0)
        watch(s, want & DUVA_CAN_WRITE ? UV_WRITABLE : UV_READABLE);
    else if (n > 0)
        open_way(s);
    else
        not_let_through(s, n);
}

void duva__session_connected(struct session *s)
{
    s->connected = 1;
    s->asking = s->way != NULL;
    if (s->asking) {
        tell(s, DUVA_POOL_PROXY, NULL);
        duva__session_set_alarm(s, duva__race_ms(s));
        ask_proxy(s);
    } else {
        open_way(s);
    }
}

int duva__session_is_on_its_way(const struct session *s)
{
    return s->asking || (!s->connected && !duva__race_is_won(s));
}

static void on_poll(uv_poll_t *poll, int status, int events)
{
    struct attempt *a = poll->data;
    struct session *s = a->session;
    duva_pool      *pool = s->lane->pool;

    (void)events;
    s->drained = 0;
    duva__pool_enter(pool);
    if (status < 0)
        a->events = 0;         /* libuv has stopped watching */
    if (s->asking) {
        ask_proxy(s);
    } else if (s->connected) {
        if (s->is_idle)
            hear_idle(s);
        duva__session_advance(s);
    } else {
        duva__race_event(s, a);
    }
    duva__pool_leave(pool);
}

static void on_alarm(struct alarm *a)
{
    struct session *s =
        (struct session *)((char *)a - offsetof(struct session, alarm));

    if (s->asking) {
        not_let_through(s, DUVA_ERR_TIMEOUT);
    } else if (s->connected && s->is_idle) {
        duva__session_quit(s);
    } else if (s->connected) {
        duva_abort(&s->client.engine, DUVA_ERR_TIMEOUT, 0);
        duva__session_advance(s);
    } else {
        duva__race_alarm(s);
    }
}

static void fit_out(struct session *s)
{
    const duva_pool_route *to = s->lane->route;
    duva_client           *c = &s->client;

    c->link = &s->link.link;
    c->host = to->tls_host != NULL ? to->tls_host : to->host;
    c->more = next_mail;
    c->more_ctx = s;
    if (s->context != NULL) {
        c->tls = s->context->context.tls;
        c->auth = s->context->context.auth;
    }
}

static void join_lane(struct session *s)
{
    struct lane *lane = s->lane;
    duva_pool   *pool = lane->pool;

    s->alarm.ring = on_alarm;
    duva__ring_add(&s->ring, &lane->busy);
    lane->sessions++;
    lane->connecting++;
    lane->server->sessions++;
    lane->hop->connecting++;
    s->number = ++lane->dialled;
    uv_mutex_lock(&pool->lock);
    pool->now.connections++;
    uv_mutex_unlock(&pool->lock);
    tell(s, DUVA_POOL_CONNECTING, NULL);
}

static int prepare(struct session *s, size_t size)
{
    int err = duva__way_plan(s);

    if (err == DUVA_OK)
        err = take_context(s);
    if (err != DUVA_OK)
        return err;
    fit_out(s);
    err = duva_client_init(&s->client, &s->lane->route->config, s->out, size);
    if (err == DUVA_OK && duva__alarm_keep(&s->lane->pool->alarms) != 0)
        err = failed(s, ENOMEM);
    return err;
}

int duva__session_open(struct lane *lane, int32_t *cause)
{
    const uint32_t  buffer = lane->route->buffer;
    const size_t    size = buffer != 0 ? buffer : BUFFER;
    struct session *s = calloc(1, sizeof(*s) + size);
    int             err;

    *cause = ENOMEM;
    if (s == NULL)
        return DUVA_ERR_RESOURCES;
    s->lane = lane;
    err = prepare(s, size);
    if (err != DUVA_OK) {
        *cause = s->link.link.cause;
        duva__way_forget(s);
        return_context(s);
        free(s);
        return err;
    }
    join_lane(s);
    duva__race_begin(s);
    return DUVA_OK;
}
