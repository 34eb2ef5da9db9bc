/* qp.c - octets into quoted-printable (RFC 2045 6.7), or as they are. */
/* SPDX-License-Identifier: MIT */
#include "qp.h"
#include "window.h"

#if !DUVA_MIME_SMALL
#include <string.h>

enum { QP_LINE = 76 };

#if UINTPTR_MAX > 0xffffffffu
/* Eight at once: the high bit of an octet is set when it must be encoded. */
static uint64_t odd_ones(const uint8_t *s)
{
    const uint64_t ones = 0x0101010101010101u, high = ones << 7;
    uint64_t       v, equals, deletes;

    memcpy(&v, s, sizeof v);
    equals = v ^ (ones * '=');
    deletes = v ^ (ones * 0x7f);
    return (v | (v - ones * 0x20) | ((equals - ones) & ~equals)
            | ((deletes - ones) & ~deletes)) & high;
}
#endif

size_t duva__plain_run(const uint8_t *s, size_t len)
{
    size_t i = 0;

#if UINTPTR_MAX > 0xffffffffu
    while (len - i >= 8 && odd_ones(s + i) == 0)
        i += 8;
#endif
    while (i < len && s[i] >= ' ' && s[i] < 0x7f && s[i] != '=')
        i++;
    return i;
}

/* Octets of the line end at s, 0 if there is none. */
static size_t line_end(const uint8_t *s, size_t len)
{
    if (len > 0 && s[0] == '\n')
        return 1;
    return len > 1 && s[0] == '\r' && s[1] == '\n' ? 2 : 0;
}

/* One line of output; *used of src.  A space at the end of a line would be
 * taken off on the way, so there it is encoded. */
static size_t qp_line(uint8_t *dst, const uint8_t *src, size_t len, int text,
                      size_t *used)
{
    size_t at = 0, i = 0, run, n, end;

    while (i < len) {
        run = QP_LINE - 1 - at;
        run = duva__plain_run(src + i, len - i < run ? len - i : run);
        if (run > 0 && src[i + run - 1] == ' ')
            run--;
        memmove(dst + at, src + i, run);
        at += run;
        i += run;
        if (i == len)
            break;
        end = text ? line_end(src + i, len - i) : 0;
        if (end > 0) {
            *used = i + end;
            memcpy(dst + at, "\r\n", 2);
            return at + 2;
        }
        end = i + 1 == len || (text && line_end(src + i + 1, len - i - 1) > 0);
        n = (src[i] > ' ' && src[i] < 0x7f && src[i] != '=')
            || ((src[i] == ' ' || src[i] == '\t') && !end) ? 1 : 3;
        if (at + n > (end ? QP_LINE : QP_LINE - 1)) {
            *used = i;
            memcpy(dst + at, "=\r\n", 3);
            return at + 3;
        }
        if (n == 1) {
            dst[at++] = src[i++];
        } else {
            const uint8_t c = src[i++];

            dst[at++] = '=';
            dst[at++] = (uint8_t)"0123456789ABCDEF"[c >> 4];
            dst[at++] = (uint8_t)"0123456789ABCDEF"[c & 15];
        }
    }
    *used = i;
    return at;
}

size_t duva__encode_qp(uint8_t *dst, size_t cap, duva__window *w, int text)
{
    size_t n = 0, used;

    while (cap - n >= DUVA__ROOM && w->len > 0
           && (w->last || w->len >= DUVA__WINDOW)) {
        n += qp_line(dst + n, w->src, w->len, text, &used);
        w->src += used;
        w->len -= used;
    }
    return n;
}

size_t duva__encode_lines(uint8_t *dst, size_t cap, duva__window *w)
{
    size_t n = 0, run, end;

    while (w->len > 0) {
        const uint8_t *const lf = memchr(w->src, '\n', w->len);

        run = lf != NULL ? (size_t)(lf - w->src) : w->len;
        end = run > 0 && w->src[run - 1] == '\r'; /* it goes with its LF */
        run -= end;
        if (run > cap - n)
            run = cap - n, end = 0;
        else
            end = lf != NULL && cap - n - run >= 2 ? end + 1 : 0;
        memmove(dst + n, w->src, run);
        n += run;
        w->src += run + end;
        w->len -= run + end;
        if (end == 0)
            break;
        memcpy(dst + n, "\r\n", 2);
        n += 2;
    }
    return n;
}

size_t duva__encode_none(uint8_t *dst, size_t cap, duva__window *w)
{
    const size_t n = w->len < cap ? w->len : cap;

    memmove(dst, w->src, n);
    w->src += n;
    w->len -= n;
    return n;
}
#endif
