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
#include "merge/merge_template.h"
#include "message/sign.h"
#include "options/send_options.h"
#include "outcome/outcome.h"
#include "session/session.h"
#include "trace/connection_chart.h"
#include "trace/progress.h"

/* Rows of this run, by what became of them. */
struct cli_tally {
    uint64_t accepted, retry, refused, failed, uncertain;
};

struct cli_merge {
    const struct cli_options *all;           /* of "duva send", */
    const struct cli_merge_options *options; /* and those of a merge in it */
    struct cli_session *session;
    struct cli_outcome *outcome; /* of the first session, with the mail
                                           that is like those of all rows */
    struct cli_signer signer;
    char                   *journal_file, *results_file; /* on the heap */
    struct cli_rows         rows;
    struct cli_merge_template template;
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
