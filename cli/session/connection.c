/* connection.c - the conversation into the last line of the server. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "session/connection.h"

/* Is it not a line of a reply, or one of another reply than the line before?
 * Then what was read after it is of no interest. */
static int is_wrong(const struct cli_connection *c)
{
    size_t i;

    for (i = 0; i < 3; i++)
        if (i == c->heard_len || c->heard[i] < '0' || c->heard[i] > '9')
            return 1;
    return c->heard_more[0] != '\0' && memcmp(c->heard_more, c->heard, 3) != 0;
}

static void forget_line(struct cli_connection *c)
{
    c->heard_len = 0;
    c->heard_all = 0;
    c->heard_more[0] = '\0';
}

static void remember(struct cli_connection *c, const char *text, size_t len)
{
    for (; len > 0; text++, len--) {
        if (c->heard_all && is_wrong(c))
            return;
        if (c->heard_all) {
            memcpy(c->heard_more, c->heard, 3);
            if (c->heard_len == 3 || c->heard[3] != '-')
                c->heard_more[0] = '\0';
            c->heard_len = 0;
        }
        c->heard_all = *text == '\n';
        if (*text != '\n' && *text != '\r' && c->heard_len < sizeof(c->heard))
            c->heard[c->heard_len++] = *text;
    }
}

void cli_connection_hear(struct cli_connection *c, char from, const char *text,
                         size_t len)
{
    if (from == 'C' && len > 5 && memcmp(text, "BDAT ", 5) == 0)
        c->chunked = 1;
    if (from == 'S')
        remember(c, text, len);
    else
        forget_line(c);
}
