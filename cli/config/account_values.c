/* account_values.c - the account that is meant into what no option says. */
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
#include "sendmail/submission.h"
#include "session/proxy_url.h"
#include "system/guard.h"
#include "text/escape.h"
#include "text/expand.h"
#include "text/fingerprint.h"
#include "text/server.h"

int cli_account_mistake(const struct cli_access *a, enum cli_setting setting,
                        const char *format, ...)
{
    const struct cli_value *value = &a->account->value[setting];
    const struct cli_page *page = value->page != NULL ? value->page
                                                      : a->account->page;
    char reason[512], text[800], shown[1600];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    if (value->page != NULL)
        snprintf(text, sizeof(text), "%.200s:%u: %s: %s", cli_page_name(page),
                 value->line, cli_setting_name(setting), reason);
    else
        snprintf(text, sizeof(text), "%.200s: account %.64s: %s",
                 cli_page_name(page), a->account->name, reason);
    cli_escape(shown, sizeof(shown), text, strlen(text));
    fprintf(stderr, "duva %s: %s\n", a->command, shown);
    return EX_CONFIG;
}

static int no_memory(const struct cli_access *a)
{
    fprintf(stderr, "duva %s: not enough memory\n", a->command);
    return EX_OSERR;
}

/* ---- which one ---- */

/* The text of "from" without its patterns, to be freed, or NULL. */
static char *from_of(const struct cli_account *account)
{
    const char *from = cli_account_text(account, CLI_SET_FROM);

    return from != NULL ? cli_expand(from) : NULL;
}

/* The user's accounts go before the system's, and in a file the first. */
static struct cli_account *find_by_sender(const struct cli_access *a)
{
    const struct cli_config *c = &a->config;
    struct cli_account *found = NULL, *other;
    size_t i;
    char *from;

    for (i = 0; i < c->accounts; i++) {
        other = &c->account[i];
        if (found != NULL && found->page == other->page)
            continue;
        from = from_of(other);
        if (from != NULL && cli_from_matches(from, a->sender))
            found = other;
        free(from);
    }
    return found;
}

static int find(struct cli_access *a)
{
    const int asked = a->account_name != NULL || a->config_file != NULL
                      || a->msmtp;
    char files[512];

    if (a->account_name != NULL)
        a->account = cli_config_find(&a->config, a->account_name);
    else if (a->sender != NULL)
        a->account = find_by_sender(a);
    if (a->account == NULL && a->account_name == NULL)
        a->account = cli_config_find(&a->config, "default");
    if (a->account != NULL || (!asked && a->config.accounts == 0))
        return -1;
    cli_accounts_files(a, files, sizeof(files));
    return cli_mistake(a, "no account '%s' in %s%s",
                       a->account_name != NULL ? a->account_name : "default",
                       files,
                       a->config.accounts == 0
                           ? ": set one up with 'duva account add'"
                       : a->account_name == NULL ? ": name one with --account"
                                                 : "");
}

/* What the others say is not for us to know. */
static int settle(struct cli_access *a)
{
    const int found = a->account != NULL;

    a->account = cli_config_settle(&a->config, a->account);
    return found && a->account == NULL ? no_memory(a) : -1;
}

/* ---- what it says ---- */

/* Takes a text on the heap over.  Returns -1, or an exit code. */
static int keep(struct cli_access *a, char *text, const char **to)
{
    *to = text != NULL ? cli_config_keep(&a->config, text) : NULL;
    return *to != NULL ? -1 : no_memory(a);
}

static const char *text_of(const struct cli_access *a,
                           enum cli_setting setting)
{
    return cli_account_text(a->account, setting);
}

const char *cli_account_path(struct cli_access *a, enum cli_setting setting)
{
    const char *path = text_of(a, setting), *full;

    if (path == NULL || keep(a, cli_expand_path(path), &full) >= 0)
        return NULL;
    return full;
}

/* A Unix socket goes before a host, which then is for the certificate only. */
static const char *take_socket(struct cli_access *a)
{
    const char *path = cli_account_path(a, CLI_SET_SOCKET);

    if (path == NULL)
        return "not enough memory";
    return path[0] == '/' ? cli_server_set_path(&a->session.server, path)
                          : "it must be a path that begins with / or ~/";
}

static int take_server(struct cli_access *a)
{
    const char *host = text_of(a, CLI_SET_HOST);
    const char *protocol = text_of(a, CLI_SET_PROTOCOL), *problem;
    const int has_socket = text_of(a, CLI_SET_SOCKET) != NULL;

    a->session.server.implicit_tls = 0;
    a->session.server.lmtp
        = protocol != NULL && strcasecmp(protocol, "lmtp") == 0;
    if (has_socket)
        problem = take_socket(a);
    else if (host == NULL)
        problem = "'host' is missing";
    else if (host[0] == '/')
        problem = "a path belongs to 'socket'";
    else
        problem = cli_server_set(&a->session.server, host,
                                 text_of(a, CLI_SET_PORT));
    return problem == NULL
               ? -1
               : cli_account_mistake(a, has_socket ? CLI_SET_SOCKET
                                                   : CLI_SET_HOST,
                                     "%s", problem);
}

/* As in msmtp: SOCKS 5.  --proxy goes before. */
static int take_proxy(struct cli_access *a)
{
    const char *host = text_of(a, CLI_SET_PROXY_HOST), *problem;

    if (host == NULL || a->session.proxy.given)
        return -1;
    problem = cli_proxy_set(&a->session.proxy, host,
                            text_of(a, CLI_SET_PROXY_PORT));
    return problem == NULL
               ? -1 : cli_account_mistake(a, CLI_SET_PROXY_HOST, "%s", problem);
}

static void take_tls_mode(struct cli_access *a)
{
    const char *tls = text_of(a, CLI_SET_TLS);

    if (a->session.tls_mode_given)
        return;
    if (tls != NULL && !cli_account_flag(a->account, CLI_SET_TLS, 1)) {
        a->session.tls_mode = DUVA_TLS_NEVER;
        a->session.tls_mode_given = 1;
        return;
    }
    if (!cli_account_flag(a->account, CLI_SET_TLS_STARTTLS, 1))
        a->session.tls_mode = DUVA_TLS_IMPLICIT;
    a->session.tls_mode_given
        = tls != NULL || a->session.tls_mode == DUVA_TLS_IMPLICIT;
}

/* A fingerprint, or no check at all, is for those who name no authority. */
static int take_trust(struct cli_access *a)
{
    const char *trust = text_of(a, CLI_SET_TLS_TRUST_FILE);
    const char *print = text_of(a, CLI_SET_TLS_FINGERPRINT);
    const char *problem;

    if (a->session.tls.ca_file != NULL || a->session.tls.pin_count > 0
        || a->session.tls.dangerously_trust_everyone)
        return -1;
    if (!cli_account_flag(a->account, CLI_SET_TLS_CERTCHECK, 1)) {
        a->session.tls.dangerously_trust_everyone = 1;
        return -1;
    }
    if (print != NULL) {
        problem = cli_fingerprint_parse(a->session.fingerprint, print);
        a->session.tls.dangerously_trust_everyone = a->session.fingerprint_given
            = 1;
        return problem == NULL ? -1
                               : cli_account_mistake(a, CLI_SET_TLS_FINGERPRINT,
                                                     "%s", problem);
    }
    if (trust != NULL && strcmp(trust, "system") != 0)
        a->session.tls.ca_file = cli_account_path(a, CLI_SET_TLS_TRUST_FILE);
    return -1;
}

static int take_tls(struct cli_access *a)
{
    take_tls_mode(a);
    if (a->session.tls_mode_given && a->session.tls_mode == DUVA_TLS_NEVER)
        return -1;
    a->session.tls_name = text_of(a, CLI_SET_TLS_HOST_OVERRIDE);
    if (a->session.tls.cert_file == NULL && a->session.tls.key_file == NULL) {
        a->session.tls.cert_file = cli_account_path(a, CLI_SET_TLS_CERT_FILE);
        a->session.tls.key_file = cli_account_path(a, CLI_SET_TLS_KEY_FILE);
    }
    if (a->session.tls.key_file != NULL && a->session.tls.cert_file == NULL)
        return cli_account_mistake(a, CLI_SET_TLS_KEY_FILE,
                                   "'tls_cert_file' is missing");
    return take_trust(a);
}

/* ---- authentication ---- */

static int has_secret(const struct cli_access *a)
{
    return a->login.password_file != NULL || a->login.password_command != NULL
           || a->login.token_file != NULL || a->login.token_command != NULL;
}

static int uses(const struct cli_access *a, uint32_t mechanisms)
{
    return a->login.mechanisms > 0 && (a->login.mechanism[0] & mechanisms) != 0;
}

static void take_secret(struct cli_access *a)
{
    const int token = uses(a, DUVA_AUTH_OAUTHBEARER | DUVA_AUTH_XOAUTH2);
    const char *command = text_of(a, CLI_SET_PASSWORDEVAL);

    if (has_secret(a))
        return;
    a->login.account_secret = cli_account_text(a->account, CLI_SET_PASSWORD);
    a->login.account_secret_is_token
        = (uint8_t)(token && a->login.account_secret != NULL);
    if (a->login.account_secret != NULL)
        return;
    if (token)
        a->login.token_command = command;
    else
        a->login.password_command = command;
}

static int take_auth(struct cli_access *a)
{
    const char *auth = text_of(a, CLI_SET_AUTH);
    const char *user = text_of(a, CLI_SET_USER);
    const int on = auth != NULL && strcasecmp(auth, "off") != 0;

    if (auth == NULL && user != NULL && a->login.user == NULL)
        return cli_account_mistake(a, CLI_SET_USER,
                                   "'auth on' is missing; without it nobody "
                                   "logs in");
    if (!on && !a->login.auth_given && a->login.user == NULL && !has_secret(a))
        return -1;
    if (on && strcasecmp(auth, "on") != 0 && !a->login.auth_given
        && cli_auth_parse(&a->login, auth) != NULL)
        return cli_account_mistake(a, CLI_SET_AUTH, "it is not known");
    if (uses(a, DUVA_AUTH_EXTERNAL)) {
        if (a->login.authzid == NULL)
            a->login.authzid = user;
        return -1;
    }
    if (a->login.user == NULL)
        a->login.user = user;
    if (a->login.user == NULL
        && !uses(a, DUVA_AUTH_ANONYMOUS | DUVA_AUTH_OAUTHBEARER))
        return cli_account_mistake(a, CLI_SET_USER, "'user' is missing");
    if (!uses(a, DUVA_AUTH_ANONYMOUS))
        take_secret(a);
    return -1;
}

/* A password that something else goes before. */
static int drop_secret(struct cli_access *a)
{
    char *text = cli_account_text(a->account, CLI_SET_PASSWORD);

    if (text != NULL && text != a->login.account_secret)
        cli_wipe(text, strlen(text));
    return -1;
}

/* ---- the rest ---- */

static int is_pattern(const char *from)
{
    return strpbrk(from, "*?[") != NULL;
}

/* msmtp's older way to say "%U@domain". */
static int auto_from(struct cli_access *a)
{
    const char *domain = text_of(a, CLI_SET_MAILDOMAIN);
    char *login = cli_login(), *from = NULL;

    if (login != NULL
        && asprintf(&from, "%s%s%s", login, domain != NULL ? "@" : "",
                    domain != NULL ? domain : "") < 0)
        from = NULL;
    free(login);
    return keep(a, from, &a->sender);
}

static int take_sender(struct cli_access *a)
{
    const int may = cli_account_flag(a->account, CLI_SET_ALLOW_FROM_OVERRIDE,
                                     1);
    char *from;

    if (a->sender != NULL && may)
        return -1;
    if (cli_account_flag(a->account, CLI_SET_AUTO_FROM, 0))
        return auto_from(a);
    from = from_of(a->account);
    if (from != NULL && !is_pattern(from)
        && duva_address_check_utf8(from) != DUVA_REASON_NONE) {
        free(from);
        return cli_account_mistake(a, CLI_SET_FROM,
                                   "it must be an address alone; "
                                   "'from_full_name' is for a name");
    }
    if (from != NULL && !is_pattern(from))
        return keep(a, from, &a->sender);
    free(from);
    return may ? -1
               : cli_account_mistake(a, CLI_SET_ALLOW_FROM_OVERRIDE,
                                     "'from' must be one address then");
}

static int take_rest(struct cli_access *a)
{
    const char *domain = text_of(a, CLI_SET_DOMAIN);
    const char *timeout = text_of(a, CLI_SET_TIMEOUT);
    const char *pipelining = text_of(a, CLI_SET_PIPELINING);

    if (timeout != NULL)       /* "off" is 0 */
        a->session.wait_s = (uint32_t)strtoul(timeout, NULL, 10);
    if (pipelining != NULL && a->session.pipelining == CLI_PIPELINING_UNSAID)
        a->session.pipelining = (uint8_t)cli_pipelining_parse(pipelining);
    return domain != NULL && a->session.hello == NULL
               ? keep(a, cli_expand(domain), &a->session.hello)
               : -1;
}

void cli_account_dsn(const struct cli_access *a, uint8_t *notify,
                     uint8_t *ret)
{
    const char *when = text_of(a, CLI_SET_DSN_NOTIFY);
    const char *what = text_of(a, CLI_SET_DSN_RETURN);

    if (notify != NULL) {
        *notify = 0;
        if (when != NULL && strcasecmp(when, "off") != 0)
            cli_notify_parse(notify, when);
    }
    if (ret != NULL) {
        *ret = 0;
        if (what != NULL && strcasecmp(what, "off") != 0)
            cli_return_parse(ret, what);
    }
}

int cli_account_use(struct cli_access *a)
{
    static int (*const take[])(struct cli_access *) = {
        cli_accounts_read, find, settle, take_server, take_proxy, take_tls,
        take_auth, drop_secret, take_sender, take_rest
    };
    const char *server = getenv("DUVA_SERVER");
    const int asked = a->account_name != NULL || a->config_file != NULL
                      || a->msmtp;
    size_t i;
    int done;

    if (a->msmtp && a->config_file != NULL)
        return cli_mistake(a, "--config or --msmtp, not both");
    if (asked && a->session.server.host[0] != '\0')
        return cli_mistake(a, "--server or an account, not both");
    if (!asked
        && (a->session.server.host[0] != '\0'
            || (server != NULL && server[0] != '\0')))
        return -1;
    for (i = 0; i < sizeof(take) / sizeof(take[0]); i++) {
        done = take[i](a);
        if (done >= 0)
            return done;
        if (take[i] == settle && a->account == NULL)
            return -1;
    }
    return -1;
}
