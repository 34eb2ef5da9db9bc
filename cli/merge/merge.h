/* merge.h - a mail for each row of a file. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_H
#define DUVA_CLI_MERGE_H

struct cli_job;

/* Sends job->options.draft to each row, in mails that have what job->outcome.mail has,
 * or prints them; says what became of it, and returns the exit code.  Not
 * there without libuv. */
int cli_merge_run(struct cli_job *job);

#endif
