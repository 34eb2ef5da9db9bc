/* advertised.c - the replies to a connection and to EHLO, line by line. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <string.h>
#include <strings.h>

#include "probe/advertised.h"

static void keep(struct cli_reply_lines *w, const char *text, size_t len)
{
    if (len + 1 > sizeof(w->text) - w->len) {
        w->cut = 1;
        return;
    }
    memcpy(w->text + w->len, text, len);
    w->len += len;
    w->text[w->len++] = '\n';
}

/* "250-SIZE 1000" without the code and what follows it. */
static void take_line(struct cli_advertised *o, struct cli_reply_lines *w,
                      const duva_trace_event *event)
{
    const size_t code = o->line_len < 4 ? o->line_len : 4;

    if (!o->more)
        memset(w, 0, sizeof(*w));
    w->code = event->code;
    keep(w, o->line + code, o->line_len - code);
    o->more = !event->last;
}

static void hear_reply(struct cli_advertised *o, const duva_trace_event *event)
{
    size_t i;

    for (i = 0; i < event->len && o->line_len < sizeof(o->line); i++)
        if (event->text[i] != '\r' && event->text[i] != '\n')
            o->line[o->line_len++] = event->text[i];
    if (!event->ends)
        return;
    if (event->code != 0 && event->stage == DUVA_STAGE_GREETING)
        take_line(o, &o->greeting, event);
    else if (event->code != 0 && event->stage == DUVA_STAGE_EHLO)
        take_line(o, o->has_tls ? &o->secured : &o->clear, event);
    o->line_len = 0;
}

void cli_advertised_hear(void *advertised, const duva_trace_event *event)
{
    struct cli_advertised *o = advertised;

    if (event->from == 'S') {
        hear_reply(o, event);
        return;
    }
    if (event->stage == DUVA_STAGE_TLS)
        o->has_tls = 1;
    o->line_len = o->more = 0;
}

void cli_advertised_connected(struct cli_advertised *o)
{
    o->line_len = o->more = o->has_tls = 0;
}

const char *cli_reply_lines_line(const struct cli_reply_lines *w, size_t n,
                                 size_t *len)
{
    const char *line = w->text, *end = w->text + w->len, *next;

    for (; line < end; line = next + 1) {
        next = memchr(line, '\n', (size_t)(end - line));
        *len = (size_t)(next - line);
        if (n-- == 0)
            return line;
    }
    return NULL;
}

const char *cli_reply_lines_find(const struct cli_reply_lines *w,
                                 const char *keyword, size_t *len)
{
    const size_t n = strlen(keyword);
    const char *line;
    size_t i;

    for (i = 1; (line = cli_reply_lines_line(w, i, len)) != NULL; i++)
        if (*len >= n && strncasecmp(line, keyword, n) == 0
            && (*len == n || line[n] == ' ')) {
            *len -= *len > n ? n + 1 : n;
            return line + n + (line[n] == ' ');
        }
    return NULL;
}
