/* merge_state.h - all about one merge. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_STATE_H
#define DUVA_CLI_MERGE_STATE_H

#include <stdint.h>
#include <stdio.h>

#include "merge/journal.h"
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
    struct cli_merge_message      message;
    struct cli_journal_key  key;
    struct cli_journal      journal;
    struct cli_route        route;
    struct cli_connection_chart         chart;
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

/* Notes what ends the merge before its time: the first such problem counts. */
void cli_merge_stop(struct cli_merge *m, int code, const char *format, ...);

#endif
