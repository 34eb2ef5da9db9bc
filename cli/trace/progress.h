/* progress.h - a progress bar on a terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROGRESS_H
#define DUVA_CLI_PROGRESS_H

#include <stdint.h>

#define CLI_PROGRESS_MS 100 /* the least time between two updates */

struct cli_progress {
    uint64_t total;            /* mails, or octets */
    uint8_t octets;            /* 1: they are octets */
    uint64_t done, troubled;   /* done, of total; not accepted, of done */
    int64_t  start;            /* all times are those of cli_now() */
    /* private */
    int      fd;               /* of the terminal; -1: there is none */
    int64_t  drawn;            /* when */
    uint8_t  shown;
};

/* Starts with nothing done.  The bar is shown on standard error when wanted is
 * not 0, that is a terminal and TERM is not "dumb"; else never. */
void cli_progress_start(struct cli_progress *p, uint64_t total, int wanted);

/* Draws the bar, unless it was drawn less than CLI_PROGRESS_MS ago. */
void cli_progress_show(struct cli_progress *p);

/* Removes the bar, so that something else can be printed. */
void cli_progress_hide(struct cli_progress *p);

/* Sets the octets that are done, and draws; for struct cli_counter. */
void cli_progress_tell(void *progress, uint64_t octets);

/* The bar at a time of cli_now(), in less than so many columns, with a NUL.
 * cap must be larger than columns.  Returns its length. */
size_t cli_progress_line(char *dst, size_t cap, size_t columns,
                         const struct cli_progress *p, int64_t now);

#endif
