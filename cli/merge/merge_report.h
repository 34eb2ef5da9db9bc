/* merge_report.h - what became of a merge, for people and programs. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_REPORT_H
#define DUVA_CLI_MERGE_REPORT_H

#include "merge/merge_state.h"

/* Prints what became of the merge, and sets the exit code of its job. */
void cli_merge_report(struct cli_merge *m);

#endif
