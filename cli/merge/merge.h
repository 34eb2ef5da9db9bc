/* merge.h - a mail for each row of a file. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_H
#define DUVA_CLI_MERGE_H

struct cli_job;

/* Sends the draft of the options to each row, in mails like that of the outcome,
 * or prints them; tells what became of it, and returns the exit code.  Not
 * there without libuv. */
int cli_merge_run(struct cli_job *job);

#endif
