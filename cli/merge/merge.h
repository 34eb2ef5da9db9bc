/* merge.h - a mail for each row of a file. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_H
#define DUVA_CLI_MERGE_H

#include <stdint.h>

/* What "duva send" may be told of it. */
struct cli_merge_options {
    const char *rows;          /* --merge; NULL: no merge */
    const char *results, *journal; /* NULL: rows with .results.csv, .journal */
    char     delimiter;        /* 0: a comma */
    uint32_t connections, rate, window; /* 0: as usual */
    uint64_t first, last;      /* --rows; 0: no limit */
    uint8_t  resend_uncertain;
};

struct cli_job;

/* Sends job->options.draft to each row, in mails that have what job->mail has,
 * or prints them; says what became of it, and returns the exit code.  Not
 * there without libuv. */
int cli_merge(struct cli_job *job);

#endif
