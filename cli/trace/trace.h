/* trace.h - the conversation as lines on standard error. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TRACE_H
#define DUVA_CLI_TRACE_H

#include <stddef.h>
#include <stdint.h>

#include "duva/config.h"
#include "message/counter.h"

struct cli_trace {
    /* Set before cli_trace_start(), which leaves them: */
    const struct cli_counter *counter; /* of the message; NULL: there is none */
    const uint64_t *octets;            /* of all of it; 0: unknown */
    /* private */
    int64_t  start;
    int64_t last; /* when the last line came, from start */
    size_t   len;
    char     from;
    uint8_t  told;             /* the line for the message is written */
    char     line[2048];
};

/* Times are from start, of cli_now(). */
void cli_trace_start(struct cli_trace *t, int64_t start);
/* A duva_trace_fn: whole lines on stderr, each with its time. */
void cli_trace_hear(void *trace, const duva_trace_event *event);
void cli_trace_note(struct cli_trace *t, const char *note);
void cli_trace_end(struct cli_trace *t);

#endif
