/* server_options.h - the options that commands share, and how they are read. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SERVER_OPTIONS_H
#define DUVA_CLI_SERVER_OPTIONS_H

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "login/login_options.h"
#include "session/session_options.h"

/* How to get at a server: what every command that talks to one may be told. */
struct cli_access {
    const char *command;       /* "send" */
    struct cli_session_options session;
    struct cli_login_options login;
    const char *timeline;      /* the file for a picture */
    uint8_t     not_set_up;    /* no server is named, and there is no account */
    uint8_t trace, json;
    /* Accounts: account_values.h. */
    const char *config_file, *account_name;
    uint8_t     msmtp;         /* the files of msmtp instead of ours */
    const char *sender;        /* of the envelope; NULL: not said */
    struct cli_config   config;
    struct cli_account *account; /* NULL: none; in config */
};

/* Wipes what was read of accounts. */
void cli_access_free(struct cli_access *a);

/* A command's own options are numbered from CLI_OPTION_OWN on. */
enum {
    CLI_OPERAND = 256, CLI_OPTION_SERVER, CLI_OPTION_USER,
    CLI_OPTION_PASSWORD_FILE, CLI_OPTION_PASSWORD_COMMAND,
    CLI_OPTION_TOKEN_FILE, CLI_OPTION_TOKEN_COMMAND, CLI_OPTION_OAUTH,
    CLI_OPTION_AUTH, CLI_OPTION_AUTHZID, CLI_OPTION_HELLO, CLI_OPTION_TIMEOUT,
    CLI_OPTION_TLS,
    CLI_OPTION_CA, CLI_OPTION_PIN, CLI_OPTION_CLIENT_CERT,
    CLI_OPTION_CLIENT_KEY, CLI_OPTION_TRUST_EVERYONE,
    CLI_OPTION_ALLOW_CLEAR_PASSWORD, CLI_OPTION_REQUIRE_TLS, CLI_OPTION_TRACE,
    CLI_OPTION_JSON, CLI_OPTION_PROXY, CLI_OPTION_PROXY_PASSWORD_FILE,
    CLI_OPTION_PROXY_PASSWORD_COMMAND, CLI_OPTION_STOP_AFTER,
    CLI_OPTION_TIMELINE, CLI_OPTION_ACCOUNT, CLI_OPTION_CONFIG,
    CLI_OPTION_MSMTP, CLI_OPTION_HELP, CLI_OPTION_VERSION, CLI_OPTION_OWN
};

/* Entries for getopt_long() that are the same in every command. */
#define CLI_ACCESS_OPTIONS                                                    \
    { "server", required_argument, NULL, CLI_OPTION_SERVER },                 \
    { "account", required_argument, NULL, CLI_OPTION_ACCOUNT },               \
    { "config", required_argument, NULL, CLI_OPTION_CONFIG },                 \
    { "msmtp", no_argument, NULL, CLI_OPTION_MSMTP },                         \
    { "user", required_argument, NULL, CLI_OPTION_USER },                     \
    { "password-file", required_argument, NULL, CLI_OPTION_PASSWORD_FILE },   \
    { "password-command", required_argument, NULL,                            \
      CLI_OPTION_PASSWORD_COMMAND },                                          \
    { "token-file", required_argument, NULL, CLI_OPTION_TOKEN_FILE },         \
    { "token-command", required_argument, NULL, CLI_OPTION_TOKEN_COMMAND },   \
    { "oauth", required_argument, NULL, CLI_OPTION_OAUTH },                   \
    { "auth", required_argument, NULL, CLI_OPTION_AUTH },                     \
    { "authzid", required_argument, NULL, CLI_OPTION_AUTHZID },               \
    { "hello", required_argument, NULL, CLI_OPTION_HELLO },                   \
    { "timeout", required_argument, NULL, CLI_OPTION_TIMEOUT },               \
    { "tls", required_argument, NULL, CLI_OPTION_TLS },                       \
    { "ca", required_argument, NULL, CLI_OPTION_CA },                         \
    { "pin", required_argument, NULL, CLI_OPTION_PIN },                       \
    { "client-cert", required_argument, NULL, CLI_OPTION_CLIENT_CERT },       \
    { "client-key", required_argument, NULL, CLI_OPTION_CLIENT_KEY },         \
    { "dangerously-trust-everyone", no_argument, NULL,                        \
      CLI_OPTION_TRUST_EVERYONE },                                            \
    { "allow-clear-password", no_argument, NULL,                              \
      CLI_OPTION_ALLOW_CLEAR_PASSWORD },                                      \
    { "require-tls", no_argument, NULL, CLI_OPTION_REQUIRE_TLS },             \
    { "trace", no_argument, NULL, CLI_OPTION_TRACE },                         \
    { "json", no_argument, NULL, CLI_OPTION_JSON },                           \
    { "proxy", required_argument, NULL, CLI_OPTION_PROXY },                   \
    { "proxy-password-file", required_argument, NULL,                         \
      CLI_OPTION_PROXY_PASSWORD_FILE },                                       \
    { "proxy-password-command", required_argument, NULL,                      \
      CLI_OPTION_PROXY_PASSWORD_COMMAND },                                    \
    { "stop-after", required_argument, NULL, CLI_OPTION_STOP_AFTER },         \
    { "timeline", required_argument, NULL, CLI_OPTION_TIMELINE },             \
    { "help", no_argument, NULL, CLI_OPTION_HELP },                           \
    { "version", no_argument, NULL, CLI_OPTION_VERSION }

/* Their lines of --help. */
extern const char cli_access_help[];

/* Everything below returns -1 to go on, or an exit code. */

/* Says what is wrong with the arguments. */
int cli_mistake(const struct cli_access *a, const char *format, ...);

/* Takes one option; --help is the command's own. */
int cli_access_take(struct cli_access *a, int option, const char *text);

/* Looks at them together, and finds the server if none was given. */
int cli_access_check(struct cli_access *a);

/* Reads all arguments and says take() for each, CLI_OPERAND for what is not
 * an option. */
int cli_arguments(const struct cli_access *a, int argc, char **argv,
                  const struct option *known,
                  int (*take)(void *options, int option, const char *text),
                  void *options);

#endif
