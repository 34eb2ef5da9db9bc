/* mime.c - pulls on a message into its octets. */
/* SPDX-License-Identifier: MIT */
#include "encode.h"
#include "walk.h"

#include <limits.h>
#include <string.h>

int duva__fail(duva_mime *m, duva_err err, duva_reason reason,
               const char *field, uint32_t number, uint32_t where)
{
    m->error.reason = reason;
    m->error.field = field;
    m->error.number = number;
    m->error.where = where;
    m->state = DUVA__FAILED;
    m->err = (int8_t)err;
    return err;
}

/* A look at m's piece through a window that begins after what was read. */
static void window(const duva_mime *m, duva__out *o, uint8_t *dst, size_t cap)
{
    memset(o, 0, sizeof *o);
    o->at = dst;
    o->end = cap > 0 ? dst + cap : dst;
    o->skip = m->skip;
    o->column = m->column;
    o->members = m->members;
    o->takes = m->takes;
}

/* Everything is written once, to nobody. */
int duva__check(duva_mime *m)
{
    static const uint8_t none[sizeof m->message->seed];
    duva__out            o;
    int                  err;

    m->needs = 0;
    memset(&m->error, 0, sizeof m->error);
    if (m->message == NULL)
        return duva__fail(m, DUVA_ERR_ARG, DUVA_REASON_MISSING, "message", 0,
                          0);
    if (memcmp(m->message->seed, none, sizeof none) == 0)
        return duva__fail(m, DUVA_ERR_ARG, DUVA_REASON_MISSING, "seed", 0, 0);
    if (m->used)
        return duva__fail(m, DUVA_ERR_ARG, DUVA_REASON_ONCE, "content", 0, 0);
    err = duva__walk_plan(m);
    if (err < 0)
        return err;
    for (duva__walk_start(m); m->state != DUVA__END; duva__walk_on(m, &o)) {
        window(m, &o, NULL, 0);
        if (m->state == DUVA__BODY)
            continue;
        if (m->state == DUVA__PART && (err = duva__content_choose(m)) < 0)
            return err;
        duva__walk_write(m, &o);
        m->needs |= o.needs;
        if (o.reason != DUVA_REASON_NONE)
            return duva__fail(m, DUVA_ERR_ARG, o.reason, o.refused, o.number,
                              o.where);
    }
    duva__walk_start(m);
    return DUVA_OK;
}

/* Some octets of the piece where m stands. */
static int step(duva_mime *m, uint8_t *dst, size_t cap)
{
    duva__out o;

    if (m->state == DUVA__BODY)
        return duva__content_read(m, dst, cap);
    window(m, &o, dst, cap);
    duva__walk_write(m, &o);
    m->skip += (uint32_t)(o.at - dst);
    if (o.lost == 0) {
        m->skip = 0;
        duva__walk_on(m, &o);
        if (m->state == DUVA__BODY && duva__content_start(m) < 0)
            return m->err;
    }
    return (int)(o.at - dst);
}

int duva_mime_read(void *mime, void *buf, size_t len)
{
    duva_mime *const m = mime;
    uint8_t         *to = buf;
    size_t           n, room;
    int              got;

    if (buf == NULL || m->state == DUVA__FRESH) {
        got = duva__check(m);
        if (got < 0 || buf == NULL)
            return got;
    }
    for (room = len = len < INT_MAX ? len : INT_MAX; room > 0;) {
        n = (size_t)(m->staged - m->stage_at);
        if (n > 0) {
            n = n < room ? n : room;
            memcpy(to, m->stage + m->stage_at, n);
            m->stage_at = (uint8_t)(m->stage_at + n);
            to += n;
            room -= n;
            continue;
        }
        if (m->state == DUVA__END || m->state == DUVA__FAILED)
            break;
        if (room >= sizeof m->stage) {
            got = step(m, to, room);
            to += got > 0 ? got : 0;
            room -= got > 0 ? (size_t)got : 0;
        } else {
            got = step(m, m->stage, sizeof m->stage);
            m->staged = (uint8_t)(got > 0 ? got : 0);
            m->stage_at = 0;
        }
    }
    return len == room && m->state == DUVA__FAILED ? m->err
                                                   : (int)(len - room);
}

/* Octets of a part whose content need not be read for it; 0: unknown. */
static uint64_t content_size(const duva_part *p)
{
    const uint64_t lines = p->len / DUVA__BASE64_LINE;
    const uint64_t rest = p->len % DUVA__BASE64_LINE;

    if (p->chosen == DUVA_ENCODING_BINARY)
        return p->len;
    if (p->chosen != DUVA_ENCODING_BASE64 || duva__is_text(p))
        return 0;
    return lines * DUVA__ROOM + (rest > 0 ? (rest + 2) / 3 * 4 + 2 : 0);
}

uint64_t duva_mime_size(duva_mime *m)
{
    uint64_t  size = 0, known;
    duva__out o;
    int       got;

    if (duva__check(m) < 0)
        return 0;
    while (m->state != DUVA__END) {
        const duva_part *const p = &m->message->parts[m->part];

        if (m->state != DUVA__BODY) {
            window(m, &o, NULL, 0);
            duva__walk_write(m, &o);
            size += o.lost;
            duva__walk_on(m, &o);
            continue;
        }
        if (p->read != NULL && ((p->flags & DUVA_PART_ONCE)
                                || p->len == DUVA_LEN_UNKNOWN))
            break;
        known = content_size(p);
        if (known > 0) {
            size += known;
            duva__walk_on(m, NULL);
            continue;
        }
        for (got = duva__content_start(m); m->state == DUVA__BODY;
             size += (unsigned)got)
            if (got < 0 || (got = duva__content_read(m, m->stage,
                                                     sizeof m->stage)) < 0)
                return 0;
    }
    if (m->state != DUVA__END)
        size = 0;
    duva__walk_start(m);
    return size;
}
