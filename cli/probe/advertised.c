/* advertised.c - the conversation into what a server advertises. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <string.h>
#include <strings.h>

#include "probe/advertised.h"

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

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

/* "250-SIZE 1000": the code, whether more lines follow, the text. */
static void take_line(struct cli_advertised *o, const char *line, size_t len)
{
    struct cli_reply_lines *w = o->now;
    const size_t words = len < 4 ? len : 4;

    if (w == NULL || len < 3 || !is_digit(line[0]) || !is_digit(line[1])
        || !is_digit(line[2]))
        return;
    if (!o->more)
        memset(w, 0, sizeof(*w));
    w->code = (unsigned)((line[0] - '0') * 100 + (line[1] - '0') * 10
                         + line[2] - '0');
    keep(w, line + words, len - words);
    o->more = len > 3 && line[3] == '-';
    if (!o->more)
        o->now = NULL;
}

static void take_command(struct cli_advertised *o)
{
    const int hello = strncmp(o->command, "EHLO ", 5) == 0
                      || strncmp(o->command, "HELO ", 5) == 0;

    o->more = 0;
    o->now = !hello                                 ? NULL
             : o->client->secured.protocol != NULL ? &o->secured
                                                    : &o->clear;
}

void cli_advertised_piece(void *offer, char from, const char *text, size_t len)
{
    struct cli_advertised *o = offer;

    if (from == 0) {
        o->now = &o->greeting;
        o->said = o->heard = o->more = 0;
    }
    for (; len > 0; text++, len--)
        if (from == 'C') {
            if (o->said < sizeof(o->command))
                o->command[o->said++] = *text;
            if (*text == '\n') {
                take_command(o);
                o->said = 0;
            }
        } else if (*text != '\n') {
            if (o->heard < sizeof(o->line))
                o->line[o->heard++] = *text;
        } else {
            if (o->heard > 0 && o->line[o->heard - 1] == '\r')
                o->heard--;
            take_line(o, o->line, o->heard);
            o->heard = 0;
        }
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
