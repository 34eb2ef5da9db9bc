/* server_options.c - the options that say how to reach a server and log in. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "login/auth.h"
#include "options/option.h"
#include "options/server_options.h"
#include "session/stop_after.h"
#include "session/proxy_url.h"
#include "text/fingerprint.h"
#include "text/server.h"

/* ---- arguments that are more than a text ---- */

static const char *parse_server(void *values, const char *text)
{
    struct cli_access *a = values;

    return cli_server_parse(&a->session.server, text);
}

static const char *parse_proxy(void *values, const char *text)
{
    struct cli_access *a = values;

    return cli_proxy_parse(&a->session.proxy, text);
}

static const char *parse_tls(void *values, const char *text)
{
    struct cli_access *a = values;
    const int mode = cli_word_find("required implicit opportunistic never",
                                   text);

    if (mode < 0)
        return "it must be required, implicit, opportunistic or never";
    a->session.tls_mode = (uint8_t)mode; /* in the order of duva_tls_mode */
    a->session.tls_mode_given = 1;
    return NULL;
}

static const char *parse_pin(void *values, const char *text)
{
    struct cli_access *a = values;

    if (a->session.tls.pin_count == CLI_PINS)
        return "8 pins at most";
    return cli_pin_parse(a->session.pin[a->session.tls.pin_count++].sha256,
                         text);
}

static const char *parse_auth(void *values, const char *text)
{
    struct cli_access *a = values;

    return cli_auth_parse(&a->login, text);
}

static const char *parse_stop(void *values, const char *text)
{
    struct cli_access *a = values;

    a->session.stop_after = (uint8_t)cli_stop_after_parse(text);
    a->trace = 1;
    return a->session.stop_after != CLI_STOP_NEVER
               ? NULL
               : "it must be connect, greeting, ehlo, tls, auth, mail, rcpt or "
                 "data";
}

/* ---- the tables ---- */

#define AT(field)   .place = offsetof(struct cli_access, field)
#define FLAG(field) .kind = CLI_OPTION_FLAG, AT(field)
#define TEXT(field) .kind = CLI_OPTION_TEXT, AT(field)
#define PARSED(how) .kind = CLI_OPTION_PARSED, .parse = how
#define COMMON      .visibility = CLI_OPTION_COMMON

const struct cli_option cli_server_option[CLI_SERVER_OPTIONS] = {
    { "server", PARSED(parse_server), COMMON, .argument = "HOST[:PORT]",
      .privacy = CLI_PRIVATE_USER,
      .help = "the server; smtps://HOST for implicit TLS",
      .more = "also lmtp://HOST, and Unix sockets: smtp:///PATH, "
              "lmtp:///PATH; default: $DUVA_SERVER, the account 'default', or "
              "localhost:25" },
    { "account", TEXT(account_name), COMMON, .argument = "NAME",
      .help = "use this account of ~/.config/duva/config",
      .more = "default: the one whose 'from' is the sender" },
    { "config", TEXT(config_file), .argument = "FILE",
      .help = "read the accounts in FILE only", .excludes = "msmtp" },
    { "msmtp", FLAG(msmtp), .help = "read the accounts of msmtp" },
    { "proxy", PARSED(parse_proxy), .argument = "URL", .privacy = CLI_PRIVATE,
      .help = "a proxy: socks5://HOST:PORT or http://HOST:PORT",
      .more = "with USER@ before the host to log in" },
    { "proxy-password-file", TEXT(session.proxy_password_file),
      .argument = "FILE", .help = "its password: the first line of FILE",
      .excludes = "proxy-password-command" },
    { "proxy-password-command", TEXT(session.proxy_password_command),
      .argument = "CMD",
      .help = "its password: the first line that CMD prints" },
    { "hello", TEXT(session.hello), .argument = "NAME",
      .help = "the name to send in EHLO",
      .more = "default: the name of this machine" },
    { "timeout", .kind = CLI_OPTION_NUMBER, AT(session.timeout_s),
      .argument = "SECONDS", .low = 1, .high = 86400, .unit = "seconds",
      .help = "stop after this time" }
};

const struct cli_option cli_login_option[CLI_LOGIN_OPTIONS] = {
    { "user", TEXT(login.user), COMMON, .argument = "NAME",
      .help = "log in with this name; the password is asked for",
      .more = "or an option below says where it is" },
    { "password-file", TEXT(login.password_file), COMMON, .argument = "FILE",
      .help = "the password: the first line of FILE" },
    { "password-command", TEXT(login.password_command), .argument = "CMD",
      .help = "the password: the first line that CMD prints" },
    { "token-file", TEXT(login.token_file), .argument = "FILE",
      .help = "an OAuth token: the first line of FILE" },
    { "token-command", TEXT(login.token_command), .argument = "CMD",
      .help = "an OAuth token: the first line that CMD prints" },
    { "oauth", TEXT(login.oauth), .argument = "NAME",
      .help = "an OAuth token of the login NAME of 'duva oauth'" },
    { "auth", PARSED(parse_auth), .argument = "MECHANISM,...",
      .help = "use the first of these that the server advertises",
      .more = "default: the strongest in common" },
    { "authzid", TEXT(login.authzid), .argument = "NAME",
      .help = "act as NAME (authorization identity)" },
    { "allow-clear-password", FLAG(session.allow_clear_password),
      .help = "send the password without TLS; others can read it" }
};

const struct cli_option cli_tls_option[CLI_TLS_OPTIONS] = {
    { "tls", PARSED(parse_tls), COMMON, .argument = "MODE",
      .help = "required, implicit, opportunistic or never",
      .more = "required is STARTTLS, or no mail: the default, except to this "
              "machine; implicit is TLS from the start, as with smtps://; "
              "opportunistic is STARTTLS where it is advertised" },
    { "ca", TEXT(session.tls.ca_file), .argument = "FILE",
      .help = "trust these authorities (PEM), not the system's",
      .excludes = "dangerously-trust-everyone" },
    { "pin", PARSED(parse_pin), .argument = "sha256/BASE64",
      .help = "a public key that the chain must contain; repeatable" },
    { "client-cert", TEXT(session.tls.cert_file), .argument = "FILE",
      .help = "our certificate (PEM)" },
    { "client-key", TEXT(session.tls.key_file), .argument = "FILE",
      .help = "its private key (PEM), if not in the same file",
      .needs = "client-cert" },
    { "dangerously-trust-everyone",
      FLAG(session.tls.dangerously_trust_everyone),
      .help = "do not verify the certificate" },
    { "require-tls", FLAG(session.require_tls),
      .help = "verified TLS on the whole route (REQUIRETLS)",
      .excludes = "dangerously-trust-everyone" }
};

const struct cli_option cli_report_option[CLI_REPORT_OPTIONS] = {
    { "trace", FLAG(trace), COMMON,
      .help = "show the conversation on standard error" },
    { "stop-after", PARSED(parse_stop), .argument = "STAGE",
      .help = "stop after that stage, send nothing, and trace",
      .more = "connect, greeting, ehlo, tls, auth, mail, rcpt or data" },
    { "timeline", TEXT(timeline), .argument = "FILE",
      .help = "write a chart of the timings (SVG)" },
    { "json", FLAG(json), COMMON,
      .help = "print the result as JSON on standard output" }
};

const struct cli_option cli_help_option[CLI_HELP_OPTIONS] = {
    { "help", 'h', CLI_OPTION_HELP, COMMON, .argument = "all",
      .help = "all options, by group" },
    { "version", .kind = CLI_OPTION_VERSION, .help = "print the version" }
};

/* ---- all of them ---- */

static int check_tls(struct cli_access *a)
{
    struct cli_session_options *o = &a->session;
    const int given = o->tls_mode_given;

    o->tls_mode_given = 0;
    if (given && o->tls_mode == DUVA_TLS_NEVER && cli_asks_for_tls(o))
        return cli_mistake(a->command, "--tls never cannot be combined with "
                                       "other TLS options");
    if (given && o->tls_mode != DUVA_TLS_IMPLICIT && o->server.implicit_tls)
        return cli_mistake(a->command, "smtps:// cannot be combined with --tls "
                                       "other than implicit; write smtp://");
    if (given && o->tls_mode == DUVA_TLS_IF_OFFERED && o->require_tls)
        return cli_mistake(a->command, "--require-tls cannot be combined with "
                                       "--tls opportunistic");
    o->tls_mode_given = given || o->server.implicit_tls;
    if (o->server.implicit_tls)
        o->tls_mode = DUVA_TLS_IMPLICIT;
    if (o->tls_mode == DUVA_TLS_IMPLICIT && !o->server.port_given
        && !o->server.is_path && !o->server.lmtp)
        strcpy(o->server.port, "465");
    if (o->tls.key_file == NULL)
        o->tls.key_file = o->tls.cert_file;
    o->tls.pin = o->pin;
    return 0;
}

static int check_proxy(const struct cli_access *a)
{
    const int has_password = a->session.proxy_password_file != NULL
                             || a->session.proxy_password_command != NULL;
    const int has_user = a->session.proxy.user[0] != '\0';

    if (a->session.proxy.given && a->session.server.is_path)
        return cli_mistake(a->command, "--proxy cannot be combined with a Unix "
                                       "socket");
    if (has_user && !has_password)
        return cli_mistake(a->command, "the user in --proxy needs "
                                       "--proxy-password-file or "
                                       "--proxy-password-command");
    if (!has_user && has_password)
        return cli_mistake(a->command, "a proxy password needs a user in "
                                       "--proxy: write "
                                       "socks5://USER@HOST:PORT");
    return 0;
}

static int find_server(struct cli_access *a)
{
    const char *server = getenv("DUVA_SERVER"), *problem;

    if (a->session.server.host[0] != '\0')
        return 0;
    a->not_set_up = server == NULL || server[0] == '\0';
    if (a->not_set_up)
        server = "localhost";
    problem = cli_server_parse(&a->session.server, server);
    return problem == NULL
               ? 0
               : cli_mistake(a->command, "$DUVA_SERVER: %s", problem);
}

int cli_access_check(struct cli_access *a)
{
    const char *problem = cli_auth_check(&a->login,
                                         a->session.tls.cert_file != NULL);
    int failed;

    if (problem != NULL)
        return cli_mistake(a->command, "%s", problem);
    failed = find_server(a);
    if (failed == 0)
        failed = check_proxy(a);
    return failed == 0 ? check_tls(a) : failed;
}
