/* outcome.h - a mail, and what became of it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OUTCOME_H
#define DUVA_CLI_OUTCOME_H

#include <stddef.h>
#include <stdint.h>

#include "duva/mail.h"

/* A connection without a mail has one without recipients: its result is that of
 * the connection. */
struct cli_outcome {
    duva_mail mail;
    int exit_code;
    int signal;         /* that cancelled it, or 0 */
    char summary[2560]; /* what happened, for people; or "" */
    const char *advice; /* what to do about it, or NULL; static */
    int64_t start, took_ms;
};

#define CLI_OUTCOME_TEXT_SIZE 2816

/* Summary and advice as one text, "summary; advice".  Returns buf. */
const char *cli_outcome_text(char *buf, size_t size,
                             const struct cli_outcome *o);

/* Ends the process by the signal that cancelled the mail, as the shell expects
 * of a Ctrl-C; returns where there was none, or where the exit code says
 * more than that. */
void cli_outcome_raise(const struct cli_outcome *o, int exit_code);

/* How many recipients have this verdict. */
size_t cli_count(const duva_mail *mail, duva_verdict verdict);

/* Gives this result to the mail and its recipients: it was never begun. */
void cli_never_begun(struct cli_outcome *o, duva_verdict verdict, duva_err err,
                     duva_reason reason, int32_t cause);

/* The same, with exit code and summary; where errno says that memory or
 * descriptors ran short it is EX_OSERR.  Returns the exit code. */
int cli_stop(struct cli_outcome *o, int exit_code, duva_err err,
             duva_reason reason, const char *format, ...);

#endif
