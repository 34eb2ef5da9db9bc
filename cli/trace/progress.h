/* progress.h - how far a long piece of work has come, on a terminal. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROGRESS_H
#define DUVA_CLI_PROGRESS_H

#include <stdint.h>


#define CLI_PROGRESS_MS 100    /* between two drawings, at least */

struct cli_progress {
    uint64_t total;            /* mails, or octets */
    uint8_t  octets;           /* so these are octets */
    uint64_t done, troubled;   /* of total; not accepted, of done */
    int64_t  start;            /* all times are those of cli_now() */
    /* private */
    int      fd;               /* of the terminal; -1: there is none */
    int64_t  drawn;            /* when */
    uint8_t  shown;
};

/* Begins at nothing done.  It is shown on standard error if that is a
 * terminal and TERM is not "dumb", and wanted; else nothing is, ever. */
void cli_progress_start(struct cli_progress *p, uint64_t total, int wanted);

/* Draws it if it is time to. */
void cli_progress_show(struct cli_progress *p);

/* Takes the bar away, for something else to be written. */
void cli_progress_hide(struct cli_progress *p);

/* The octets done are these now; what a meter can be made to tell. */
void cli_progress_tell(void *progress, uint64_t octets);

/* What is drawn at that time on so many columns, with a NUL: fewer octets than
 * columns.  cap is 1 more at least.  Returns its length. */
size_t cli_progress_line(char *dst, size_t cap, size_t columns,
                         const struct cli_progress *p, int64_t now);

#endif
