/* send_options.h - the options of "duva send". */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SEND_OPTIONS_H
#define DUVA_CLI_SEND_OPTIONS_H

#include <stdint.h>

#include "envelope/parameters.h"
#include "message/draft_files.h"
#include "message/draft.h"
#include "message/sign.h"
#include "options/merge_options.h"
#include "options/server_options.h"

struct cli_options {           /* of "duva send" */
    struct cli_access access;
    struct cli_draft draft;
    struct cli_draft_files files;    /* for the draft */
    struct cli_parameters parameters;
    struct cli_signature signature;
    struct cli_merge_options merge;
    const char *raw;           /* a file, instead of the draft */
    uint8_t     quiet, all_or_nothing, dry_run;
};

/* Reads the arguments; returns as cli_arguments_read() does. */
int  cli_options_read(struct cli_options *o, int argc, char **argv);

/* Looks at the values together, once those of the account and the server are
 * known, and completes them.  Returns 0, or an exit code after an error
 * message. */
int  cli_options_check(struct cli_options *o);

void cli_options_free(struct cli_options *o);

#endif
