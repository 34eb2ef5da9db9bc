/* body.c - turns message octets into wire octets: line ends, dots, limits. */
/* SPDX-License-Identifier: MIT */
#include "body.h"

#include <string.h>

size_t duva__body_encode(duva_body *b, uint8_t *dst, const uint8_t *src,
                         size_t len)
{
    uint8_t *at = dst;

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
        } else if (b->column == DUVA__LINE_MAX) {
            b->reason = DUVA_REASON_LINE_LONG;
        } else {
            if (b->column++ == 0 && c == '.' && (DUVA_SMALL || !b->no_dots))
                *at++ = '.';
            *at++ = c;
        }
    }
    return (size_t)(at - dst);
}

size_t duva__body_end(duva_body *b, uint8_t *dst)
{
    const size_t from = b->column > 0 ? 0 : 2;
    const size_t end = !DUVA_SMALL && b->no_dots ? 2 : 5;

    if (b->after_cr)
        b->reason = DUVA_REASON_LONE_CR;
    memcpy(dst, &"\r\n.\r\n"[from], end - from);
    return end - from;
}
