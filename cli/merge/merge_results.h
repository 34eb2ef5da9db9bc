/* merge_results.h - the table of results. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_RESULTS_H
#define DUVA_CLI_MERGE_RESULTS_H

#include <stdint.h>

#include "merge/merge_message.h"
#include "merge/merge_state.h"

/* Opens the results and puts in what the runs before have decided.  Returns
 * 0, or -1 after cli_merge_stop(). */
int  cli_results_open(struct cli_merge *m);
/* Puts a row in journal and results.  mail: NULL when there could be none.
 * why: ours, or NULL: it is the server's. */
void cli_results_add(struct cli_merge *m, const struct cli_merge_message *made,
                     const duva_mail *mail, uint64_t row, const char *why);
void cli_results_close(struct cli_merge *m);

#endif
