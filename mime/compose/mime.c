/* mime.c - the octets of a composed message, on demand. */
/* SPDX-License-Identifier: MIT */
#include "../encode/base64_fast.h"
#include "../encode/host.h"
#include "../encode/window.h"
#include "../field/out.h"
#include "content.h"
#include "fields.h"
#include "part.h"
#include "small_part.h"
#include "source.h"
#include "structure.h"

#include <limits.h>
#include <string.h>

/* The window begins after the octets that were read. */
static void open_window(const duva_mime *m, duva__out *o, uint8_t *dst,
                        size_t cap)
{
    memset(o, 0, sizeof *o);
    o->at = dst;
    o->end = dst + cap;
    o->skip = m->skip;
#if !DUVA_MIME_SMALL
    o->takes = m->takes;
    o->column = m->column;
    o->members = m->members;
#endif
}

static void examine(duva_mime *m, duva__out *o)
{
    const uint8_t *const seed = m->message != NULL ? m->message->seed : NULL;

    if (seed == NULL
        || (!DUVA_MIME_SMALL && m->message->parts == NULL
            && m->message->part_count > 0))
        duva__refuse_in(o, DUVA_REASON_MISSING, "message");
    else if (seed[0] == 0
             && memcmp(seed, seed + 1, sizeof m->message->seed - 1) == 0)
        duva__refuse_in(o, DUVA_REASON_MISSING, "seed");
    else if (m->used)
        duva__refuse_in(o, DUVA_REASON_ONCE, "content");
    else
        duva__structure_plan(m, o);
}

#if DUVA__HOST
/* The reader has the fields of the message: its first part is next. */
static void pass_head(duva_mime *m)
{
    duva__out o;

    memset(&o, 0, sizeof o);
    m->field = DUVA__FIELDS;
    duva__structure_on(m, &o);
}
#else
#define pass_head(m) ((void)0)
#endif

/* Everything is written once without output; but on hosts the fields of the
 * message go to dst already, if all of them find room there.  Returns their
 * octets. */
static int check(duva_mime *m, uint8_t *dst, size_t cap)
{
    uint8_t  *at = dst;
    uint32_t  lost = 0;
    duva__out o;

    m->needs = 0;
    duva__structure_start(m);
    open_window(m, &o, m->carry, 0);
    examine(m, &o);
    while (o.error.reason == DUVA_REASON_NONE && m->state != DUVA__END) {
#if !DUVA_MIME_SMALL
        if (m->state == DUVA__CONTENT) {
            duva__content_skip(m);
            continue;
        }
#endif
        open_window(m, &o, DUVA__HOST ? at : m->carry, 0);
        if (DUVA__HOST && m->state == DUVA__HEAD)
            o.end = dst + cap;
        duva__structure_write(m, &o);
        if (DUVA__HOST && m->state == DUVA__HEAD) {
            at = o.at;
            lost += o.lost;
        }
        if (!DUVA_MIME_SMALL)
            m->needs |= o.needs;
        if (o.error.reason == DUVA_REASON_NONE && m->state == DUVA__PART
            && duva__content_choose(m) < 0)
            return m->err;
        duva__structure_on(m, &o);
    }
    m->error = o.error;
    if (m->error.reason == DUVA_REASON_NONE) {
        duva__structure_start(m);
        if (!DUVA__HOST || lost > 0)
            return 0;
        pass_head(m);
        return (int)(at - dst);
    }
    m->state = DUVA__FAILED;
    m->err = DUVA_MIME_SMALL && m->error.reason == DUVA_REASON_LEFT_OUT
             ? DUVA_ERR_UNSUPPORTED : DUVA_ERR_ARG;
    return m->err;
}

/* Some octets of the piece at the position. */
static int step(duva_mime *m, uint8_t *dst, size_t cap)
{
    const int above = m->state == DUVA__PART;
    duva__out o;

    if (m->state == DUVA__CONTENT) {
#if DUVA_MIME_SMALL
        if (duva__content_fill(m) < 0)
            return m->err;
#else
        return duva__content_read(m, dst, cap);
#endif
    }
    open_window(m, &o, dst, cap);
    duva__structure_write(m, &o);
    m->skip += (uint32_t)(o.at - dst);
    if (o.lost == 0) {
        m->skip = 0;
        duva__structure_on(m, &o);
        if (above && duva__content_start(m) < 0)
            return m->err;
    }
    return (int)(o.at - dst);
}

#if DUVA_MIME_SMALL
#define staged(m)   0
#define pull        step
#else
static size_t staged(const duva_mime *m)
{
    return (size_t)(m->staged - m->stage_at);
}

/* The same for any cap: whole lines may have to wait on the stage. */
static int pull(duva_mime *m, uint8_t *dst, size_t cap)
{
    size_t n;
    int    got;

    if (staged(m) == 0) {
        if (cap >= sizeof m->stage)
            return step(m, dst, cap);
        got = step(m, m->stage, sizeof m->stage);
        if (got < 0)
            return got;
        m->staged = (uint8_t)got;
        m->stage_at = 0;
    }
    n = staged(m) < cap ? staged(m) : cap;
    memcpy(dst, m->stage + m->stage_at, n);
    m->stage_at = (uint8_t)(m->stage_at + n);
    return (int)n;
}
#endif

int duva_mime_read(void *mime, void *buf, size_t len)
{
    duva_mime *const m = mime;
    size_t           got = 0;
    int              n;

    len = len < INT_MAX ? len : INT_MAX;
    if (buf == NULL || m->state == DUVA__FRESH) {
        n = buf != NULL ? check(m, buf, len) : check(m, m->carry, 0);
        if (n < 0 || buf == NULL)
            return n;
        got = DUVA__HOST ? (size_t)n : 0;
    }
    while (got < len && (m->state < DUVA__END || staged(m) > 0)) {
        n = pull(m, (uint8_t *)buf + got, len - got);
        if (n < 0)
            break;
        got += (size_t)n;
    }
    return got == 0 && m->state == DUVA__FAILED ? m->err : (int)got;
}

/* Octets of a part whose content need not be read for it; 0: unknown. */
static uint64_t content_size(const duva_part *p)
{
    const uint64_t lines = p->len / DUVA__BASE64_LINE;
    const uint64_t rest = p->len % DUVA__BASE64_LINE;

    if (p->chosen == DUVA_ENCODING_BINARY)
        return p->len;
    if (p->chosen != DUVA_ENCODING_BASE64 || duva__is_body_part(p))
        return 0;
    return lines * DUVA__ROOM + (rest > 0 ? (rest + 2) / 3 * 4 + 2 : 0);
}

/* The same as step(), without output: a piece of the header is counted at once,
 * however long it is. */
static int count(duva_mime *m)
{
    const int above = m->state == DUVA__PART;
    uint8_t   room[DUVA__WINDOW];
    duva__out o;

    if (m->state == DUVA__CONTENT)
        return step(m, room, sizeof room);
    open_window(m, &o, room, 0);
    duva__structure_write(m, &o);
    duva__structure_on(m, &o);
    return above && duva__content_start(m) < 0 ? m->err : (int)o.lost;
}

uint64_t duva_mime_size(duva_mime *m)
{
    uint64_t size = 0, known;
    int      got;

    if (check(m, m->carry, 0) < 0)
        return 0;
    while (m->state != DUVA__END) {
        const int              above = m->state == DUVA__PART;
        const duva_part *const p = above ? duva__part_of(m) : NULL;

        if (above && p->read != NULL && ((p->flags & DUVA_PART_ONCE)
                                         || p->len == DUVA_LEN_UNKNOWN)) {
            size = 0;
            break;
        }
        got = count(m);
        if (got < 0)
            return 0;
        size += (unsigned)got;
        known = m->state == DUVA__CONTENT && above ? content_size(p) : 0;
        if (known > 0) {
            size += known;
            duva__content_skip(m);
        }
    }
    duva__structure_start(m);
    return size;
}
