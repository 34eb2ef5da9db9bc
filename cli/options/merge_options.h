/* merge_options.h - the options of a mail merge. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_OPTIONS_H
#define DUVA_CLI_MERGE_OPTIONS_H

#include <stdint.h>

#include "options/option.h"

struct cli_merge_options {
    const char *rows;          /* --merge; NULL: no merge */
    const char *results, *journal; /* NULL: rows with .results.csv, .journal */
    char     delimiter;        /* 0: a comma */
    uint32_t connections, rate, window; /* 0: as usual */
    uint64_t first, last;      /* --rows; 0: no limit */
    uint8_t  resend_uncertain;
};

enum { CLI_MERGE_OPTIONS = 9 };

/* Their values are a struct cli_merge_options. */
extern const struct cli_option cli_merge_option[CLI_MERGE_OPTIONS];

#endif
