/* connection_chart.h - a chart of the connections of a pool. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CONNECTION_CHART_H
#define DUVA_CLI_CONNECTION_CHART_H

#include <stdint.h>
#include <stdio.h>

#include "duva/pool.h"
#include "trace/timeline.h"

/* The most connections and mails that are drawn. */
#define CLI_CHART_CONNECTIONS 32
#define CLI_CHART_MAILS 4000

/* Times are microseconds since the start of the chart; -1: none yet. */
struct cli_chart_connection {
    int64_t at[DUVA_POOL_GONE + 1]; /* the first event of each kind */
    uint64_t mails;
    size_t open; /* index: no mail of it before this is open */
};

struct cli_chart_mail {
    int64_t from, to;
    uint8_t row, verdict; /* index of its connection; duva_verdict */
};

struct cli_connection_chart {
    int64_t start;               /* of cli_timeline_now() */
    uint64_t connections, mails; /* all that there were, */
    size_t drawn, drawn_mails;   /* and those that are in the arrays */
    struct cli_chart_connection connection[CLI_CHART_CONNECTIONS];
    struct cli_chart_mail mail[CLI_CHART_MAILS];
};

/* Empties the chart; it begins at that time of cli_timeline_now(). */
void cli_connection_chart_start(struct cli_connection_chart *c, int64_t start);

/* Records an event, as duva_pool_route.watch has it.  Connections are numbered
 * from 1. */
void cli_connection_chart_note(struct cli_connection_chart *c,
                               uint64_t connection, duva_pool_event event,
                               const duva_pool_mail *mail);

/* Draws all until now, in SVG.  The first row is the session before the
 * pool. */
void cli_connection_chart_svg(FILE *out, const struct cli_connection_chart *c,
                              const struct cli_timeline *first,
                              const char *title);

#endif
