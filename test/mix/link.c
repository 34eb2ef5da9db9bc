/* link.c - joins a client and a simulated server, in pieces of every size. */
/* SPDX-License-Identifier: MIT */
#include "link.h"

#include <string.h>

static const char bye[] = "421 4.4.2 goodbye\r\n";

duva_err mix_link_err(const struct mix_link *l)
{
    static const duva_err err[WAYS] = {
        [CUT] = DUVA_ERR_CLOSED, [HANGUP_AT] = DUVA_ERR_CLOSED,
        [GOODBYE] = DUVA_ERR_IO, [TIMEOUT_AT] = DUVA_ERR_TIMEOUT,
        [CANCEL_AT] = DUVA_ERR_CANCELLED
    };

    return l->fired ? err[l->way.kind] : DUVA_OK;
}

static int is_early(const struct mix_link *l)
{
    return l->way.kind == EARLY || l->way.kind == ONES_EARLY
           || (l->way.kind == SPLIT && l->ready < l->way.n);
}

static size_t at_most(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* How many octets go at once. */
static size_t piece(struct mix_link *l, size_t len)
{
    if (len == 0 || l->way.kind == LATE || l->way.kind == EACH
        || l->way.kind == EARLY || l->way.kind == SPLIT)
        return len;
    if (l->way.kind == ONES_LATE || l->way.kind == ONES_EARLY)
        return 1;
    return draw(&l->row, 3) == 0 ? len : 1 + draw(&l->row, 50) % len;
}

/* More of what the server has said is there to be read. */
static void release(struct mix_link *l, size_t most)
{
    l->ready = at_most(l->ready + most, l->server.out.len);
}

/* Answers that come without a wait. */
static void release_early(struct mix_link *l)
{
    const size_t left = l->server.out.len - l->ready;

    if (is_early(l))
        release(l, l->way.kind == SPLIT ? l->way.n - l->ready : left);
    else if (l->way.kind >= PIECES && l->way.kind != SPLIT
             && draw(&l->row, 3) == 0)
        release(l, piece(l, left));
}

static size_t line_length(const struct mix_link *l)
{
    const char  *at = l->server.out.data + l->ready;
    const size_t left = l->server.out.len - l->ready;
    const char  *end = memchr(at, '\n', left);

    return end != NULL ? (size_t)(end - at) + 1 : left;
}

/* Every call comes through here; less than 0: it fails. */
static int called(struct mix_link *l)
{
    if (l->closed)
        played_fail(l->p, 0, "the link is used after close");
    if (++l->fruitless > 1000) {
        played_fail(l->p, 0, "the client goes round in circles");
        return DUVA_ERR_IO;
    }
    l->link.cause = 5;
    return l->fired && l->way.kind != CUT && l->way.kind != GOODBYE
               ? (int)mix_link_err(l)
               : 0;
}

/* Behind all that was said before. */
static int read_bye(struct mix_link *l, char *buf, size_t len)
{
    const size_t left = l->server.out.len - l->read;

    if (left > 0) {
        len = at_most(len, left);
        memcpy(buf, l->server.out.data + l->read, len);
        traffic_note(&l->traffic, 'S', buf, len);
        l->read += len;
        return (int)len;
    }
    len = at_most(len, sizeof(bye) - 1 - l->bye);
    memcpy(buf, bye + l->bye, len);
    traffic_note(&l->traffic, 'S', buf, len);
    l->bye += len;
    return len > 0 ? (int)len : DUVA_ERR_CLOSED;
}

static int link_read(duva_link *link, void *buf, size_t len)
{
    struct mix_link *l = (struct mix_link *)link;
    const int        err = called(l);

    if (l->way.kind == CUT && l->read == l->way.n)
        l->fired = 1;
    if (err < 0)
        return err;
    if (l->fired)
        return l->way.kind == GOODBYE ? read_bye(l, buf, len)
                                      : DUVA_ERR_CLOSED;
    len = at_most(len, piece(l, l->ready - l->read));
    if (l->way.kind == CUT)
        len = at_most(len, l->way.n - l->read);
    if (len == 0)
        return l->server.gone && l->read == l->server.out.len
                   ? (int)DUVA_ERR_CLOSED
                   : 0;
    memcpy(buf, l->server.out.data + l->read, len);
    traffic_note(&l->traffic, 'S', buf, len);
    l->read += len;
    l->fruitless = 0;
    return (int)len;
}

/* A link that takes nothing is read: so answers come as early as they can. */
static int refuses_to_write(struct mix_link *l)
{
    if (is_early(l))
        return l->ready > l->read;
    return l->way.kind >= PIECES && l->way.kind != SPLIT
           && draw(&l->row, 4) == 0;
}

static int link_write(duva_link *link, const void *buf, size_t len)
{
    struct mix_link *l = (struct mix_link *)link;
    const int        err = called(l);
    const int ends = l->way.kind == HANGUP_AT || l->way.kind == GOODBYE;

    if (duva_next(l->engine) == DUVA_CLOSED)
        played_fail(l->p, 0, "the client writes after the end");
    if (err < 0 || (l->fired && l->way.kind == GOODBYE))
        return mix_link_err(l);
    if (refuses_to_write(l))
        return 0;
    len = piece(l, len);
    if (ends) {
        len = at_most(len, l->way.n - l->written);
        l->fired = l->written + len == l->way.n;
        if (len == 0)
            return mix_link_err(l);
    }
    traffic_note(&l->traffic, 'C', buf, len);
    server_hear(&l->server, buf, len);
    release_early(l);
    l->written += len;
    l->fruitless = 0;
    return (int)len;
}

static int link_wait(duva_link *link, unsigned can, uint32_t ms)
{
    struct mix_link *l = (struct mix_link *)link;
    const int        err = called(l);
    const size_t     left = l->server.out.len - l->ready;

    (void)ms;
    l->waits++;
    if (err < 0)
        return err;
    if ((l->way.kind == TIMEOUT_AT || l->way.kind == CANCEL_AT)
        && l->waits == l->way.n) {
        l->fired = 1;
        return l->way.kind == TIMEOUT_AT ? 0 : DUVA_ERR_CANCELLED;
    }
    if (l->ready == l->read && left > 0)
        release(l, l->way.kind == EACH ? line_length(l) : piece(l, left));
    if (l->ready > l->read || l->server.gone || l->fired)
        return DUVA_CAN_READ;
    if (can & DUVA_CAN_WRITE)
        return DUVA_CAN_WRITE;
    if (l->way.kind == CUT && l->read == l->way.n)
        return DUVA_CAN_READ;
    played_fail(l->p, 0, "the client waits for an answer that is not owed");
    return 0;
}

static void link_close(duva_link *link)
{
    struct mix_link *l = (struct mix_link *)link;

    if (l->closed)
        played_fail(l->p, 0, "the link is closed twice");
    l->closed = 1;
}

void mix_link_begin(struct mix_link *l, const struct mix *m, struct played *p,
                    const duva_engine *e, struct way way)
{
    static const duva_link_ops ops = {
        link_read, link_write, link_wait, link_close
    };
    struct server  server = l->server;
    struct traffic traffic = l->traffic;

    memset(l, 0, sizeof(*l));
    l->server = server;
    l->traffic = traffic;
    traffic_clear(&l->traffic);
    l->traffic.together = !m->one_by_one;
    l->traffic.strict = 1;
    server_begin(&l->server, m, p);
    l->link.ops = &ops;
    l->p = p;
    l->engine = e;
    l->way = way;
    l->row = way.n + 1;
}
