/* race.c - turns the addresses of an endpoint into one connection. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "race.h"

#include "loop.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 30000 };

static uint64_t now_ms(const struct session *s)
{
    return uv_now(s->queue->pool->loop);
}

uint32_t duva__race_ms(const struct session *s)
{
    const uint32_t ms = s->queue->route->connect_ms;

    return ms != 0 ? ms : CONNECT_MS;
}

/* A shortage of memory or descriptors hides the failure of an address. */
static void note(struct session *s, int cause)
{
    if (!duva__is_short(s->race.cause))
        s->race.cause = cause;
}

static void set_alarm(struct session *s, uint64_t due)
{
    duva__pool_set_alarm(s->queue->pool, &s->alarm, due - now_ms(s));
}

/* ---- one attempt ---- */

void duva__race_watch(struct attempt *a, int events)
{
    if (a->events != events
        && uv_poll_start(&a->poll, events, a->session->race.on_poll) == 0)
        a->events = events;
}

static void on_closed(uv_handle_t *handle)
{
    duva_pool *pool = handle->data;

    free(handle); /* that is the attempt */
    duva__pool_enter(pool);
    pool->handles--;
    duva__pool_leave(pool);
}

/* libuv frees the memory in its next iteration. */
static void forget(struct attempt *a)
{
    a->poll.data = a->session->queue->pool;
    uv_close((uv_handle_t *)&a->poll, on_closed);
}

static void give_up(struct attempt *a)
{
    struct attempt **place = &a->session->attempts;

    while (*place != a)
        place = &(*place)->next;
    *place = a->next;
    forget(a);
    close(a->fd);
}

/* Returns 0, or the errno. */
static int connect_socket(struct session *s, struct attempt *a)
{
    int code;

    a->fd = socket(a->to->ai_family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP);
    if (a->fd < 0)
        return errno;
    if (duva_posix_adopt(&s->link, a->fd) != DUVA_OK)
        return s->link.link.cause;
    /* Interrupted, it goes on by itself like any other (POSIX). */
    if (connect(a->fd, a->to->ai_addr, a->to->ai_addrlen) < 0
        && errno != EINPROGRESS && errno != EINTR)
        return errno;
    code = uv_poll_init(s->queue->pool->loop, &a->poll, a->fd);
    return -code; /* libuv's codes here are those of errno */
}

/* Returns the attempt, the last one of the session, or NULL. */
static struct attempt *begin_attempt(struct session *s,
                                     const struct addrinfo *to)
{
    struct attempt **place = &s->attempts;
    struct attempt *a = calloc(1, sizeof(*a));
    int code = ENOMEM;

    if (a != NULL) {
        a->to = to;
        code = connect_socket(s, a);
    }
    if (code != 0) {
        note(s, code);
        if (a != NULL && a->fd >= 0)
            close(a->fd);
        free(a);
        return NULL;
    }
    while (*place != NULL)
        place = &(*place)->next;
    *place = a;
    a->session = s;
    a->poll.data = a;
    s->queue->pool->handles++;
    return a;
}

/* ---- all of them ---- */

static int count(const struct session *s)
{
    const struct attempt *a;
    int n = 0;

    for (a = s->attempts; a != NULL; a = a->next)
        n++;
    return n;
}

static int has_more(const struct duva__order *o)
{
    return !o->begun || o->next[0] != NULL || o->next[1] != NULL;
}

/* Begins the attempts that are due.  Where the server sends first, the first
 * attempt waits for the greeting, which shows that it is connected: one event
 * is enough for both. */
static enum duva__race_state run(struct session *s)
{
    struct race *r = &s->race;
    const struct addrinfo *to;

    while (now_ms(s) >= r->due && (to = duva__order_take(&r->order)) != NULL) {
        struct attempt *a = begin_attempt(s, to);

        if (a == NULL)
            continue;
        if (count(s) > DUVA__ATTEMPTS) /* the oldest had seconds */
            give_up(s->attempts);
        duva__race_watch(a, r->listens ? UV_READABLE : UV_WRITABLE);
        r->due = now_ms(s) + DUVA__STAGGER_MS;
    }
    if (s->attempts == NULL)
        return DUVA__RACE_LOST;
    if ((r->listens || has_more(&r->order)) && r->due < r->end)
        set_alarm(s, r->due);
    else
        set_alarm(s, r->end);
    return DUVA__RACE_ON;
}

enum duva__race_state duva__race_begin(struct session *s, uv_poll_cb on_poll)
{
    const struct endpoint *endpoint = s->queue->endpoint;

    s->race.on_poll = on_poll;
    duva__order_init(&s->race.order, endpoint->addresses, endpoint->good);
    s->race.due = now_ms(s);
    s->race.end = s->race.due + duva__race_ms(s);
    s->race.listens
        = s->proxy == NULL && s->queue->route->config.tls != DUVA_TLS_IMPLICIT;
    return run(s);
}

static enum duva__race_state win(struct session *s, struct attempt *a)
{
    s->link.fd = a->fd;
    s->queue->endpoint->good = a->to;
    while (s->attempts != a)
        give_up(s->attempts);
    while (a->next != NULL)
        give_up(a->next);
    return DUVA__RACE_WON;
}

enum duva__race_state duva__race_event(struct session *s, struct attempt *a)
{
    int code = 0;
    socklen_t len = sizeof(code);

    if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        code = errno;
    if (code == 0)
        return win(s, a);
    note(s, code);
    give_up(a);
    s->race.due = now_ms(s);
    return run(s);
}

int duva__race_is_won(const struct session *s)
{
    struct sockaddr_storage peer;
    socklen_t len = sizeof(peer);

    return s->race.listens
           && getpeername(s->attempts->fd, (struct sockaddr *)&peer, &len) == 0;
}

enum duva__race_state duva__race_alarm(struct session *s)
{
    if (duva__race_is_won(s))
        return win(s, s->attempts);
    if (now_ms(s) >= s->race.end) {
        s->race.cause = ETIMEDOUT;
        return DUVA__RACE_LOST;
    }
    if (s->race.listens)
        duva__race_watch(s->attempts, UV_WRITABLE);
    s->race.listens = 0;
    return run(s);
}

void duva__race_end(struct session *s)
{
    while (s->attempts != NULL && !s->connected)
        give_up(s->attempts);
    if (s->attempts != NULL)
        forget(s->attempts);
}
