/* account_values.c - the settings of an account into what no option says. */
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
#include "config/config_files.h"
#include "envelope/parameters.h"
#include "login/auth.h"
#include "options/option.h"
#include "options/server_options.h"
#include "session/proxy_url.h"
#include "system/guard.h"
#include "text/escape.h"
#include "system/expand.h"
#include "text/fingerprint.h"
#include "text/server.h"

static const char *text_of(const struct cli_accounts *c,
                           enum cli_setting setting)
{
    return cli_account_text(c->account, setting);
}

/* Says what is wrong with a setting, in its line or missing.  Returns
 * EX_CONFIG. */
static int bad_setting(const struct cli_accounts *c, const struct cli_access *a,
                       enum cli_setting setting, const char *format, ...)
{
    const struct cli_value *value = &c->account->value[setting];
    const struct cli_page *page
        = value->page != NULL ? value->page : c->account->page;
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
                 cli_page_name(page), c->account->name, reason);
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
static struct cli_account *find_by_sender(const struct cli_config *c,
                                          const char *sender)
{
    struct cli_account *found = NULL, *other;
    size_t i;
    char *from;

    for (i = 0; i < c->accounts; i++) {
        other = &c->account[i];
        if (found != NULL && found->page == other->page)
            continue;
        from = from_of(other);
        if (from != NULL && cli_from_matches(from, sender))
            found = other;
        free(from);
    }
    return found;
}

static int is_asked_for(const struct cli_access *a)
{
    return a->account_name != NULL || a->config_file != NULL || a->msmtp;
}

static int find(struct cli_accounts *c, const struct cli_access *a)
{
    char files[512];

    if (a->account_name != NULL)
        c->account = cli_config_find(&c->config, a->account_name);
    else if (a->sender != NULL)
        c->account = find_by_sender(&c->config, a->sender);
    if (c->account == NULL && a->account_name == NULL)
        c->account = cli_config_find(&c->config, "default");
    if (c->account != NULL || (!is_asked_for(a) && c->config.accounts == 0))
        return 0;
    cli_config_files(a, files, sizeof(files));
    return cli_mistake(
        a->command, "no account '%s' in %s%s",
        a->account_name != NULL ? a->account_name : "default", files,
        c->config.accounts == 0   ? ": set one up with 'duva account add'"
        : a->account_name == NULL ? ": name one with --account"
                                  : "");
}

/* Wipes the secrets of all other accounts. */
static int keep_only(struct cli_accounts *c, const struct cli_access *a)
{
    const int found = c->account != NULL;

    c->account = cli_config_settle(&c->config, c->account);
    return found && c->account == NULL ? no_memory(a) : 0;
}

/* ---- server and TLS ---- */

/* Takes over a text on the heap.  Returns 0, or an exit code. */
static int keep_text(struct cli_accounts *c, const struct cli_access *a,
                     char *text, const char **to)
{
    *to = text != NULL ? cli_config_keep(&c->config, text) : NULL;
    return *to != NULL ? 0 : no_memory(a);
}

const char *cli_account_path(struct cli_accounts *c, enum cli_setting setting)
{
    const char *path = text_of(c, setting);
    char *full = path != NULL ? cli_expand_path(path) : NULL;

    return full != NULL ? cli_config_keep(&c->config, full) : NULL;
}

/* A Unix socket goes before a host, which then is for the certificate only. */
static const char *apply_socket(struct cli_accounts *c, struct cli_access *a)
{
    const char *path = cli_account_path(c, CLI_SET_SOCKET);

    if (path == NULL)
        return "not enough memory";
    return path[0] == '/' ? cli_server_set_path(&a->session.server, path)
                          : "it must be a path that begins with / or ~/";
}

static int apply_server(struct cli_accounts *c, struct cli_access *a)
{
    const char *host = text_of(c, CLI_SET_HOST);
    const char *protocol = text_of(c, CLI_SET_PROTOCOL), *problem;
    const int has_socket = text_of(c, CLI_SET_SOCKET) != NULL;

    a->session.server.implicit_tls = 0;
    a->session.server.lmtp
        = protocol != NULL && strcasecmp(protocol, "lmtp") == 0;
    if (has_socket)
        problem = apply_socket(c, a);
    else if (host == NULL)
        problem = "'host' is missing";
    else if (host[0] == '/')
        problem = "a path belongs to 'socket'";
    else
        problem = cli_server_set(&a->session.server, host,
                                 text_of(c, CLI_SET_PORT));
    return problem == NULL
               ? 0
               : bad_setting(c, a, has_socket ? CLI_SET_SOCKET : CLI_SET_HOST,
                             "%s", problem);
}

/* As in msmtp: SOCKS 5.  --proxy goes before. */
static int apply_proxy(struct cli_accounts *c, struct cli_access *a)
{
    const char *host = text_of(c, CLI_SET_PROXY_HOST), *problem;

    if (host == NULL || a->session.proxy.given)
        return 0;
    problem = cli_proxy_set(&a->session.proxy, host,
                            text_of(c, CLI_SET_PROXY_PORT));
    return problem == NULL
               ? 0
               : bad_setting(c, a, CLI_SET_PROXY_HOST, "%s", problem);
}

static int apply_tls_mode(struct cli_accounts *c, struct cli_access *a)
{
    const char *tls = text_of(c, CLI_SET_TLS);

    if (a->session.tls_mode_given)
        return 0;
    if (tls != NULL && !cli_account_flag(c->account, CLI_SET_TLS, 1)) {
        if (cli_asks_for_tls(&a->session))
            return cli_mistake(a->command,
                               "options about TLS cannot be "
                               "combined with 'tls off' of the "
                               "account '%.64s'; use --tls required",
                               c->account->name);
        a->session.tls_mode = DUVA_TLS_NEVER;
        a->session.tls_mode_given = 1;
        return 0;
    }
    if (!cli_account_flag(c->account, CLI_SET_TLS_STARTTLS, 1))
        a->session.tls_mode = DUVA_TLS_IMPLICIT;
    a->session.tls_mode_given
        = tls != NULL || a->session.tls_mode == DUVA_TLS_IMPLICIT;
    return 0;
}

/* REQUIRETLS needs a certificate that an authority has signed. */
static int without_authority(const struct cli_accounts *c, struct cli_access *a,
                             const char *setting)
{
    a->session.tls.dangerously_trust_everyone = 1;
    if (!a->session.require_tls)
        return 0;
    return cli_mistake(a->command,
                       "--require-tls cannot be combined with "
                       "'%s' of the account '%.64s'; use --ca, or "
                       "'tls_trust_file' in the account",
                       setting, c->account->name);
}

/* The settings apply where no option says what to trust. */
static int apply_trust(struct cli_accounts *c, struct cli_access *a)
{
    const char *trust = text_of(c, CLI_SET_TLS_TRUST_FILE);
    const char *print = text_of(c, CLI_SET_TLS_FINGERPRINT);
    const char *problem;

    if (a->session.tls.ca_file != NULL || a->session.tls.pin_count > 0
        || a->session.tls.dangerously_trust_everyone)
        return 0;
    if (!cli_account_flag(c->account, CLI_SET_TLS_CERTCHECK, 1))
        return without_authority(c, a, "tls_certcheck off");
    if (print != NULL) {
        problem = cli_fingerprint_parse(a->session.fingerprint, print);
        a->session.fingerprint_given = 1;
        return problem == NULL
                   ? without_authority(c, a, "tls_fingerprint")
                   : bad_setting(c, a, CLI_SET_TLS_FINGERPRINT, "%s", problem);
    }
    if (trust != NULL && strcmp(trust, "system") != 0)
        a->session.tls.ca_file = cli_account_path(c, CLI_SET_TLS_TRUST_FILE);
    return 0;
}

static int apply_tls(struct cli_accounts *c, struct cli_access *a)
{
    const int failed = apply_tls_mode(c, a);

    if (failed != 0
        || (a->session.tls_mode_given && a->session.tls_mode == DUVA_TLS_NEVER))
        return failed;
    a->session.tls_name = text_of(c, CLI_SET_TLS_HOST_OVERRIDE);
    if (a->session.tls.cert_file == NULL && a->session.tls.key_file == NULL) {
        a->session.tls.cert_file = cli_account_path(c, CLI_SET_TLS_CERT_FILE);
        a->session.tls.key_file = cli_account_path(c, CLI_SET_TLS_KEY_FILE);
    }
    if (a->session.tls.key_file != NULL && a->session.tls.cert_file == NULL)
        return bad_setting(c, a, CLI_SET_TLS_KEY_FILE,
                           "'tls_cert_file' is missing");
    return apply_trust(c, a);
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

static void apply_secret(struct cli_accounts *c, struct cli_access *a)
{
    const int token = uses(a, DUVA_AUTH_OAUTHBEARER | DUVA_AUTH_XOAUTH2);
    const char *command = text_of(c, CLI_SET_PASSWORDEVAL);

    if (has_secret(a))
        return;
    a->login.account_secret = cli_account_text(c->account, CLI_SET_PASSWORD);
    a->login.account_secret_is_token
        = (uint8_t)(token && a->login.account_secret != NULL);
    if (a->login.account_secret != NULL)
        return;
    if (token)
        a->login.token_command = command;
    else
        a->login.password_command = command;
}

static int apply_auth(struct cli_accounts *c, struct cli_access *a)
{
    const char *auth = text_of(c, CLI_SET_AUTH);
    const char *user = text_of(c, CLI_SET_USER);
    const int on = auth != NULL && strcasecmp(auth, "off") != 0;

    if (auth == NULL && user != NULL && a->login.user == NULL)
        return bad_setting(c, a, CLI_SET_USER,
                           "'auth on' is missing; without it there is no "
                           "login");
    if (!on && !a->login.auth_given && a->login.user == NULL && !has_secret(a))
        return 0;
    if (on && strcasecmp(auth, "on") != 0 && !a->login.auth_given
        && cli_auth_parse(&a->login, auth) != NULL)
        return bad_setting(c, a, CLI_SET_AUTH, "the mechanism is unknown");
    if (uses(a, DUVA_AUTH_EXTERNAL)) {
        if (a->login.authzid == NULL)
            a->login.authzid = user;
        return 0;
    }
    if (a->login.user == NULL)
        a->login.user = user;
    if (a->login.user == NULL
        && !uses(a, DUVA_AUTH_ANONYMOUS | DUVA_AUTH_OAUTHBEARER))
        return bad_setting(c, a, CLI_SET_USER, "'user' is missing");
    if (!uses(a, DUVA_AUTH_ANONYMOUS))
        apply_secret(c, a);
    return 0;
}

/* A password that something else goes before. */
static int drop_secret(struct cli_accounts *c, struct cli_access *a)
{
    char *text = cli_account_text(c->account, CLI_SET_PASSWORD);

    if (text != NULL && text != a->login.account_secret)
        cli_wipe(text, strlen(text));
    return 0;
}

/* ---- the rest ---- */

static int is_pattern(const char *from)
{
    return strpbrk(from, "*?[") != NULL;
}

/* msmtp's older way to say "%U@domain". */
static int apply_auto_from(struct cli_accounts *c, struct cli_access *a)
{
    const char *domain = text_of(c, CLI_SET_MAILDOMAIN);
    char *login = cli_login(), *from = NULL;

    if (login != NULL
        && asprintf(&from, "%s%s%s", login, domain != NULL ? "@" : "",
                    domain != NULL ? domain : "")
               < 0)
        from = NULL;
    free(login);
    return keep_text(c, a, from, &a->sender);
}

static int apply_sender(struct cli_accounts *c, struct cli_access *a)
{
    const int may
        = cli_account_flag(c->account, CLI_SET_ALLOW_FROM_OVERRIDE, 1);
    char *from;

    if (a->sender != NULL && may)
        return 0;
    if (cli_account_flag(c->account, CLI_SET_AUTO_FROM, 0))
        return apply_auto_from(c, a);
    from = from_of(c->account);
    if (from != NULL && !is_pattern(from)
        && duva_address_check_utf8(from) != DUVA_REASON_NONE) {
        free(from);
        return bad_setting(c, a, CLI_SET_FROM,
                           "it must be an address alone; use 'from_full_name' "
                           "for a name");
    }
    if (from != NULL && !is_pattern(from))
        return keep_text(c, a, from, &a->sender);
    free(from);
    return may ? 0
               : bad_setting(c, a, CLI_SET_ALLOW_FROM_OVERRIDE,
                             "'off' needs a 'from' that is one address");
}

static int apply_rest(struct cli_accounts *c, struct cli_access *a)
{
    const char *domain = text_of(c, CLI_SET_DOMAIN);
    const char *timeout = text_of(c, CLI_SET_TIMEOUT);
    const char *pipelining = text_of(c, CLI_SET_PIPELINING);

    if (timeout != NULL) /* "off" is 0 */
        a->session.wait_s = (uint32_t)strtoul(timeout, NULL, 10);
    if (pipelining != NULL && a->session.pipelining == CLI_PIPELINING_UNSAID)
        a->session.pipelining = (uint8_t)cli_pipelining_parse(pipelining);
    return domain != NULL && a->session.hello == NULL
               ? keep_text(c, a, cli_expand(domain), &a->session.hello)
               : 0;
}

void cli_account_log(struct cli_accounts *c, struct cli_log_options *log)
{
    const char *facility = text_of(c, CLI_SET_SYSLOG);

    log->file = cli_account_path(c, CLI_SET_LOGFILE);
    log->time_format = text_of(c, CLI_SET_LOGFILE_TIME_FORMAT);
    log->facility = facility != NULL && strcasecmp(facility, "off") != 0
                        ? facility
                        : NULL;
}

void cli_account_dsn(const struct cli_account *account, uint8_t *notify,
                     uint8_t *ret)
{
    const char *when = cli_account_text(account, CLI_SET_DSN_NOTIFY);
    const char *what = cli_account_text(account, CLI_SET_DSN_RETURN);

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

int cli_account_apply(struct cli_accounts *c, struct cli_access *a)
{
    static int (*const apply[])(struct cli_accounts *, struct cli_access *)
        = { apply_server, apply_proxy,  apply_tls, apply_auth,
            drop_secret,  apply_sender, apply_rest };
    const char *server = getenv("DUVA_SERVER");
    size_t i;
    int failed;

    if (is_asked_for(a) && a->session.server.host[0] != '\0')
        return cli_mistake(a->command, "--server cannot be combined with an "
                                       "account; leave out one of them");
    if (!is_asked_for(a)
        && (a->session.server.host[0] != '\0'
            || (server != NULL && server[0] != '\0')))
        return 0;
    failed = cli_config_read(&c->config, a);
    if (failed == 0)
        failed = find(c, a);
    if (failed == 0)
        failed = keep_only(c, a);
    if (c->account == NULL)
        return failed;
    for (i = 0; failed == 0 && i < sizeof(apply) / sizeof(apply[0]); i++)
        failed = apply[i](c, a);
    return failed;
}

void cli_accounts_free(struct cli_accounts *c)
{
    cli_config_free(&c->config);
    c->account = NULL;
}
