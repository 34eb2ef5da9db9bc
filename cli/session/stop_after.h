/* stop_after.h - the stages of --stop-after. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_STOP_AFTER_H
#define DUVA_CLI_STOP_AFTER_H

#include "duva/result.h"

/* In the order in which they are reached. */
enum cli_stop_after {
    CLI_STOP_NEVER, CLI_STOP_CONNECT, CLI_STOP_GREETING, CLI_STOP_EHLO,
    CLI_STOP_TLS, CLI_STOP_AUTH, CLI_STOP_MAIL, CLI_STOP_RCPT, CLI_STOP_DATA
};

/* "rcpt" and so on; CLI_STOP_NEVER for any other word. */
enum cli_stop_after cli_stop_after_parse(const char *word);
const char *cli_stop_after_name(enum cli_stop_after stop);

/* For duva_config.stop_after: 0 also for CONNECT, where no session begins. */
duva_stage cli_stop_after_stage(enum cli_stop_after stop);

#endif
