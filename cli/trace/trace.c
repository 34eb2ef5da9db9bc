/* trace.c - the events of the engine into lines with times. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "system/clock.h"
#include "text/escape.h"
#include "message/counter.h"
#include "trace/trace.h"

void cli_trace_start(struct cli_trace *t, int64_t start)
{
    const struct cli_trace fresh
        = { .counter = t->counter, .octets = t->octets, .start = start };

    *t = fresh;
}

/* One call of stdio a line, so that lines do not mix with those of others. */
static void put_line(struct cli_trace *t, const char *who,
                     const char *text, size_t len)
{
    char shown[4 * sizeof(t->line) + 1];
    const int64_t ms = cli_now() - t->start, more = ms - t->last;

    t->last = ms;
    cli_escape(shown, sizeof(shown), text, len);
    fprintf(stderr, "%3" PRId64 ".%03d +%" PRId64 ".%03d %s%s\n", ms / 1000,
            (int)(ms % 1000), more / 1000, (int)(more % 1000), who, shown);
}

static void flush_line(struct cli_trace *t)
{
    const char who[] = { t->from, ':', ' ', '\0' };

    if (t->len > 0)
        put_line(t, who, t->line, t->len);
    t->len = 0;
}

void cli_trace_note(struct cli_trace *t, const char *note)
{
    flush_line(t);
    put_line(t, "   ", note, strlen(note));
}

/* The engine leaves the message out; here is what stands in its place. */
static void tell_message(struct cli_trace *t)
{
    const struct cli_counter *m = t->counter;
    uint64_t octets;
    char note[64];

    if (t->told || m == NULL || !m->started)
        return;
    t->told = 1;
    octets = *t->octets > 0 ? *t->octets : m->octets;
    snprintf(note, sizeof(note),
             m->ended ? "(%" PRIu64 " octets of message)"
                      : "(a part of %" PRIu64 " octets of message)",
             octets);
    flush_line(t);
    put_line(t, "C: ", note, strlen(note));
}

/* Its text without the line end, of which each octet may be a piece. */
static void put_text(struct cli_trace *t, const duva_trace_event *event)
{
    size_t i;

    for (i = 0; i < event->len - event->ends; i++) {
        if (t->len == sizeof(t->line))
            flush_line(t);
        t->line[t->len++] = event->text[i];
    }
    if (event->ends && t->len > 0 && t->line[t->len - 1] == '\r')
        t->len--;
}

void cli_trace_hear(void *trace, const duva_trace_event *event)
{
    struct cli_trace *t = trace;

    if (event->len == 0)
        return;
    if (event->from == 'C')
        tell_message(t);
    if (event->from != t->from)
        flush_line(t);
    t->from = event->from;
    put_text(t, event);
    if (!event->ends)
        return;
    if (t->len == 0)
        put_line(t, event->from == 'C' ? "C:" : "S:", "", 0);
    flush_line(t);
}

void cli_trace_end(struct cli_trace *t)
{
    tell_message(t);
    flush_line(t);
}
