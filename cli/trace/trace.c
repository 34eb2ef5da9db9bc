/* trace.c - the conversation, piece by piece, into lines with times. */
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

void cli_trace_piece(void *trace, char from, const char *text, size_t len)
{
    struct cli_trace *t = trace;

    if (from == 'C')
        tell_message(t);
    for (; len > 0; text++, len--) {
        if (t->len > 0 && (from != t->from || t->len == sizeof(t->line)))
            flush_line(t);
        t->from = from;
        if (*text != '\n') {
            t->line[t->len++] = *text;
            continue;
        }
        if (t->len > 0 && t->line[t->len - 1] == '\r')
            t->len--;
        if (t->len == 0)
            put_line(t, from == 'C' ? "C:" : "S:", "", 0);
        flush_line(t);
    }
}

void cli_trace_end(struct cli_trace *t)
{
    tell_message(t);
    flush_line(t);
}
