/* contents.c - contents of a finished message: inspected, then encoded. */
/* SPDX-License-Identifier: MIT */
#include "contents.h"
#include "../encode/base64.h"
#include "../encode/base64_lines.h"
#include "../encode/qp.h"

#if !DUVA_MIME_SMALL
#include <string.h>

enum { QP_LINE = 75 };         /* and the "=" of a line that goes on */

void duva__convert_body_start(duva_convert *c, const char *blame,
                              duva_reason reason)
{
    c->blame = blame;
    c->blame_reason = (uint8_t)reason;
    c->mode = DUVA__KEEP;
    c->exact = c->encoding == DUVA__BINARY_LABEL || c->wide;
    if (!c->inspecting && blame == NULL) {
        c->mode = duva__convert_plan(c) & 3u;
        c->exact |= (duva__convert_plan(c) & DUVA__PLAN_EXACT) != 0;
    }
    c->held = c->soft = c->line_len = 0;
    c->seen = c->utf8_more = c->not_utf8 = 0;
    c->column = 0;
    c->special = c->octets = 0;
}

/* ---- inspection ---- */

/* Whether all of it is UTF-8 (RFC 3629). */
static void see_utf8(duva_convert *c, uint8_t octet)
{
    if (c->utf8_more > 0) {
        c->not_utf8 |= octet < c->utf8_low || octet > c->utf8_high;
        c->utf8_more--;
        c->utf8_low = 0x80;
        c->utf8_high = 0xbf;
        return;
    }
    if (octet < 0x80)
        return;
    c->not_utf8 |= octet < 0xc2 || octet > 0xf4;
    c->utf8_more = octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : 3;
    c->utf8_low = octet == 0xe0 ? 0xa0 : octet == 0xf0 ? 0x90 : 0x80;
    c->utf8_high = octet == 0xed ? 0x9f : octet == 0xf4 ? 0x8f : 0xbf;
}

static unsigned bit_of(const duva_convert *c)
{
    return c->state == DUVA__IN_BODY    ? DUVA_MIME_8BIT
           : c->state == DUVA__IN_FIELD ? DUVA_MIME_UTF8
                                        : 0;
}

/* Octets above 127 that follow each other; returns how many. */
static size_t see_high(duva_convert *c, const uint8_t *s, size_t n)
{
    size_t i;

    for (i = 0; i < n && s[i] >= 0x80; i++)
        see_utf8(c, s[i]);
    if (i > 0)
        duva__convert_object(c, bit_of(c), DUVA_REASON_NOT_ASCII);
    c->special += i;
    return i;
}

/* It is not said what it is, or it is no text that has lines. */
static void see_nul(duva_convert *c)
{
    if (c->blame == NULL && !((c->head & DUVA__HAS_TYPE)
                              || (c->takes & DUVA_MIME_BINARY)))
        c->blame = "Content-Type";
    c->exact = 1;
    duva__convert_object(c, DUVA_MIME_BINARY, DUVA_REASON_NUL);
}

/* What is neither printable nor above 127, or '='. */
static void see_special(duva_convert *c, uint8_t octet, int ends_line)
{
    see_utf8(c, octet);
    c->special += octet != '\t' && !ends_line;
    if (octet == '\0')
        see_nul(c);
    else if (octet == '\r' && !ends_line)
        duva__convert_object(c, DUVA_MIME_BINARY, DUVA_REASON_LONE_CR);
}

static void see_line_end(duva_convert *c, int bare)
{
    /* In what is binary this is not how lines end. */
    if (bare && c->exact && c->blame == NULL)
        duva__convert_object(c, DUVA_MIME_BINARY, DUVA_REASON_NONE);
    see_utf8(c, '\n');
    c->line++;
    c->column = 0;
}

void duva__convert_inspect(duva_convert *c, const uint8_t *s, size_t n)
{
    size_t i = 0, run;
    int    crlf;

    c->octets += n;
    for (; i < n; i += run) {
        if (s[i] == '\n') {
            see_line_end(c, i == 0 || s[i - 1] != '\r');
            run = 1;
            continue;
        }
        crlf = s[i] == '\r' && i + 1 < n && s[i + 1] == '\n';
        run = see_high(c, s + i, n - i);
        if (run == 0 && c->utf8_more == 0)
            run = duva__plain_run(s + i, n - i);
        if (run == 0) {
            see_special(c, s[i], crlf);
            run = 1;
        }
        if (c->column <= DUVA__LINE_MAX
            && (c->column += (uint32_t)(crlf ? 0 : run)) > DUVA__LINE_MAX)
            duva__convert_object(c, DUVA_MIME_BINARY, DUVA_REASON_LINE_LONG);
    }
}

/* ---- writing ---- */

static void put(duva__out *o, const uint8_t *s, size_t n)
{
    memcpy(o->at, s, n);
    o->at += n;
}

static void put_lines(duva_convert *c, duva__out *o, const uint8_t *s, size_t n)
{
    size_t         len;
    const uint8_t *lf;

    while (n > 0 && (lf = memchr(s, '\n', n)) != NULL) {
        len = (size_t)(lf - s);
        put(o, s, len > 0 && s[len - 1] == '\r' ? len - 1 : len);
        put(o, (const uint8_t *)"\r\n", 2);
        s += len + 1;
        n -= len + 1;
        c->column = 0;
    }
    put(o, s, n);
    c->column += (uint32_t)n;
}

/* Room for n more octets in this line, or a new one. */
static void qp_room(duva_convert *c, duva__out *o, size_t n)
{
    if (c->column + n <= QP_LINE)
        return;
    put(o, (const uint8_t *)"=\r\n", 3);
    c->column = 0;
    c->soft = 1;
}

static void qp_code(duva_convert *c, duva__out *o, uint8_t octet)
{
    static const char hex[] = "0123456789ABCDEF";
    const uint8_t     code[3] = { '=', (uint8_t)hex[octet >> 4],
                                  (uint8_t)hex[octet & 15] };

    qp_room(c, o, 3);
    put(o, code, 3);
    c->column += 3;
}

/* A line that began in the middle of one of the content could be taken for a
 * delimiter. */
static void qp_plain(duva_convert *c, duva__out *o, const uint8_t *s, size_t n)
{
    size_t some;

    for (; n > 0; s += some, n -= some) {
        qp_room(c, o, 1);
        some = QP_LINE - c->column;
        some = some < n ? some : n;
        if (c->column == 0 && c->soft && *s == '-') {
            some = 1;
            qp_code(c, o, '-');
            continue;
        }
        put(o, s, some);
        c->column += (uint32_t)some;
    }
}

/* Space at the end of a line would be lost on the way. */
static void qp_held(duva_convert *c, duva__out *o, int at_end)
{
    if (c->held == 0)
        return;
    if (at_end)
        qp_code(c, o, c->held);
    else
        qp_plain(c, o, &c->held, 1);
    c->held = 0;
}

static void put_qp(duva_convert *c, duva__out *o, const uint8_t *s, size_t n)
{
    size_t run;

    for (; n > 0; s += run, n -= run) {
        run = 1;
        if (*s == '\n' || (*s == '\r' && n > 1 && s[1] == '\n')) {
            run = *s == '\r' ? 2 : 1;
            qp_held(c, o, 1);
            put(o, (const uint8_t *)"\r\n", 2);
            c->column = c->soft = 0;
            continue;
        }
        qp_held(c, o, 0);
        if (*s == ' ' || *s == '\t') {
            c->held = *s;
            continue;
        }
        run = duva__plain_run(s, n);
        while (run > 0 && s[run - 1] == ' ')
            run--;
        qp_plain(c, o, s, run);
        for (; run == 0 || (run < n && s[run] >= 0x80); run++)
            qp_code(c, o, s[run]);
    }
}

static void put_base64(duva_convert *c, duva__out *o, const uint8_t *s,
                       size_t n)
{
    size_t some;

    for (; n > 0; s += some, n -= some) {
        some = sizeof c->line_kept - c->line_len;
        some = some < n ? some : n;
        memcpy(c->line_kept + c->line_len, s, some);
        c->line_len = (uint8_t)(c->line_len + some);
        if (c->line_len < sizeof c->line_kept)
            continue;
        duva__base64_lines(o->at, c->line_kept, 1);
        o->at += DUVA__ROOM;
        c->line_len = 0;
    }
}

/* The last line end may belong to a delimiter, so each is held back. */
static void put_held_end(duva_convert *c, duva__out *o)
{
    if (c->held == 1)
        put_base64(c, o, (const uint8_t *)"\n", 1);
    else if (c->held == 2)
        put_base64(c, o, (const uint8_t *)"\r\n", 2);
    c->held = 0;
}

static void put_base64_lines(duva_convert *c, duva__out *o, const uint8_t *s,
                             size_t n)
{
    const uint8_t *lf;
    size_t         len, end;

    for (; n > 0; s += len + end, n -= len + end) {
        put_held_end(c, o);
        lf = memchr(s, '\n', n);
        len = lf != NULL ? (size_t)(lf - s) : n;
        end = lf != NULL;
        if (end && len > 0 && s[len - 1] == '\r')
            len--, end++;
        put_base64(c, o, s, len);
        c->held = (uint8_t)(end > 0 && !c->exact ? 2 : end);
    }
}

void duva__convert_write(duva_convert *c, duva__out *o, const uint8_t *s,
                         size_t n)
{
    if (c->mode == DUVA__TO_QP)
        put_qp(c, o, s, n);
    else if (c->mode == DUVA__TO_BASE64)
        put_base64_lines(c, o, s, n);
    else
        put_lines(c, o, s, n);
}

/* ---- the end ---- */

static unsigned choose(const duva_convert *c)
{
    const unsigned said = (c->not_utf8 || c->utf8_more > 0 ? 0
                                                           : DUVA__PLAN_UTF8)
                          | (c->exact ? DUVA__PLAN_EXACT : 0);

    if ((c->seen & ~c->takes) != 0)
        return said | (c->kind != DUVA__TEXT_KIND || c->exact
                               || c->special * 6 > c->octets
                           ? DUVA__TO_BASE64
                           : DUVA__TO_QP);
    return duva__convert_overdone(c) ? DUVA__LABEL : DUVA__KEEP;
}

void duva__convert_body_end(duva_convert *c, duva__out *o, int follows)
{
    if (c->inspecting && c->blame == NULL)
        duva__convert_set_plan(c, choose(c));
    if (c->inspecting)
        return;
    if (c->mode == DUVA__TO_BASE64) {
        if (!follows)
            put_held_end(c, o);
        if (c->line_len > 0) {
            o->at += duva__base64(o->at, c->line_kept, c->line_len);
            put(o, (const uint8_t *)"\r\n", 2);
        }
        return;
    }
    if (c->mode == DUVA__TO_QP)
        qp_held(c, o, 1);
    if (c->column > 0)
        put(o, (const uint8_t *)"\r\n", 2);
}
#else
typedef int duva__no_contents;
#endif
