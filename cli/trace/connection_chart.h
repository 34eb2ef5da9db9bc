/* connection_chart.h - what the connections of a merge did, and when. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CONNECTION_CHART_H
#define DUVA_CLI_CONNECTION_CHART_H

#include <stdint.h>
#include <stdio.h>

#include "duva/pool.h"
#include "trace/timeline.h"

#define CLI_FILM_ROWS  32      /* connections, */
#define CLI_FILM_MAILS 4000    /* and mails on them, that are drawn */

/* Times are microseconds since the start; -1: it never was. */
struct cli_connection_chart_row {
    int64_t  at[DUVA_POOL_GONE + 1]; /* of the first such event */
    uint64_t mails;
    size_t   open;             /* its first mail that has no end, or later */
};

struct cli_connection_chart_mail {
    int64_t from, to;          /* to -1: it has no end yet */
    uint8_t row, verdict;
};

struct cli_connection_chart {
    int64_t  start;
    uint64_t connections, mails; /* all that there were */
    size_t   rows, marks;
    struct cli_connection_chart_row row[CLI_FILM_ROWS];
    struct cli_connection_chart_mail mark[CLI_FILM_MAILS];
};

/* Begins at that time of cli_timeline_now(). */
void cli_connection_chart_start(struct cli_connection_chart *f, int64_t start);

/* As duva_pool_route.watch has it. */
void cli_connection_chart_note(struct cli_connection_chart *f,
                               uint64_t connection, duva_pool_event event,
                               const duva_pool_mail *mail);

/* A chart of it until now; the first row is the session that came before. */
void cli_connection_chart_svg(FILE *out, const struct cli_connection_chart *f,
                              const struct cli_timeline *visit,
                              const char *title);

#endif
