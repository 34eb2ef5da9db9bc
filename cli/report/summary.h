/* summary.h - the result of a mail into an exit code and English. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_REPORT_H
#define DUVA_CLI_REPORT_H

#include <stdint.h>

#include "duva/result.h"

struct cli_job;

/* Why, where the server had no part in it. */
const char *cli_cause_text(const duva_result *r);

/* Finds exit code and summary in job->outcome.mail. */
void cli_judge(struct cli_job *job);

/* Tells people on stderr and, if asked, programs on stdout. */
void cli_report(const struct cli_job *job);

#endif
