/* merge_results.h - the CSV file of results. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_RESULTS_H
#define DUVA_CLI_MERGE_RESULTS_H

#include <stdint.h>

#include "merge/merge_message.h"
#include "merge/merge_state.h"

/* Opens the file, and writes the rows that earlier runs have decided.  Returns
 * 0, or -1 after cli_merge_stop(). */
int cli_merge_results_open(struct cli_merge *m);
/* Adds a row to journal, results and tally, and prints it if it was not
 * accepted. mail NULL: it could not be made.  why: our text; NULL: that of the
 * reply. */
void cli_merge_results_add(struct cli_merge *m,
                           const struct cli_merge_message *message,
                           const duva_mail *mail, uint64_t row,
                           const char *why);
/* Writes what is left; may be called twice. */
void cli_merge_results_close(struct cli_merge *m);

#endif
