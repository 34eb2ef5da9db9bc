/* log.h - what became of a mail: a line for those who look later. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LOG_H
#define DUVA_CLI_LOG_H

#include <stdio.h>

#include "config/account_values.h"
#include "send/job.h"

/* Writes a line to the file and to the system's log that the account in use
 * names. */
void cli_log(const struct cli_job *job, struct cli_accounts *accounts);

/* The line without its time. */
void cli_log_line(FILE *out, const struct cli_job *job);

#endif
