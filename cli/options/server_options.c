/* access.c - the arguments that say how to get at a server into values. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>

#include "config/account_values.h"
#include "config/config.h"
#include "login/auth.h"
#include "options/server_options.h"
#include "session/gate.h"
#include "session/proxy_url.h"
#include "system/shortage.h"
#include "text/escape.h"
#include "text/fingerprint.h"
#include "text/server.h"

const char cli_access_help[] =
    "  --server HOST[:PORT]     also smtp://HOST:PORT; smtps://HOST:PORT for\n"
    "                           TLS from the start, usually on port 465;\n"
    "                           lmtp://HOST:PORT; sockets: smtp:///PATH,\n"
    "                           lmtp:///PATH; else $DUVA_SERVER, the account\n"
    "                           'default', or localhost:25\n"
    "  --account NAME           server, user and the like are those of this\n"
    "                           account in ~/.config/duva/config\n"
    "  --config FILE            read this configuration instead, or\n"
    "  --msmtp                    those of msmtp\n"
    "  --user NAME              log in, asking for the password, or else with\n"
    "  --password-file FILE       the first line of FILE, or\n"
    "  --password-command CMD     the first line that CMD prints, or an\n"
    "  --token-file FILE          OAuth token: the first line of FILE, or\n"
    "  --token-command CMD        the first line that CMD prints, or\n"
    "  --oauth NAME               of what 'duva oauth login NAME' has kept\n"
    "  --auth MECHANISM,...     with one of these, the first that is offered;\n"
    "                           else with the strongest\n"
    "  --authzid NAME           act as NAME\n"
    "  --allow-clear-password   send it though others could read it\n"
    "  --tls MODE               required: STARTTLS or nothing, the default\n"
    "                           but to this machine; implicit: as smtps://;\n"
    "                           opportunistic: if offered; never\n"
    "  --ca FILE                trust these authorities, in PEM, instead of\n"
    "                           those of the system\n"
    "  --pin sha256/BASE64      a key that the chain must hold; repeatable\n"
    "  --client-cert FILE       our certificate (PEM), and\n"
    "  --client-key FILE          its key, if it is not in the same file\n"
    "  --dangerously-trust-everyone  take any certificate from anybody\n"
    "  --require-tls            verified TLS on every stretch of the way\n"
    "  --proxy URL              go through a proxy: socks5://HOST:PORT or\n"
    "                           http://HOST:PORT, with USER@ to log in by\n"
    "  --proxy-password-file FILE     the first line of FILE, or\n"
    "  --proxy-password-command CMD   the first line that CMD prints\n"
    "  --hello NAME             the name for EHLO\n"
    "  --timeout SECONDS        give up after that time\n"
    "  --trace                  show the conversation on standard error\n"
    "  --stop-after STAGE       go no further than connect, greeting, ehlo,\n"
    "                           tls, auth, mail, rcpt or data, and show the\n"
    "                           conversation; nothing is sent\n"
    "  --timeline FILE          draw where the time went, as SVG\n"
    "  --json                   show the result as JSON on standard output\n";

int cli_mistake(const struct cli_access *a, const char *format, ...)
{
    const int code = cli_file_code(EX_USAGE);
    char text[640], shown[1280];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_escape(shown, sizeof(shown), text, strlen(text));
    fprintf(stderr, "duva %s: %s; try 'duva %s --help'\n", a->command, shown,
            a->command);
    return code;
}

/* ---- one option ---- */

static int take_timeout(struct cli_access *a, const char *text)
{
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds == 0
        || seconds > 86400)
        return cli_mistake(a, "--timeout is not a number of seconds from 1 to "
                              "86400");
    a->session.timeout_s = (uint32_t)seconds;
    return -1;
}

static int take_tls(struct cli_access *a, const char *text)
{
    static const char *const name[] = {
        "required", "implicit", "opportunistic", "never"
    };
    size_t i;

    for (i = 0; i < sizeof(name) / sizeof(name[0]); i++)
        if (strcmp(text, name[i]) == 0) {
            a->session.tls_mode
                = (uint8_t)i; /* in the order of duva_tls_mode */
            a->session.tls_mode_given = 1;
            return -1;
        }
    return cli_mistake(a, "--tls '%s': it must be required, implicit, "
                          "opportunistic or never", text);
}

static int take_pin(struct cli_access *a, const char *text)
{
    const char *problem;

    if (a->session.tls.pin_count == CLI_PINS)
        return cli_mistake(a, "--pin more often than %d times", CLI_PINS);
    problem = cli_pin_parse(a->session.pin[a->session.tls.pin_count++].sha256,
                            text);
    return problem == NULL
               ? -1
               : cli_mistake(a, "--pin '%s': %s", text, problem);
}

static int take_server(struct cli_access *a, const char *text,
                       const char *origin)
{
    const char *problem = cli_server_parse(&a->session.server, text);

    if (problem == NULL)
        return -1;
    /* Before an @ there may be a password. */
    return strchr(text, '@') != NULL
               ? cli_mistake(a, "%s: %s", origin, problem)
               : cli_mistake(a, "%s '%s': %s", origin, text, problem);
}

/* Not repeated in the error: there may be a password in it. */
static int take_proxy(struct cli_access *a, const char *text)
{
    const char *problem = cli_proxy_parse(&a->session.proxy, text);

    return problem == NULL ? -1 : cli_mistake(a, "--proxy: %s", problem);
}

static int take_stop(struct cli_access *a, const char *text)
{
    a->session.stop_after = (uint8_t)cli_halt_parse(text);
    a->trace = 1;
    return a->session.stop_after != CLI_HALT_NEVER
               ? -1
               : cli_mistake(a,
                             "--stop-after '%s': it must be connect, "
                             "greeting, ehlo, tls, auth, mail, rcpt or "
                             "data",
                             text);
}

static int take_auth(struct cli_access *a, const char *text)
{
    const char *problem = cli_auth_parse(&a->login, text);

    return problem == NULL
               ? -1
               : cli_mistake(a, "--auth '%s': %s", text, problem);
}

/* Where the text of an option goes, or NULL. */
static const char **place(struct cli_access *a, int option)
{
    switch (option) {
    case CLI_OPTION_ACCOUNT:
        return &a->account_name;
    case CLI_OPTION_CONFIG:
        return &a->config_file;
    case CLI_OPTION_USER:
        return &a->login.user;
    case CLI_OPTION_PASSWORD_FILE:
        return &a->login.password_file;
    case CLI_OPTION_PASSWORD_COMMAND:
        return &a->login.password_command;
    case CLI_OPTION_TOKEN_FILE:
        return &a->login.token_file;
    case CLI_OPTION_TOKEN_COMMAND:
        return &a->login.token_command;
    case CLI_OPTION_OAUTH:
        return &a->login.oauth;
    case CLI_OPTION_AUTHZID:
        return &a->login.authzid;
    case CLI_OPTION_PROXY_PASSWORD_FILE:
        return &a->login.proxy_password_file;
    case CLI_OPTION_PROXY_PASSWORD_COMMAND:
        return &a->login.proxy_password_command;
    case CLI_OPTION_TIMELINE:
        return &a->timeline;
    case CLI_OPTION_HELLO:
        return &a->session.hello;
    case CLI_OPTION_CA:
        return &a->session.tls.ca_file;
    case CLI_OPTION_CLIENT_CERT:
        return &a->session.tls.cert_file;
    case CLI_OPTION_CLIENT_KEY:
        return &a->session.tls.key_file;
    default:
        return NULL;
    }
}

/* The flag that an option sets, or NULL. */
static uint8_t *flag(struct cli_access *a, int option)
{
    switch (option) {
    case CLI_OPTION_TRUST_EVERYONE:
        return &a->session.tls.dangerously_trust_everyone;
    case CLI_OPTION_ALLOW_CLEAR_PASSWORD:
        return &a->session.allow_clear_password;
    case CLI_OPTION_REQUIRE_TLS:
        return &a->session.require_tls;
    case CLI_OPTION_MSMTP:
        return &a->msmtp;
    case CLI_OPTION_TRACE:
        return &a->trace;
    case CLI_OPTION_JSON:
        return &a->json;
    default:
        return NULL;
    }
}

int cli_access_take(struct cli_access *a, int option, const char *text)
{
    const char **to = place(a, option);
    uint8_t *on = flag(a, option);

    if (to != NULL)
        *to = text;
    else if (on != NULL)
        *on = 1;
    else if (option == CLI_OPTION_SERVER)
        return take_server(a, text, "--server");
    else if (option == CLI_OPTION_PROXY)
        return take_proxy(a, text);
    else if (option == CLI_OPTION_STOP_AFTER)
        return take_stop(a, text);
    else if (option == CLI_OPTION_TIMEOUT)
        return take_timeout(a, text);
    else if (option == CLI_OPTION_TLS)
        return take_tls(a, text);
    else if (option == CLI_OPTION_PIN)
        return take_pin(a, text);
    else if (option == CLI_OPTION_AUTH)
        return take_auth(a, text);
    else {
        puts("duva " DUVA_VERSION);
        return EX_OK;
    }
    return -1;
}

/* ---- all of them ---- */

static int check_tls(struct cli_access *a)
{
    const int given = a->session.tls_mode_given;

    if (a->session.tls.key_file != NULL && a->session.tls.cert_file == NULL)
        return cli_mistake(a, "--client-key without --client-cert");
    if (a->session.tls.ca_file != NULL
        && a->session.tls.dangerously_trust_everyone)
        return cli_mistake(a, "--ca or --dangerously-trust-everyone, not "
                              "both");
    if (a->session.require_tls && a->session.tls.dangerously_trust_everyone)
        return cli_mistake(a, "--require-tls or --dangerously-trust-everyone, "
                              "not both");
    a->session.tls_mode_given = 0;
    if (given && a->session.tls_mode == DUVA_TLS_NEVER
        && cli_asks_for_tls(&a->session))
        return cli_mistake(a, "--tls never goes with no other option of TLS");
    if (given && a->session.tls_mode != DUVA_TLS_IMPLICIT
        && a->session.server.implicit_tls)
        return cli_mistake(a, "smtps:// is --tls implicit, not another");
    if (given && a->session.tls_mode == DUVA_TLS_IF_OFFERED
        && a->session.require_tls)
        return cli_mistake(a, "--require-tls or --tls opportunistic, not "
                              "both");
    a->session.tls_mode_given = given || a->session.server.implicit_tls;
    if (a->session.server.implicit_tls)
        a->session.tls_mode = DUVA_TLS_IMPLICIT;
    if (a->session.tls_mode == DUVA_TLS_IMPLICIT
        && !a->session.server.port_given && !a->session.server.is_path
        && !a->session.server.lmtp)
        strcpy(a->session.server.port, "465");
    if (a->session.tls.key_file == NULL)
        a->session.tls.key_file = a->session.tls.cert_file;
    a->session.tls.pin = a->session.pin;
    return -1;
}

static int check_proxy(const struct cli_access *a)
{
    const int user = a->session.proxy.user[0] != '\0';
    const int file = a->login.proxy_password_file != NULL;
    const int command = a->login.proxy_password_command != NULL;

    if (file && command)
        return cli_mistake(a, "--proxy-password-file or "
                              "--proxy-password-command, not both");
    if (a->session.proxy.given && a->session.server.is_path)
        return cli_mistake(a, "--proxy leads to no Unix socket");
    if (user && !file && !command)
        return cli_mistake(a, "the user of --proxy needs "
                              "--proxy-password-file or "
                              "--proxy-password-command");
    if (!user && (file || command))
        return cli_mistake(a, "the password of a proxy, and no user in "
                              "--proxy: say socks5://USER@HOST:PORT");
    return -1;
}

int cli_access_check(struct cli_access *a)
{
    const char *server = getenv("DUVA_SERVER"), *problem;
    int done = cli_account_use(a);

    if (done >= 0)
        return done;
    problem = cli_auth_check(&a->login, a->session.tls.cert_file != NULL);
    if (problem != NULL)
        return cli_mistake(a, "%s", problem);
    if (a->session.server.host[0] == '\0' && server != NULL
        && server[0] != '\0')
        done = take_server(a, server, "$DUVA_SERVER");
    if (done < 0 && a->session.server.host[0] == '\0') {
        a->not_set_up = a->account == NULL;
        done = take_server(a, "localhost", "--server");
    }
    if (done < 0)
        done = check_proxy(a);
    return done < 0 ? check_tls(a) : done;
}

void cli_access_free(struct cli_access *a)
{
    cli_config_free(&a->config);
}

/* getopt leaves in optopt a letter, or the number of an option that takes no
 * value, or 0. */
static int unknown(const struct cli_access *a, char **argv)
{
    if (optopt > 0 && optopt < CLI_OPERAND)
        return cli_mistake(a, "unknown option '-%c'", optopt);
    return cli_mistake(a, optopt != 0 ? "'%s': that option takes no value"
                                      : "unknown option '%s'",
                       argv[optind - 1]);
}

int cli_arguments(const struct cli_access *a, int argc, char **argv,
                  const struct option *known,
                  int (*take)(void *options, int option, const char *text),
                  void *options)
{
    int option, done = -1;

    opterr = 0;
    while (done < 0
           && (option = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
        if (option == ':')
            return cli_mistake(a, "%s needs a value", argv[optind - 1]);
        if (option == '?')
            return unknown(a, argv);
        done = take(options, option == 'h' ? CLI_OPTION_HELP : option, optarg);
    }
    for (; done < 0 && optind < argc; optind++)
        done = take(options, CLI_OPERAND, argv[optind]);
    return done;
}
