/* connection.c - the conversation into the last line of the server. */
/* SPDX-License-Identifier: MIT */
#include "session/connection.h"

static void forget_line(struct cli_connection *c)
{
    c->heard_len = 0;
    c->heard_all = c->heard_end = c->heard_wrong = 0;
}

/* The first line that is no reply stays: what comes after it is of no
 * interest. */
static void remember(struct cli_connection *c, const duva_trace_event *event)
{
    size_t i;

    if (c->heard_wrong)
        return;
    if (c->heard_end)
        c->heard_len = 0;
    for (i = 0; i < event->len && c->heard_len < sizeof(c->heard); i++)
        if (event->text[i] != '\r' && event->text[i] != '\n')
            c->heard[c->heard_len++] = event->text[i];
    c->heard_end = event->ends;
    c->heard_all = event->last;
    c->heard_wrong = event->ends && event->code == 0;
}

void cli_connection_connected(struct cli_connection *c)
{
    forget_line(c);
}

void cli_connection_hear(struct cli_connection *c,
                         const duva_trace_event *event)
{
    if (event->from == 'S') {
        remember(c, event);
        return;
    }
    forget_line(c);
    if (event->stage == DUVA_STAGE_BODY)
        c->chunked = 1;
}
