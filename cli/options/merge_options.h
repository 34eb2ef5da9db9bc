/* merge_options.h - how the options of a merge are read. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_OPTIONS_H
#define DUVA_CLI_MERGE_OPTIONS_H

#include <stdint.h>

#include "options/server_options.h"

/* What "duva send" may be told of it. */
struct cli_merge_options {
    const char *rows;          /* --merge; NULL: no merge */
    const char *results, *journal; /* NULL: rows with .results.csv, .journal */
    char     delimiter;        /* 0: a comma */
    uint32_t connections, rate, window; /* 0: as usual */
    uint64_t first, last;      /* --rows; 0: no limit */
    uint8_t  resend_uncertain;
};

/* Numbers apart from those of the other options of "duva send". */
enum {
    CLI_MERGE_ROWS = CLI_OPTION_OWN + 1000, CLI_MERGE_RESULTS,
    CLI_MERGE_JOURNAL, CLI_MERGE_DELIMITER, CLI_MERGE_RANGE, CLI_MERGE_RESEND,
    CLI_MERGE_CONNECTIONS, CLI_MERGE_RATE, CLI_MERGE_WINDOW
};

#define CLI_MERGE_OPTIONS                                                     \
    { "merge", required_argument, NULL, CLI_MERGE_ROWS },                     \
    { "results", required_argument, NULL, CLI_MERGE_RESULTS },                \
    { "journal", required_argument, NULL, CLI_MERGE_JOURNAL },                \
    { "delimiter", required_argument, NULL, CLI_MERGE_DELIMITER },            \
    { "rows", required_argument, NULL, CLI_MERGE_RANGE },                     \
    { "resend-uncertain", no_argument, NULL, CLI_MERGE_RESEND },              \
    { "connections", required_argument, NULL, CLI_MERGE_CONNECTIONS },        \
    { "rate", required_argument, NULL, CLI_MERGE_RATE },                      \
    { "window", required_argument, NULL, CLI_MERGE_WINDOW }

/* Their lines of --help. */
extern const char cli_merge_help[];

/* Takes one option.  Returns -1 to go on, or an exit code, or CLI_MERGE_NONE:
 * it is none of these. */
#define CLI_MERGE_NONE (-2)
int cli_merge_take(const struct cli_access *a, struct cli_merge_options *m,
                   int option, const char *text);

/* Looks at them together. */
int cli_merge_check(const struct cli_access *a,
                    const struct cli_merge_options *m);

#endif
