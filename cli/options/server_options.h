/* server_options.h - the options that say how to reach a server and log in. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SERVER_OPTIONS_H
#define DUVA_CLI_SERVER_OPTIONS_H

#include <stdint.h>

#include "login/login_options.h"
#include "options/option.h"
#include "session/session_options.h"

/* The options of every command that connects to a server. */
struct cli_access {
    const char *command;       /* "send" */
    struct cli_session_options session;
    struct cli_login_options login;
    const char *timeline;      /* the file for a chart of the timings */
    uint8_t     not_set_up;    /* no server is named, and there is no account */
    uint8_t     trace, json;
    /* Which account: config/account_values.h. */
    const char *config_file, *account_name;
    uint8_t     msmtp;         /* the files of msmtp instead of ours */
    const char *sender;        /* of the envelope; NULL: not given */
};

/* The tables of the options that commands share.  Their values are a struct
 * cli_access; those of help have none. */
enum {
    CLI_SERVER_OPTIONS = 9, CLI_LOGIN_OPTIONS = 9, CLI_TLS_OPTIONS = 7,
    CLI_REPORT_OPTIONS = 4, CLI_HELP_OPTIONS = 2
};

extern const struct cli_option cli_server_option[CLI_SERVER_OPTIONS];
extern const struct cli_option cli_login_option[CLI_LOGIN_OPTIONS];
extern const struct cli_option cli_tls_option[CLI_TLS_OPTIONS];
extern const struct cli_option cli_report_option[CLI_REPORT_OPTIONS];
extern const struct cli_option cli_help_option[CLI_HELP_OPTIONS];

/* All of them, for the list of a command's tables. */
#define CLI_ACCESS_TABLES(access)                                             \
    CLI_TABLE("Server", cli_server_option, access),                           \
        CLI_TABLE("Authentication", cli_login_option, access),                \
        CLI_TABLE("TLS", cli_tls_option, access),                             \
        CLI_TABLE("Result", cli_report_option, access),                       \
        CLI_TABLE("Help", cli_help_option, NULL)

/* Looks at the values together, those of an account too, and finds the server
 * when none was named.  Returns 0, or an exit code after an error message. */
int cli_access_check(struct cli_access *a);

#endif
