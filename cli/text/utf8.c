/* utf8.c - octets, one at a time, into characters (RFC 3629). */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>

#include "text/utf8.h"

static int first_octet(struct cli_utf8 *u, unsigned char c)
{
    u->low = 0x80;
    u->high = 0xBF;
    u->point = c;
    if (c < 0x80)
        return 1;
    if (c < 0xC2 || c > 0xF4)
        return -1;
    if (c < 0xE0) {
        u->more = 1;
        u->point = c & 0x1Fu;
        return 0;
    }
    if (c < 0xF0) {
        u->more = 2;
        u->point = c & 0x0Fu;
        if (c == 0xE0)
            u->low = 0xA0;     /* below it: an overlong form */
        if (c == 0xED)
            u->high = 0x9F;    /* above it: a surrogate */
        return 0;
    }
    u->more = 3;
    u->point = c & 0x07u;
    if (c == 0xF0)
        u->low = 0x90;
    if (c == 0xF4)
        u->high = 0x8F;        /* above it: beyond U+10FFFF */
    return 0;
}

int cli_utf8_feed(struct cli_utf8 *u, unsigned char c)
{
    if (u->more == 0)
        return first_octet(u, c);
    if (c < u->low || c > u->high)
        return -1;
    u->low = 0x80;
    u->high = 0xBF;
    u->point = u->point << 6 | (c & 0x3Fu);
    return --u->more == 0;
}

size_t cli_utf8_next(const char *text, size_t len, uint32_t *point)
{
    struct cli_utf8 u = { 0 };
    size_t i;
    int done;

    for (i = 0; i < len; i++) {
        done = cli_utf8_feed(&u, (unsigned char)text[i]);
        if (done < 0)
            return 0;
        if (done > 0) {
            *point = u.point;
            return i + 1;
        }
    }
    return 0;
}
