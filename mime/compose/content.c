/* content.c - the content of a part into octets of the message. */
/* SPDX-License-Identifier: MIT */
#include "content.h"
#include "../encode/base64_fast.h"
#include "../encode/base64_lines.h"
#include "../encode/host.h"
#include "../encode/qp.h"
#include "../encode/window.h"
#include "../field/out.h"
#include "fields.h"
#include "inspect.h"
#include "part.h"
#include "source.h"
#include "structure.h"

#if !DUVA_MIME_SMALL
#include <string.h>

/* The same for what is known before the first octet. */
static int refuse(duva_mime *m, duva_err err, duva_reason reason,
                  uint32_t where)
{
    duva__content_fail(m, reason);
    m->error.where = where;
    m->err = (int8_t)err;
    return err;
}

/* A window on the content in memory, or, in the room, on what was kept and
 * what the source gives. */
static int fill(duva_mime *m, uint8_t *room, size_t cap, duva__window *w)
{
    const duva_part *const p = duva__part_of(m);

    if (p->read == NULL) {
        w->src = (const uint8_t *)p->data + m->pos;
        w->len = (size_t)(p->len - m->pos);
        w->last = 1;
        return DUVA_OK;
    }
    memmove(room, m->carry, m->kept);
    w->src = room;
    w->len = m->kept;
    while (w->len < cap && !m->eof) {
        const int got = duva__content_pull(m, room + w->len, cap - w->len);

        if (got < 0)
            return got;
        w->len += (unsigned)got;
    }
    w->last = m->eof;
    return DUVA_OK;
}

/* What the window still has is for the next time. */
static void keep(duva_mime *m, const duva__window *w)
{
    if (duva__part_of(m)->read == NULL) {
        m->pos = duva__part_of(m)->len - w->len;
        return;
    }
    memmove(m->carry, w->src, w->len);
    m->kept = (uint8_t)w->len;
}

static size_t encode(duva_mime *m, uint8_t *dst, size_t cap, duva__window *w)
{
    const duva_part *const p = duva__part_of(m);
    const int              text = duva__is_body_part(p);

    switch (p->chosen) {
    case DUVA_ENCODING_BASE64:
        return text ? duva__encode_base64_text(dst, cap, w, &m->half)
                    : duva__encode_base64(dst, cap, w);
    case DUVA_ENCODING_QP:
        return duva__encode_qp(dst, cap, w, text);
    case DUVA_ENCODING_BINARY:
        return duva__encode_none(dst, cap, w);
    default:
        return duva__encode_lines(dst, cap, w);
    }
}

/* With room enough the source writes behind where its octets will stand once
 * they are encoded: no encoding makes them five times as many, text in base64
 * with CRLF for its line ends included. */
static size_t room_for(const duva_part *p, size_t cap)
{
    if (DUVA__HOST && p->chosen == DUVA_ENCODING_BINARY)
        return cap;
    if (DUVA__HOST && p->chosen == DUVA_ENCODING_BASE64
        && !duva__is_body_part(p))
        return cap / DUVA__ROOM * DUVA__BASE64_LINE;
    return cap / 5;
}

int duva__content_read(duva_mime *m, uint8_t *dst, size_t cap)
{
    uint8_t     *room = m->carry;
    size_t       size = sizeof m->carry, n;
    duva__window w;
    int          err;

    if (cap >= 512) {
        size = room_for(duva__part_of(m), cap);
        room = dst + cap - size;
    }
    err = fill(m, room, size, &w);
    if (err < 0)
        return err;
    n = encode(m, dst, cap, &w);
    keep(m, &w);
    if (n == 0 && w.last && w.len > 0) /* it has changed since then */
        return duva__content_fail(m, DUVA_REASON_LONE_CR);
    if (w.last && w.len == 0)
        duva__structure_on(m, NULL);
    return (int)n;
}

static int is_utf8(const duva_part *p)
{
    static const char name[] = "utf-8";
    size_t            i = 0;

    if (p->charset == NULL)
        return duva__is_body_part(p);
    while (name[i] != '\0' && ((uint8_t)p->charset[i] | 0x20) ==
           ((uint8_t)name[i] | 0x20))
        i++;
    return name[i] == p->charset[i];
}

static int is_binary(const duva_part *p)
{
    return !duva__is_body_part(p) && !duva__is_rfc822(p);
}

static int inspect(duva_mime *m, duva__findings *s)
{
    uint8_t        own[DUVA__HOST ? 16384 : 1];
    uint8_t *const room = DUVA__HOST ? own : m->carry;
    duva__window w;
    duva__out    o = { 0 };
    int          err = duva__content_start(m);

    o.at = m->stage;
    o.end = m->stage + sizeof m->stage;
    duva__writes(&o, "--");
    duva__put_boundary(&o, m->message, 0);
    memset(s, 0, sizeof *s);
    s->boundary = m->stage;
    s->boundary_len = (uint8_t)(o.at - m->stage - 1); /* of all levels */
    s->utf8 = (uint8_t)is_utf8(duva__part_of(m));
    if (DUVA__HOST && is_binary(duva__part_of(m)))
        s->found = DUVA__BINARY;
    for (w.last = 0; err == DUVA_OK && !w.last;) {
        err = fill(m, room, DUVA__HOST ? sizeof own : sizeof m->carry, &w);
        if (err < 0)
            return err;
        duva__inspect(s, &w);
        keep(m, &w);
    }
    return err;
}

/* A message inside this one must go as it is. */
static int choose_rfc822(duva_mime *m, const duva__findings *s, uint8_t *chosen)
{
    if (s->found & DUVA__FOUND_BOUNDARY)
        return refuse(m, DUVA_ERR_BODY, DUVA_REASON_BOUNDARY, 0);
    if (s->found & DUVA__FOUND_OCTET)
        return refuse(m, DUVA_ERR_BODY, DUVA_REASON_NUL, 0);
    if (s->found & DUVA__FOUND_LONG)
        return refuse(m, DUVA_ERR_BODY, DUVA_REASON_LINE_LONG, s->long_line);
    if ((s->found & DUVA__FOUND_8BIT) && (m->takes & DUVA_MIME_8BIT) == 0)
        return refuse(m, DUVA_ERR_UNSUPPORTED, DUVA_REASON_NOT_ASCII, 0);
    *chosen = s->found & DUVA__FOUND_8BIT ? DUVA_ENCODING_8BIT
                                         : DUVA_ENCODING_7BIT;
    return DUVA_OK;
}

static uint8_t choose_text(const duva_mime *m, const duva__findings *s)
{
    if ((s->found
         & (DUVA__FOUND_OCTET | DUVA__FOUND_LONG | DUVA__FOUND_BOUNDARY))
        == 0) {
        if ((s->found & DUVA__FOUND_8BIT) == 0)
            return DUVA_ENCODING_7BIT;
        if (m->takes & DUVA_MIME_8BIT)
            return DUVA_ENCODING_8BIT;
    }
    /* Three octets for each special one, or four for each three. */
    return s->special * 6 > s->octets ? DUVA_ENCODING_BASE64
                                      : DUVA_ENCODING_QP;
}

int duva__content_choose(duva_mime *m)
{
    duva_part *const p = &m->message->parts[m->part];
    const int        text = duva__is_body_part(p), rfc822 = duva__is_rfc822(p);
    const int        binary = (m->takes & DUVA_MIME_BINARY) != 0;
    duva__findings      s;
    int              err;

    p->chosen = text ? DUVA_ENCODING_QP : DUVA_ENCODING_BASE64;
    if (p->read != NULL && (p->flags & DUVA_PART_ONCE)) {
        if (rfc822)
            return refuse(m, DUVA_ERR_ARG, DUVA_REASON_ONCE, 0);
    } else if (text || rfc822 || binary) {
        err = inspect(m, &s);
        if (err < 0)
            return err;
        if (s.found & DUVA__FOUND_NOT_UTF8)
            return refuse(m, DUVA_ERR_BODY, DUVA_REASON_NOT_UTF8, s.bad_line);
        if (rfc822)
            err = choose_rfc822(m, &s, &p->chosen);
        else if (text)
            p->chosen = choose_text(m, &s);
        else if ((s.found & DUVA__FOUND_BOUNDARY) == 0)
            p->chosen = DUVA_ENCODING_BINARY;
        if (err < 0)
            return err;
    }
    if (p->encoding != DUVA_ENCODING_AUTO)
        p->chosen = p->encoding;
    if (p->chosen == DUVA_ENCODING_8BIT)
        m->needs |= DUVA_MIME_8BIT;
    if (p->chosen == DUVA_ENCODING_BINARY)
        m->needs |= DUVA_MIME_BINARY;
    return DUVA_OK;
}
#endif
