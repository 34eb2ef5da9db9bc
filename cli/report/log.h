/* log.h - what became of a mail: a line for those who look later. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LOG_H
#define DUVA_CLI_LOG_H

#include "session/job.h"

/* Where the log is, and what a line says besides; a text that is NULL: nowhere,
 * or nothing. */
struct cli_log_options {
    const char *server, *user;
    const char *file;          /* "-": standard output */
    const char *time_format;   /* of strftime() */
    const char *facility;      /* of syslog, as "LOG_MAIL" */
};

/* Writes a line to the file and to the system's log. */
void cli_log(const struct cli_job *job, const struct cli_log_options *o);

#endif
