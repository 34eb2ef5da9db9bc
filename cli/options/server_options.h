/* server_options.h - the options that say how to reach a server and log in. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SERVER_OPTIONS_H
#define DUVA_CLI_SERVER_OPTIONS_H

#include <stddef.h>
#include <stdint.h>

#include "duva/tls.h"
#include "envelope/parameters.h"
#include "options/option.h"
#include "session/proxy_url.h"
#include "text/fingerprint.h"
#include "text/server.h"

#define CLI_PINS 8
#define CLI_MECHANISMS 13      /* as many as there are DUVA_AUTH_* */

/* How to get at a server: what every command that talks to one may be told. */
struct cli_access {
    const char *command;       /* "send" */
    struct cli_server server;
    struct cli_proxy proxy;
    const char *proxy_password_file, *proxy_password_command;
    const char *timeline;      /* the file for a picture */
    duva_tls_config tls;       /* its pin is the next field, once checked */
    duva_pin    pin[CLI_PINS];
    uint8_t     tls_mode;      /* duva_tls_mode, when it is given */
    uint8_t     tls_mode_given;
    uint8_t     not_set_up;    /* no server is named, and there is no account */
    const char *hello, *user, *authzid;
    const char *password_file, *password_command;
    const char *token_file, *token_command, *oauth;
    uint32_t    mechanism[CLI_MECHANISMS]; /* DUVA_AUTH_*, the best first */
    size_t      mechanisms;
    uint8_t     auth_given;    /* they are those of --auth */
    uint32_t    timeout_s;     /* 0: none */
    uint8_t     stop_after;    /* enum cli_halt */
    uint8_t     pipelining;    /* enum cli_pipelining */
    uint8_t     trace, json, allow_clear_password, require_tls;
    /* Accounts: config/account_values.h. */
    const char *config_file, *account_name;
    uint8_t     msmtp;         /* the files of msmtp instead of ours */
    const char *sender;        /* of the envelope; NULL: not given */
    char       *account_secret; /* NULL: not there; wiped once it is read */
    uint8_t     account_secret_is_token;
    const char *tls_name;      /* for the certificate; NULL: the host's */
    uint8_t     fingerprint[CLI_SHA256_SIZE]; /* of the certificate */
    uint8_t     fingerprint_given;
    uint32_t    wait_s;        /* for each answer; 0: as RFC 5321 says */
};

/* Does an option or the account ask for TLS?  Then it is required also to a
 * server on this machine. */
int cli_access_asks_for_tls(const struct cli_access *a);

/* Does TLS begin before the greeting? */
int cli_begins_with_tls(const struct cli_access *a);

/* Is this the port of implicit TLS (RFC 8314 3.3), without it? */
int cli_begins_without_tls(const struct cli_access *a);

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
