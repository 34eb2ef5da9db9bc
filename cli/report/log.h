/* log.h - what became of a mail: a line for those who look later. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LOG_H
#define DUVA_CLI_LOG_H

#include "outcome/outcome.h"
#include "report/facts.h"

/* Where the log is; a text that is NULL: nowhere. */
struct cli_log_options {
    const char *file;        /* "-": standard output */
    const char *time_format; /* of strftime(); NULL: as in syslog */
    const char *facility;    /* of syslog, as "LOG_MAIL" */
};

/* Writes a line to the file and to the system's log. */
void cli_log(const struct cli_log_options *to, const struct cli_outcome *o,
             const struct cli_facts *f);

#endif
