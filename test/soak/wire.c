/* wire.c - moves octets between a client and a server in memory. */
/* SPDX-License-Identifier: MIT */
#include "wire.h"

#include <stdlib.h>
#include <string.h>

/* What stands for the messages of a handshake. */
#define HELLO "\x16"

/* ---- octets on their way ---- */

static void pipe_put(struct pipe_line *p, const void *data, size_t len,
                     int64_t at)
{
    struct octets *o = &p->octets;

    if (o->len + len > o->room) {
        o->room = 2 * (o->len + len) + 1024;
        o->data = realloc(o->data, o->room);
        if (o->data == NULL)
            abort();
    }
    memcpy(o->data + o->len, data, len);
    o->len += len;
    if (p->count > 0
        && (p->count == SEGMENTS || p->segment[p->count - 1].at == at)) {
        p->segment[p->count - 1].len += len;
        p->segment[p->count - 1].at = at;
        return;
    }
    p->segment[p->count].at = at;
    p->segment[p->count++].len = len;
}

static size_t pipe_arrived(const struct pipe_line *p, int64_t now)
{
    size_t   len = 0;
    unsigned i;

    for (i = 0; i < p->count && p->segment[i].at <= now; i++)
        len += p->segment[i].len;
    return len;
}

static void pipe_remove(struct pipe_line *p, size_t len)
{
    if (len == 0)
        return;
    p->octets.len -= len;
    memmove(p->octets.data, p->octets.data + len, p->octets.len);
    while (len > 0) {
        const size_t n = len < p->segment[0].len ? len : p->segment[0].len;

        len -= n;
        p->segment[0].len -= n;
        if (p->segment[0].len > 0)
            break;
        memmove(p->segment, p->segment + 1,
                --p->count * sizeof(p->segment[0]));
    }
}

static int has_ended(const struct wire *w)
{
    return w->down.end != CLOSE_NO && w->down.end_at <= *w->now;
}

/* ---- the server's end ---- */

static void feed(struct wire *w)
{
    size_t len = pipe_arrived(&w->up, *w->now);

    if (len == 0)
        return;
    if (server_wants_tls(&w->server)) {
        if (w->up.octets.data[0] != HELLO[0])
            w->server.witness->violation(w->server.witness->ctx,
                                         "no handshake", "behind STARTTLS");
        pipe_remove(&w->up, 1);
        server_secured(&w->server);
        pipe_put(&w->down, HELLO, 1, *w->now + w->plan->latency);
        len--;
    }
    if (len > 0)
        server_feed(&w->server, w->up.octets.data, len);
    pipe_remove(&w->up, len);
}

static void serve(struct wire *w)
{
    char   buf[4096];
    size_t n;
    int    moved;

    if (w->down.end != CLOSE_NO)
        return;
    feed(w);
    do {
        moved = server_work(&w->server, *w->now);
        while ((n = server_take(&w->server, *w->now, buf, sizeof(buf))) > 0) {
            pipe_put(&w->down, buf, n, *w->now + w->plan->latency);
            moved = 1;
        }
    } while (moved);
    if (!w->server.closing || w->server.out.len > 0)
        return;
    w->down.end = w->server.closing;
    w->down.end_at = *w->now + w->plan->latency;
    if (w->down.end == CLOSE_RST)
        w->down.octets.len = w->down.count = 0;
}

/* When something happens at the server; -1: nothing does. */
static int64_t next_event(const struct wire *w)
{
    const int64_t wakes = server_wakes(&w->server, *w->now);

    if (w->down.end != CLOSE_NO)
        return -1;
    if (w->up.count == 0)
        return wakes;
    return wakes >= 0 && wakes < w->up.segment[0].at ? wakes
                                                     : w->up.segment[0].at;
}

void wire_pass(struct wire *w, int64_t until)
{
    for (;;) {
        const int64_t at = next_event(w);

        if (at < 0 || at > until)
            break;
        if (at > *w->now)
            *w->now = at;
        serve(w);
    }
    if (until > *w->now)
        *w->now = until;
}

void wire_settle(struct wire *w)
{
    int64_t at;

    while ((at = next_event(w)) >= 0)
        wire_pass(w, at);
}

/* ---- the client's end ---- */

static int wire_read(duva_link *l, void *buf, size_t len)
{
    struct wire *w = (struct wire *)l;
    size_t       n = pipe_arrived(&w->down, *w->now);

    if (n == 0 && has_ended(w))
        return w->down.end == CLOSE_FIN ? DUVA_ERR_CLOSED : DUVA_ERR_IO;
    if (n > len)
        n = len;
    if (n > 1 && random_chance(&w->random, 100))
        n = 1 + random_below(&w->random, (uint32_t)n);
    if (n > 0)
        memcpy(buf, w->down.octets.data, n);
    pipe_remove(&w->down, n);
    return (int)n;
}

static size_t room(const struct wire *w)
{
    const size_t used = w->up.octets.len + w->server.in.len;

    return used < w->plan->capacity ? w->plan->capacity - used : 0;
}

static int wire_write(duva_link *l, const void *buf, size_t len)
{
    struct wire *w = (struct wire *)l;

    if (has_ended(w))
        return DUVA_ERR_IO;
    if (len > room(w))
        len = room(w);
    if (len > w->plan->write_max)
        len = w->plan->write_max;
    if (len > 1 && random_chance(&w->random, 60))
        len = 1 + random_below(&w->random, (uint32_t)len);
    if (random_chance(&w->random, 30))
        len = 0;
    if (len > 0)
        pipe_put(&w->up, buf, len, *w->now + w->plan->latency);
    if (w->plan->latency == 0)
        serve(w);
    return (int)len;
}

/* What of that can be done now. */
static unsigned possible(const struct wire *w, unsigned can)
{
    unsigned is = 0;

    if (pipe_arrived(&w->down, *w->now) > 0 || has_ended(w))
        is |= DUVA_CAN_READ;
    if (room(w) > 0 || has_ended(w))
        is |= DUVA_CAN_WRITE;
    return can & is;
}

static int wire_wait(duva_link *l, unsigned can, uint32_t ms)
{
    struct wire  *w = (struct wire *)l;
    const int64_t end = *w->now + ms;

    serve(w);
    while (possible(w, can) == 0 && *w->now < end) {
        int64_t at = next_event(w);

        if (w->down.count > 0 && (at < 0 || w->down.segment[0].at < at))
            at = w->down.segment[0].at;
        if (w->down.end != CLOSE_NO && (at < 0 || w->down.end_at < at))
            at = w->down.end_at;
        wire_pass(w, at < 0 || at > end ? end : at);
    }
    return (int)possible(w, can);
}

static void wire_close(duva_link *l)
{
    struct wire *w = (struct wire *)l;

    w->closed = 1;
}

/* ---- TLS, without any secret ---- */

static struct wire *wire_of(duva_link *tls)
{
    return (struct wire *)((duva_tls *)tls)->under;
}

static int tls_read(duva_link *l, void *buf, size_t len)
{
    return wire_read(&wire_of(l)->link, buf, len);
}

static int tls_write(duva_link *l, const void *buf, size_t len)
{
    return wire_write(&wire_of(l)->link, buf, len);
}

static int tls_wait(duva_link *l, unsigned can, uint32_t ms)
{
    return wire_wait(&wire_of(l)->link, can, ms);
}

static void tls_close(duva_link *l)
{
    wire_close(&wire_of(l)->link);
    ((duva_tls *)l)->under = NULL;
}

static int handshake(duva_tls *t, duva_link *under, const char *host,
                     duva_tls_info *info)
{
    struct wire *w = (struct wire *)under;
    char         octet;
    int          n;

    (void)host;
    t->under = under;
    t->reason = DUVA_REASON_HANDSHAKE;
    if (!w->hello_sent) {
        if (has_ended(w))
            return DUVA_ERR_TLS;
        pipe_put(&w->up, HELLO, 1, *w->now + w->plan->latency);
        w->hello_sent = 1;
    }
    t->want = DUVA_CAN_READ;
    n = wire_read(under, &octet, 1);
    if (n == 0)
        return 0;
    if (n < 0 || octet != HELLO[0])
        return DUVA_ERR_TLS;
    memset(info, 0, sizeof(*info));
    info->verified = 1;
    return 1;
}

/* ---- both ---- */

void wire_open(struct wire *w, const struct plan *p, int64_t *now,
               const struct witness *witness, unsigned session)
{
    static const duva_link_ops ops = { wire_read, wire_write, wire_wait,
                                       wire_close };
    static const duva_link_ops secure = { tls_read, tls_write, tls_wait,
                                          tls_close };

    memset(w, 0, sizeof(*w));
    w->link.ops = &ops;
    w->tls.link.ops = &secure;
    w->tls.handshake = handshake;
    w->plan = p;
    w->now = now;
    w->random = random_of(p->seed, 1000 + session);
    server_open(&w->server, &p->profile, witness,
                &p->session[session % PLAN_SESSIONS], p->seed + session);
    serve(w);
}

void wire_free(struct wire *w)
{
    server_free(&w->server);
    free(w->up.octets.data);
    free(w->down.octets.data);
}
