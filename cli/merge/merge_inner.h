/* merge_inner.h - what the files of a merge share. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_INNER_H
#define DUVA_CLI_MERGE_INNER_H

#include <stdint.h>
#include <stdio.h>

#include "merge/journal.h"
#include "merge/merge.h"
#include "options/merge_options.h"
#include "merge/route.h"
#include "merge/rows.h"
#include "merge/merge_message.h"
#include "send/job.h"
#include "trace/connection_chart.h"
#include "trace/progress.h"

/* Rows of this run, by what became of them. */
struct cli_tally {
    uint64_t accepted, retry, refused, failed, uncertain;
};

struct cli_merge {
    struct cli_job *job;
    const struct cli_merge_options *options;
    char                   *journal_file, *results_file; /* on the heap */
    struct cli_rows         rows;
    struct cli_stencil      stencil;
    struct cli_journal_key  key;
    struct cli_journal      journal;
    struct cli_route        route;
    struct cli_film         film;
    struct cli_progress     progress;
    FILE                   *results;
    uint64_t                wanted; /* rows that this run is to send */
    struct cli_tally        tally;
    duva_result             broke;  /* err: why no mail can be sent at all */
    char                    problem[640]; /* of ours, that ended it; or "" */
    int                     code;   /* the exit code of that */
    int                     signal; /* that asked to stop, or 0 */
    uint64_t                partly; /* accepted, but not for everybody */
    unsigned                told;   /* rows that people were told of */
    uint8_t                 ran;    /* rows may have been sent */
    uint8_t                 late;   /* --timeout has passed */
};

/* Notes what ends the merge before its time: the first such thing counts. */
void cli_merge_stop(struct cli_merge *m, int code, const char *format, ...);

/* merge_mails.c: sends all rows that are left.  The route is open if wanted
 * is not 0. */
void cli_merge_send(struct cli_merge *m);

/* merge_report.c */

/* Opens the results and puts in what the runs before have decided.  Returns
 * 0, or -1 after cli_merge_stop(). */
int  cli_results_open(struct cli_merge *m);
/* Puts a row in journal and results.  mail: NULL when there could be none.
 * why: ours, or NULL: it is the server's. */
void cli_results_add(struct cli_merge *m, const struct cli_copy *copy,
                     const duva_mail *mail, uint64_t row, const char *why);
void cli_results_close(struct cli_merge *m);

/* Says what became of the merge, and finds job->outcome.exit_code. */
void cli_merge_report(struct cli_merge *m);

#endif
