/* trace_lines.h - lines of a conversation as the engine traces them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_TRACE_LINES_H
#define DUVA_TEST_TRACE_LINES_H

#include "duva/config.h"

#include <string.h>

/* The reply code of a line, or 0: it is not of a reply. */
static unsigned code_of_line(const char *line)
{
    unsigned code = 0, i;

    for (i = 0; i < 3; i++) {
        if (line[i] < '0' || line[i] > '9')
            return 0;
        code = code * 10 + (unsigned)(line[i] - '0');
    }
    return strchr(" -\r\n", line[3]) != NULL ? code : 0;
}

/* Each line of the text, which ends in LF, in pieces of so many octets. */
static void trace_lines(duva_trace_fn *trace, void *ctx, char from,
                        duva_stage stage, const char *text, size_t piece)
{
    while (*text != '\0') {
        const char    *end = strchr(text, '\n') + 1;
        const unsigned code = from == 'S' ? code_of_line(text) : 0;
        const int      is_last = code != 0 && text[3] != '-';

        while (text < end) {
            const size_t     left = (size_t)(end - text);
            duva_trace_event event = { .from = from, .stage = stage };

            event.text = text;
            event.len = left < piece ? left : piece;
            event.ends = event.len == left;
            event.code = (uint16_t)(event.ends ? code : 0);
            event.last = event.ends && is_last;
            trace(ctx, &event);
            text += event.len;
        }
    }
}

#endif
