/* advertised.c - the replies to a connection and to EHLO, line by line. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <string.h>
#include <strings.h>

#include "probe/advertised.h"

static void add_line(struct cli_reply_lines *r, const char *text, size_t len)
{
    if (len + 1 > sizeof(r->text) - r->len) {
        r->cut = 1;
        return;
    }
    memcpy(r->text + r->len, text, len);
    r->len += len;
    r->text[r->len++] = '\n';
}

/* "250-SIZE 1000" without the code and what follows it. */
static void read_line(struct cli_advertised *a, struct cli_reply_lines *r,
                      const duva_trace_event *event)
{
    const size_t code = a->line_len < 4 ? a->line_len : 4;

    if (!a->more)
        memset(r, 0, sizeof(*r));
    r->code = event->code;
    add_line(r, a->line + code, a->line_len - code);
    a->more = !event->last;
}

static void hear_reply(struct cli_advertised *a, const duva_trace_event *event)
{
    size_t i;

    for (i = 0; i < event->len && a->line_len < sizeof(a->line); i++)
        if (event->text[i] != '\r' && event->text[i] != '\n')
            a->line[a->line_len++] = event->text[i];
    if (!event->ends)
        return;
    if (event->code != 0 && event->stage == DUVA_STAGE_GREETING)
        read_line(a, &a->greeting, event);
    else if (event->code != 0 && event->stage == DUVA_STAGE_EHLO)
        read_line(a, a->has_tls ? &a->secured : &a->clear, event);
    a->line_len = 0;
}

void cli_advertised_hear(void *advertised, const duva_trace_event *event)
{
    struct cli_advertised *a = advertised;

    if (event->from == 'S') {
        hear_reply(a, event);
        return;
    }
    if (event->stage == DUVA_STAGE_TLS)
        a->has_tls = 1;
    a->line_len = a->more = 0;
}

void cli_advertised_connected(struct cli_advertised *a)
{
    a->line_len = a->more = a->has_tls = 0;
}

const char *cli_reply_lines_line(const struct cli_reply_lines *r, size_t n,
                                 size_t *len)
{
    const char *line = r->text, *end = r->text + r->len, *next;

    for (; line < end; line = next + 1) {
        next = memchr(line, '\n', (size_t)(end - line));
        *len = (size_t)(next - line);
        if (n-- == 0)
            return line;
    }
    return NULL;
}

const char *cli_reply_lines_find(const struct cli_reply_lines *r,
                                 const char *keyword, size_t *len)
{
    const size_t n = strlen(keyword);
    const char *line;
    size_t i;

    for (i = 1; (line = cli_reply_lines_line(r, i, len)) != NULL; i++)
        if (*len >= n && strncasecmp(line, keyword, n) == 0
            && (*len == n || line[n] == ' ')) {
            *len -= *len > n ? n + 1 : n;
            return line + n + (line[n] == ' ');
        }
    return NULL;
}
