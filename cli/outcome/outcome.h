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
    char summary[2560]; /* what happened, for people; and, */
    size_t what_len;    /* after so much of it and "; ", */
    const char *advice; /* what to do about it, or NULL */
    int64_t start, took_ms;
};

#endif
