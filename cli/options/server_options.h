/* server_options.h - the options that commands share, and how they are read. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SERVER_OPTIONS_H
#define DUVA_CLI_SERVER_OPTIONS_H

#include <getopt.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"
#include "duva/tls.h"
#include "session/proxy_url.h"
#include "text/fingerprint.h"
#include "text/server.h"

/* Commands without waiting for replies (RFC 2920), where it is advertised. */
enum cli_pipelining {
    CLI_PIPELINING_UNSAID,
    CLI_PIPELINING_AUTO,       /* also those of the next mail: overlap.h */
    CLI_PIPELINING_MAIL,       /* those of a mail only */
    CLI_PIPELINING_NEVER
};

/* "auto", "mail" or "never"; CLI_PIPELINING_UNSAID: it is none. */
enum cli_pipelining cli_pipelining_parse(const char *text);

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
    /* Accounts: account.h. */
    const char *config_file, *account_name;
    uint8_t     msmtp;         /* the files of msmtp instead of ours */
    const char *sender;        /* of the envelope; NULL: not said */
    struct cli_config   config;
    struct cli_account *account; /* NULL: none; in config, as what follows */
    char       *account_secret; /* NULL: not there; wiped once it is read */
    uint8_t     account_secret_is_token;
    const char *tls_name;      /* for the certificate; NULL: the host's */
    uint8_t     fingerprint[CLI_SHA256_SIZE]; /* of the certificate */
    uint8_t     fingerprint_given;
    uint32_t    wait_s;        /* for each answer; 0: as RFC 5321 says */
};

/* Wipes what was read of accounts. */
void cli_access_free(struct cli_access *a);

/* Is anything said about TLS?  Then a server on this machine is no excuse to
 * do without. */
int cli_access_asks_for_tls(const struct cli_access *a);

/* Does TLS begin before the first word? */
int cli_begins_with_tls(const struct cli_access *a);

/* Is this a port where TLS should (RFC 8314 3.3), and does not? */
int cli_begins_without_tls(const struct cli_access *a);

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
