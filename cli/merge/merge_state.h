/* merge_state.h - what the steps of a merge share. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_STATE_H
#define DUVA_CLI_MERGE_STATE_H

#include <stdint.h>
#include <stdio.h>

#include "merge/journal.h"
#include "merge/merge_template.h"
#include "merge/route.h"
#include "merge/rows.h"
#include "message/sign.h"
#include "options/merge_options.h"
#include "options/send_options.h"
#include "outcome/outcome.h"
#include "session/session.h"
#include "trace/connection_chart.h"
#include "trace/progress.h"

/* Rows of this run, by their verdict; failed: they could not be sent at all. */
struct cli_tally {
    uint64_t accepted, retry, refused, failed, uncertain;
};

struct cli_merge {
    const struct cli_options *send;          /* of "duva send", */
    const struct cli_merge_options *options; /* and those of a merge in it */
    struct cli_session *session;
    struct cli_outcome *outcome; /* of the first session; its mail has what is
                                    the same for all rows */
    struct cli_signer signer;
    char                   *journal_file, *results_file; /* on the heap */
    struct cli_rows         rows;
    struct cli_merge_template template;
    struct cli_journal_key  key;
    struct cli_journal      journal;
    struct cli_route        route;
    struct cli_connection_chart chart;
    struct cli_progress     progress;
    FILE                   *results;
    uint64_t wanted; /* rows that this run should send */
    struct cli_tally        tally;
    uint64_t partly;                /* accepted, but not for all recipients */
    unsigned printed;               /* rows that were printed for people */
    duva_result broken;             /* err: why no mail can be sent at all */
    char problem[640];              /* our error that ended it; or "" */
    int code;                       /* its exit code */
    int signal;                     /* that stopped it, or 0 */
    uint8_t                 ran;    /* rows may have been sent */
    uint8_t timed_out;              /* by --timeout */
};

/* Records the error that ends the merge: the first one stays. */
void cli_merge_stop(struct cli_merge *m, int code, const char *format, ...);

#endif
