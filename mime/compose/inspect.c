/* inspect.c - what must be known of a content to choose its encoding. */
/* SPDX-License-Identifier: MIT */
#include "inspect.h"
#include "../encode/host.h"
#include "../encode/qp.h"
#include "../encode/utf8.h"
#include "../encode/window.h"
#include "../field/out.h"

#if !DUVA_MIME_SMALL
#include <string.h>

/* The octet, or character, or line end at w->src: how long it is. */
static size_t inspect_once(duva__findings *s, const duva__window *w)
{
    const uint8_t c = w->src[0];
    size_t        n = 1;

    if (c == '\r' && w->len > 1 && w->src[1] == '\n')
        return 2;
    if (c >= 0x80) {
        s->found |= DUVA__FOUND_8BIT;
        if (s->utf8) {
            n = duva__utf8(w->src, w->len);
            if (n == 0 || n == 5) {
                if ((s->found & DUVA__FOUND_NOT_UTF8) == 0)
                    s->bad_line = s->line + 1;
                s->found |= DUVA__FOUND_NOT_UTF8;
                n = 1;
            }
        }
        s->special += n;
    } else if (c == '\0' || c == '\r') {
        s->found |= DUVA__FOUND_OCTET;
        s->special++;
    } else if (c == '=' || c == 0x7f || (c < ' ' && c != '\t')) {
        s->special++;
    }
    return n;
}

static size_t to_line_end(const duva__window *w)
{
    const uint8_t *const end = memchr(w->src, '\n', w->len);

    return end != NULL ? (size_t)(end - w->src) : w->len;
}

void duva__inspect(duva__findings *s, duva__window *w)
{
    size_t n;

    while (w->len >= 4 || (w->last && w->len > 0)) {
        const uint8_t c = w->src[0];
        const int     end = c == '\n' || (c == '\r' && w->len > 1
                                          && w->src[1] == '\n');

        n = 0;
        if (s->column > s->boundary_at)
            n = DUVA__HOST && (s->found & DUVA__BINARY)
                    ? to_line_end(w)
                    : duva__plain_run(w->src, w->len);
        if (n == 0)
            n = c == '\n' ? 1 : inspect_once(s, w);
        if (s->column == s->boundary_at
            && c == s->boundary[s->boundary_at]
            && ++s->boundary_at == s->boundary_len) {
            s->found |= DUVA__FOUND_BOUNDARY;
            s->boundary_at = 0;
        }
        s->octets += n;
        s->column += (uint32_t)n;
        if (end) {
            s->line++;
            s->column = s->boundary_at = 0;
        } else if (s->column > DUVA__LINE_MAX
                   && (s->found & DUVA__FOUND_LONG) == 0) {
            s->found |= DUVA__FOUND_LONG;
            s->long_line = s->line + 1;
        }
        w->src += n;
        w->len -= n;
    }
}
#endif
