/* report.h - the result of a mail into an exit code and English. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_REPORT_H
#define DUVA_CLI_REPORT_H

#include <stdint.h>

#include "duva/result.h"

struct cli_job;

/* The verdict of a mail that no server has heard of. */
void cli_never_begun(struct cli_job *job, duva_verdict verdict, duva_err err,
                     duva_reason reason, int32_t cause);

/* The same, with exit code and summary; where errno says that memory or
 * descriptors ran short it is EX_OSERR.  Returns the exit code. */
int cli_stop(struct cli_job *job, int exit_code, duva_err err,
             duva_reason reason, const char *format, ...);

/* As cli_stop(), for job->outgoing.letter, which says what is wrong. */
int cli_stop_letter(struct cli_job *job, int exit_code);

/* Why, where the server had no part in it. */
const char *cli_cause_text(const duva_result *r);

/* Finds exit code and summary in job->outcome.mail. */
void cli_judge(struct cli_job *job);

/* Tells people on stderr and, if asked, programs on stdout. */
void cli_report(const struct cli_job *job);

#endif
