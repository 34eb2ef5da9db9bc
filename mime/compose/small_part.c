/* small_part.c - parts into octets of the message, by small code. */
/* SPDX-License-Identifier: MIT */
/*
 * What walk.c, part.c, content.c and their encoders do, for DUVA_MIME_SMALL.
 * One text that comes first, and attachments: so the structure is a list.  A
 * line's worth of content is a piece like those of the header, written whole
 * each time through a window, so that no room is needed for its encoded form.
 */
#include "small_part.h"
#include "../encode/base64_fast.h"
#include "../field/out.h"
#include "../field/text.h"
#include "content.h"
#include "part.h"
#include "small.h"
#include "source.h"
#include "structure.h"

#if DUVA_MIME_SMALL
#include <string.h>

int duva__is_body_part(const duva_part *p)
{
    return p->place != DUVA_PLACE_ATTACHED;
}

void duva__structure_start(duva_mime *m)
{
    m->state = DUVA__HEAD;
    m->part = 0;
    m->skip = 0;
}

static void put_delimiter(const duva_mime *m, duva__out *o, const char *after)
{
    duva__writes(o, "=_");
    duva__put_base64(o, m->message->seed + sizeof m->message->seed
                        - DUVA__SEED_PART, DUVA__SEED_PART);
    duva__writes(o, after);
}

static void put_part(const duva_mime *m, duva__out *o)
{
    const duva_part *const p = duva__part_of(m);
    const int              text = duva__is_body_part(p);
    const char *const      type = p->type != NULL ? p->type
        : text ? "text/plain" : "application/octet-stream";
    const char *const      odd =
        text && (m->part > 0 || p->place > DUVA_PLACE_TEXT) ? "place"
        : p->encoding != DUVA_ENCODING_AUTO || p->flags > DUVA_PART_ONCE
          || p->cid != NULL || p->charset != NULL
          || (text && p->name != NULL) ? "part"
        : (uint32_t)(p->len >> 32) + 1 > 1 ? "content" : NULL;

    o->number = m->part + 1u;
    if (odd != NULL) {
        duva__refuse_in(o, DUVA_REASON_LEFT_OUT, odd);
        return;
    }
    if (p->read == NULL && p->data == NULL && p->len > 0)
        duva__refuse_in(o, DUVA_REASON_MISSING, "content");
    o->field = "type";
    duva__writes(o, "Content-Type: ");
    duva__put_only(o, type, DUVA__SPECIALS, '/');
    /* What holds messages or parts must not be encoded. */
    if ((type[0] | 0x20) == 'm' && (type[1] | 0x20) != 'o')
        duva__refuse(o, DUVA_REASON_LEFT_OUT, 1);
    if (text)
        duva__writes(o, "; charset=utf-8");
    duva__writes(o, "\r\nContent-Transfer-Encoding: ");
    duva__writes(o, p->chosen == DUVA_ENCODING_7BIT ? "7bit" : "base64");
    if (!text)
        duva__writes(o, "\r\nContent-Disposition: attachment");
    if (p->name != NULL) {
        o->field = "file name";
        duva__writes(o, ";\r\n filename=\"");
        duva__put_only(o, p->name, "\"\\%?", 0);
        duva__writes(o, "\"");
    }
    duva__writes(o, "\r\n\r\n");
}

/* What is kept of the content that makes a line. */
static size_t piece_len(const duva_mime *m)
{
    return m->kept < DUVA__BASE64_LINE ? m->kept : DUVA__BASE64_LINE;
}

void duva__structure_write(const duva_mime *m, duva__out *o)
{
    const size_t n = piece_len(m);

    if (m->state == DUVA__HEAD) {
        duva__put_head(o, m->message);
        return;
    }
    if (m->state == DUVA__CONTENT) {
        if (duva__part_of(m)->chosen == DUVA_ENCODING_7BIT) {
            duva__write(o, (const char *)m->carry, n);
        } else if (n > 0) {
            duva__put_base64(o, m->carry, n);
            duva__writes(o, "\r\n");
        }
        return;
    }
    if (m->message->part_count > 1) {
        if (m->part == 0) {
            duva__writes(o, "Content-Type: multipart/mixed; boundary=\"");
            put_delimiter(m, o, "\"\r\n");
        }
        duva__writes(o, "\r\n--");
        put_delimiter(m, o, m->state == DUVA__CLOSE ? "--\r\n" : "\r\n");
    }
    if (m->state == DUVA__PART)
        put_part(m, o);
}

static void drop(duva_mime *m, size_t len)
{
    m->kept = (uint8_t)(m->kept - len);
    memmove(m->carry, m->carry + len, m->kept);
}

void duva__structure_on(duva_mime *m, const duva__out *o)
{
    (void)o;
    if (m->state == DUVA__PART) {
        m->state = DUVA__CONTENT;
        return;
    }
    if (m->state == DUVA__CONTENT) {
        drop(m, piece_len(m));
        if (m->kept > 0 || !m->eof)
            return;
        m->part++;
    }
    if (m->part < m->message->part_count)
        m->state = DUVA__PART;
    else
        m->state = m->state == DUVA__CONTENT ? DUVA__CLOSE : DUVA__END;
}

void duva__content_skip(duva_mime *m)
{
    m->eof = 1;
    duva__structure_on(m, NULL);
}

/* What comes next of the content, with CRLF for the line ends of text: a
 * line's worth, or all that is left. */
int duva__content_fill(duva_mime *m)
{
    const int text = duva__is_body_part(duva__part_of(m));

    while (m->kept < DUVA__BASE64_LINE && !m->eof) {
        /* At the end of the room, since each octet may become two. */
        const size_t len = (sizeof m->carry - m->kept) / 2;
        uint8_t     *from = m->carry + sizeof m->carry - len;
        int          got = duva__content_pull(m, from, len);

        if (got < 0)
            return got;
        for (; got > 0; got--) {
            const uint8_t c = *from++;

            if (text && c == '\n' && !m->half)
                m->carry[m->kept++] = '\r';
            m->half = c == '\r';
            m->carry[m->kept++] = c;
        }
    }
    return DUVA_OK;
}

/* Is it ASCII, in lines that are short enough, with nothing like a boundary
 * in it?  Less than 0: its source failed. */
static int is_plain(duva_mime *m)
{
    unsigned column = 0;
    int      plain = 1;
    uint8_t  i, c, last = 0;

    if (duva__content_start(m) < 0)
        return m->err;
    do {
        m->kept = 0;
        if (duva__content_fill(m) < 0)
            return m->err;
        for (i = 0; i < m->kept; i++, last = c) {
            c = m->carry[i];
            column = c == '\n' ? 0 : column + (c != '\r');
            if (column > DUVA__LINE_MAX || c == '\0' || c >= 0x80
                || (last == '\r') != (c == '\n')
                || (last == '=' && c == '_'))
                plain = 0;
        }
    } while (!m->eof);
    return plain && last != '\r';
}

int duva__content_choose(duva_mime *m)
{
    duva_part *const p = &m->message->parts[m->part];
    int              plain = 0;

    if (duva__is_body_part(p) && (p->read == NULL
                             || (p->flags & DUVA_PART_ONCE) == 0))
        plain = is_plain(m);
    p->chosen = plain > 0 ? DUVA_ENCODING_7BIT : DUVA_ENCODING_BASE64;
    m->kept = 0;
    m->eof = 1;
    return plain;
}
#endif
