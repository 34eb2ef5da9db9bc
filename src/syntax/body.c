/* body.c - turns message octets into wire octets: line ends, dots, limits. */
/* SPDX-License-Identifier: MIT */
#include "body.h"

#include <string.h>

/* Hosts have memory at speed and code to spare. */
#ifndef DUVA_FAST
#if DUVA__FULL && (defined(__unix__) || defined(__APPLE__))
#define DUVA_FAST 1
#else
#define DUVA_FAST 0
#endif
#endif

/* Octet by octet: all there is to know. */
static uint8_t *encode(duva_body *b, uint8_t *at, const uint8_t *src,
                       size_t len)
{
    for (; len > 0 && b->reason == DUVA_REASON_NONE; len--) {
        const uint8_t c = *src++;

        if (c == '\n') {
            b->line++;
            b->column = b->after_cr = 0;
            *at++ = '\r';
            *at++ = '\n';
        } else if (b->after_cr) {
            b->reason = DUVA_REASON_LONE_CR;
        } else if (c == '\r') {
            b->after_cr = 1;
        } else if (c == '\0') {
            b->reason = DUVA_REASON_NUL;
        } else if (DUVA_WITH_SIZE && c >= 0x80 && b->ascii) {
            b->reason = DUVA_REASON_NOT_ASCII;
        } else if (b->column == DUVA__BODY_LINE) {
            b->reason = DUVA_REASON_LINE_LONG;
        } else {
            if (b->column++ == 0 && c == '.'
                && !(DUVA_WITH_CHUNKING && b->no_dots))
                *at++ = '.';
            *at++ = c;
        }
    }
    return at;
}

#if DUVA_FAST
/* Whole lines, as long as there is nothing in them that needs a closer look.
 * Returns how many octets of src that were, and moves *at. */
static size_t encode_lines(duva_body *b, uint8_t **at, const uint8_t *src,
                           size_t len)
{
    const uint8_t *const start = src, *const end = src + len;
    const int            has_cr = memchr(src, '\r', len) != NULL;
    uint8_t             *to = *at;

    while (src < end) {
        const uint8_t *lf = memchr(src, '\n', (size_t)(end - src));
        const uint8_t *cr;
        size_t         n;

        if (lf == NULL)
            break;
        n = (size_t)(lf - src);
        cr = has_cr ? memchr(src, '\r', n) : NULL;
        if (cr != NULL && cr + 1 != lf)
            break;
        n -= cr != NULL;
        if (n > DUVA__BODY_LINE)
            break;
        if (*src == '.' && !b->no_dots)
            *to++ = '.';
        memmove(to, src, n);
        to += n;
        *to++ = '\r';
        *to++ = '\n';
        b->line++;
        src = lf + 1;
    }
    *at = to;
    return (size_t)(src - start);
}

/* The line that is begun, octet by octet; then lines; then what is left. */
static uint8_t *encode_fast(duva_body *b, uint8_t *at, const uint8_t *src,
                            size_t len)
{
    const uint8_t *lf;
    size_t         n;

    if (b->ascii || memchr(src, '\0', len) != NULL)
        return encode(b, at, src, len);
    if (b->column > 0 || b->after_cr) {
        lf = memchr(src, '\n', len);
        n = lf != NULL ? (size_t)(lf - src) + 1 : len;
        at = encode(b, at, src, n);
        src += n;
        len -= n;
    }
    if (b->reason != DUVA_REASON_NONE)
        return at;
    n = encode_lines(b, &at, src, len);
    return encode(b, at, src + n, len - n);
}
#endif

size_t duva__body_encode(duva_body *b, uint8_t *dst, const uint8_t *src,
                         size_t len)
{
#if DUVA_FAST
    if (len > 0 && b->reason == DUVA_REASON_NONE)
        return (size_t)(encode_fast(b, dst, src, len) - dst);
#endif
    return (size_t)(encode(b, dst, src, len) - dst);
}

size_t duva__body_end(duva_body *b, uint8_t *dst)
{
    const size_t from = b->column > 0 ? 0 : 2;
    const size_t end = DUVA_WITH_CHUNKING && b->no_dots ? 2 : 5;

    if (b->after_cr)
        b->reason = DUVA_REASON_LONE_CR;
    memcpy(dst, &"\r\n.\r\n"[from], end - from);
    return end - from;
}
