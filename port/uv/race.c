/* race.c - turns the addresses of a first hop into one connection. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "types.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

enum { CONNECT_MS = 30000 };

static uint64_t now_ms(const struct session *s)
{
    return uv_now(s->lane->pool->loop);
}

uint32_t duva__race_ms(const struct session *s)
{
    const uint32_t ms = s->lane->route->connect_ms;

    return ms != 0 ? ms : CONNECT_MS;
}

/* What ran short here tells more than how an address failed. */
static void note(struct session *s, int cause)
{
    if (!duva__is_short(s->race.cause))
        s->race.cause = cause;
}

/* ---- one attempt ---- */

static void on_closed(uv_handle_t *handle)
{
    duva_pool *pool = handle->data;

    free(handle);              /* that is the attempt */
    duva__pool_enter(pool);
    pool->handles--;
    duva__pool_leave(pool);
}

/* The memory goes with the next round of the loop. */
static void forget(struct attempt *a)
{
    a->poll.data = a->session->lane->pool;
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
static int dial(struct session *s, struct attempt *a)
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
    code = uv_poll_init(s->lane->pool->loop, &a->poll, a->fd);
    return -code;              /* libuv's codes here are those of errno */
}

/* Returns the attempt, the last one of the session, or NULL. */
static struct attempt *set_off(struct session *s, const struct addrinfo *to)
{
    struct attempt **place = &s->attempts;
    struct attempt  *a = calloc(1, sizeof(*a));
    int              code = ENOMEM;

    if (a != NULL) {
        a->to = to;
        code = dial(s, a);
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
    s->lane->pool->handles++;
    return a;
}

/* ---- all of them ---- */

static int count(const struct session *s)
{
    const struct attempt *a;
    int                   n = 0;

    for (a = s->attempts; a != NULL; a = a->next)
        n++;
    return n;
}

/* Begins what is due.  Where the server speaks first, the greeting is waited
 * for at the first address: it tells that there is a connection, and that once
 * less needs to be asked. */
static void run(struct session *s)
{
    struct race           *r = &s->race;
    const struct addrinfo *to;

    while (now_ms(s) >= r->due && (to = duva__order_take(&r->order)) != NULL) {
        struct attempt *a = set_off(s, to);

        if (a == NULL)
            continue;
        if (count(s) > DUVA__ATTEMPTS) /* the oldest had seconds */
            give_up(s->attempts);
        duva__session_watch(a, r->listens ? UV_READABLE : UV_WRITABLE);
        r->due = now_ms(s) + DUVA__STAGGER_MS;
    }
    if (s->attempts == NULL)
        duva__session_not_connected(s, r->cause);
    else if ((r->listens || duva__order_has(&r->order)) && r->due < r->end)
        duva__session_set_alarm(s, r->due - now_ms(s));
    else
        duva__session_set_alarm(s, r->end - now_ms(s));
}

void duva__race_begin(struct session *s)
{
    const struct hop *hop = s->lane->hop;

    duva__order_init(&s->race.order, hop->addresses, hop->good);
    s->race.due = now_ms(s);
    s->race.end = s->race.due + duva__race_ms(s);
    s->race.listens = s->way == NULL
                      && s->lane->route->config.tls != DUVA_TLS_IMPLICIT;
    run(s);
}

static void win(struct session *s, struct attempt *a)
{
    s->link.fd = a->fd;
    s->lane->hop->good = a->to;
    while (s->attempts != a)
        give_up(s->attempts);
    while (a->next != NULL)
        give_up(a->next);
    duva__session_connected(s);
}

void duva__race_event(struct session *s, struct attempt *a)
{
    int       code = 0;
    socklen_t len = sizeof(code);

    if (getsockopt(a->fd, SOL_SOCKET, SO_ERROR, &code, &len) < 0)
        code = errno;
    if (code == 0) {
        win(s, a);
        return;
    }
    note(s, code);
    give_up(a);
    s->race.due = now_ms(s);
    run(s);
}

int duva__race_is_won(const struct session *s)
{
    struct sockaddr_storage peer;
    socklen_t               len = sizeof(peer);

    return s->race.listens
           && getpeername(s->attempts->fd, (struct sockaddr *)&peer, &len) == 0;
}

void duva__race_alarm(struct session *s)
{
    if (duva__race_is_won(s)) {
        win(s, s->attempts);
        return;
    }
    if (now_ms(s) >= s->race.end) {
        duva__session_not_connected(s, ETIMEDOUT);
        return;
    }
    if (s->race.listens)
        duva__session_watch(s->attempts, UV_WRITABLE);
    s->race.listens = 0;
    run(s);
}

void duva__race_end(struct session *s)
{
    while (s->attempts != NULL && !s->connected)
        give_up(s->attempts);
    if (s->attempts != NULL)
        forget(s->attempts);
}
