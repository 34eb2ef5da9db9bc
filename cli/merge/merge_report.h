/* merge_report.h - summary and exit code of a merge. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_REPORT_H
#define DUVA_CLI_MERGE_REPORT_H

#include "merge/merge_state.h"

/* Prints the summary and advice, or JSON, and sets m->outcome->exit_code. */
void cli_merge_report(struct cli_merge *m);

#endif
