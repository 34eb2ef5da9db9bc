/* base64_lines.c - contents into lines of base64 (RFC 2045 6.8). */
/* SPDX-License-Identifier: MIT */
#include "base64_lines.h"
#include "base64.h"
#include "base64_fast.h"
#include "window.h"


#include <string.h>

void duva__base64_lines(uint8_t *dst, const uint8_t *src, size_t lines)
{
    lines -= duva__base64_fast(&dst, &src, lines);
    for (; lines > 0; lines--) {
        dst += duva__base64(dst, src, DUVA__BASE64_LINE);
        *dst++ = '\r';
        *dst++ = '\n';
        src += DUVA__BASE64_LINE;
    }
}

/* The last line, which may be shorter. */
static size_t tail(uint8_t *dst, const uint8_t *src, size_t len)
{
    const size_t n = duva__base64(dst, src, len);

    memcpy(dst + n, "\r\n", 2);
    return n + 2;
}

size_t duva__encode_base64(uint8_t *dst, size_t cap, duva__window *w)
{
    const size_t have = w->len / DUVA__BASE64_LINE, room = cap / DUVA__ROOM;
    const size_t lines = have < room ? have : room;
    size_t       n = lines * DUVA__ROOM;

    duva__base64_lines(dst, w->src, lines);
    w->src += lines * DUVA__BASE64_LINE;
    w->len -= lines * DUVA__BASE64_LINE;
    if (w->last && w->len > 0 && w->len < DUVA__BASE64_LINE && lines < room) {
        n += tail(dst + n, w->src, w->len);
        w->src += w->len;
        w->len = 0;
    }
    return n;
}

size_t duva__encode_base64_text(uint8_t *dst, size_t cap, duva__window *w,
                                uint8_t *half)
{
    uint8_t line[DUVA__BASE64_LINE];
    size_t  n = 0, at = 0;

    while (cap - n >= DUVA__ROOM && (w->last || w->len >= DUVA__WINDOW)) {
        for (at = 0; at < sizeof line && w->len > 0; at++) {
            const uint8_t c = *w->src;

            if (*half || c != '\n') {
                /* The LF after a CR of the content is no line end of its
                 * own: it goes the same way as that after ours. */
                *half = c == '\r' && w->len > 1 && w->src[1] == '\n';
                line[at] = c;
                w->src++;
                w->len--;
            } else {
                *half = 1;
                line[at] = '\r';
            }
        }
        if (at == 0)
            break;
        n += tail(dst + n, line, at);
    }
    return n;
}
