/* config.c - the text of a configuration into accounts. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <fnmatch.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "config/config.h"
#include "system/guard.h"

#define BLANK " \t\r\v\f"

/* ---- the commands ---- */

enum kind {
    ANY, NEEDED,               /* a text; one that is not empty */
    FLAG, CHOICE,              /* on or off; one of the words */
    PORT, SECONDS, NOTIFY, METHOD,
    MISSING_FIELD,             /* on and off, for "auto" and "off" */
    UNSUPPORTED                /* msmtp's; words say what to do instead */
};

static const struct command {
    const char *name;
    enum kind   kind;
    enum cli_setting setting;
    const char *words;
    const char *fits;          /* UNSUPPORTED: the value that changes nothing */
} known[] = {
    { "host", NEEDED, CLI_SET_HOST, NULL, NULL },
    { "port", PORT, CLI_SET_PORT, NULL, NULL },
    { "protocol", CHOICE, CLI_SET_PROTOCOL, "smtp lmtp", NULL },
    { "socket", ANY, CLI_SET_SOCKET, NULL, NULL },
    { "timeout", SECONDS, CLI_SET_TIMEOUT, NULL, NULL },
    { "pipelining", CHOICE, CLI_SET_PIPELINING, "auto mail never", NULL },
    { "domain", NEEDED, CLI_SET_DOMAIN, NULL, NULL },
    { "proxy_host", ANY, CLI_SET_PROXY_HOST, NULL, NULL },
    { "proxy_port", PORT, CLI_SET_PROXY_PORT, NULL, NULL },
    { "auth", METHOD, CLI_SET_AUTH,
      "on off plain login cram-md5 scram-sha-1 scram-sha-256 scram-sha-512 "
      "scram-sha-1-plus scram-sha-256-plus scram-sha-512-plus "
      "oauthbearer xoauth2 external anonymous", NULL },
    { "user", ANY, CLI_SET_USER, NULL, NULL },
    { "password", ANY, CLI_SET_PASSWORD, NULL, NULL },
    { "passwordeval", ANY, CLI_SET_PASSWORDEVAL, NULL, NULL },
    { "tls", FLAG, CLI_SET_TLS, NULL, NULL },
    { "tls_starttls", FLAG, CLI_SET_TLS_STARTTLS, NULL, NULL },
    { "tls_trust_file", NEEDED, CLI_SET_TLS_TRUST_FILE, NULL, NULL },
    { "tls_fingerprint", ANY, CLI_SET_TLS_FINGERPRINT, NULL, NULL },
    { "tls_key_file", ANY, CLI_SET_TLS_KEY_FILE, NULL, NULL },
    { "tls_cert_file", ANY, CLI_SET_TLS_CERT_FILE, NULL, NULL },
    { "tls_certcheck", FLAG, CLI_SET_TLS_CERTCHECK, NULL, NULL },
    { "tls_host_override", ANY, CLI_SET_TLS_HOST_OVERRIDE, NULL, NULL },
    { "from", ANY, CLI_SET_FROM, NULL, NULL },
    { "from_full_name", ANY, CLI_SET_FROM_FULL_NAME, NULL, NULL },
    { "allow_from_override", FLAG, CLI_SET_ALLOW_FROM_OVERRIDE, NULL, NULL },
    { "dsn_notify", NOTIFY, CLI_SET_DSN_NOTIFY, NULL, NULL },
    { "dsn_return", CHOICE, CLI_SET_DSN_RETURN, "off headers hdrs full",
      NULL },
    { "set_from_header", CHOICE, CLI_SET_FROM_HEADER, "auto on off", NULL },
    { "set_date_header", CHOICE, CLI_SET_DATE_HEADER, "auto off", NULL },
    { "set_msgid_header", CHOICE, CLI_SET_MSGID_HEADER, "auto off", NULL },
    { "add_missing_from_header", MISSING_FIELD, CLI_SET_FROM_HEADER, NULL,
      NULL },
    { "add_missing_date_header", MISSING_FIELD, CLI_SET_DATE_HEADER, NULL,
      NULL },
    { "remove_bcc_headers", FLAG, CLI_SET_REMOVE_BCC, NULL, NULL },
    { "undisclosed_recipients", FLAG, CLI_SET_UNDISCLOSED, NULL, NULL },
    { "aliases", ANY, CLI_SET_ALIASES, NULL, NULL },
    { "auto_from", FLAG, CLI_SET_AUTO_FROM, NULL, NULL },
    { "maildomain", ANY, CLI_SET_MAILDOMAIN, NULL, NULL },
    { "logfile", ANY, CLI_SET_LOGFILE, NULL, NULL },
    { "logfile_time_format", ANY, CLI_SET_LOGFILE_TIME_FORMAT, NULL, NULL },
    { "syslog", CHOICE, CLI_SET_SYSLOG,
      "on off LOG_USER LOG_MAIL LOG_LOCAL0 LOG_LOCAL1 LOG_LOCAL2 LOG_LOCAL3 "
      "LOG_LOCAL4 LOG_LOCAL5 LOG_LOCAL6 LOG_LOCAL7", NULL },
    { "source_ip", UNSUPPORTED, CLI_SETTINGS,
      "the local address cannot be chosen here; remove the line and set a "
      "route in the system", "" },
    { "ntlmdomain", UNSUPPORTED, CLI_SETTINGS,
      "NTLM is not supported; remove the line", "" },
    { "tls_crl_file", UNSUPPORTED, CLI_SETTINGS,
      "revocation lists are not supported; remove the line", "" },
    { "tls_priorities", UNSUPPORTED, CLI_SETTINGS,
      "the ciphers are those of the system's policy, with TLS 1.2 or 1.3; "
      "remove the line", "" },
    { "tls_min_dh_prime_bits", UNSUPPORTED, CLI_SETTINGS,
      "the system's policy sets the least size; remove the line", "" }
};

enum { SETTINGS_KNOWN = sizeof(known) / sizeof(known[0]) };

struct cli_page {
    struct cli_page *before;
    struct cli_page *file;     /* what eval printed belongs to a file */
    char   *name, *text;
    size_t  size;
};

const char *cli_setting_name(enum cli_setting setting)
{
    const struct command *c = known;

    while (c->setting != setting)
        c++;
    return c->name;
}

const char *cli_page_name(const struct cli_page *page)
{
    return page->file->name;
}

/* ---- one reading ---- */

struct reader {
    struct cli_config *config;
    struct cli_page   *page;   /* the file; texts may be in one of eval's */
    cli_eval_fn       *eval;
    struct cli_account defaults;
    unsigned           line;
    uint8_t            in_defaults, in_account, evaluated;
};

static int bad_line(struct reader *r, const char *format, ...)
{
    char reason[360];
    va_list args;

    va_start(args, format);
    vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    snprintf(r->config->problem, sizeof(r->config->problem), "%.140s:%u: %s",
             r->page->name, r->line, reason);
    return -1;
}

/* Takes the blanks off both ends. */
static char *trim(char *text)
{
    size_t len;

    text += strspn(text, BLANK);
    len = strlen(text);
    while (len > 0 && strchr(BLANK, text[len - 1]) != NULL)
        text[--len] = '\0';
    return text;
}

static int is_word_of(const char *words, const char *text)
{
    const size_t len = strlen(text);

    for (; *words != '\0'; words += strspn(words, " ")) {
        if (strncasecmp(words, text, len) == 0
            && (words[len] == ' ' || words[len] == '\0') && len > 0)
            return 1;
        words += strcspn(words, " ");
    }
    return 0;
}

static int is_number(const char *text, unsigned long most)
{
    char *end;
    const unsigned long n = strtoul(text, &end, 10);

    return text[0] >= '0' && text[0] <= '9' && *end == '\0' && n > 0
           && n <= most;
}

static int is_notify(char *text)
{
    char copy[64], *rest = copy, *word;

    if (is_word_of("off never", text))
        return 1;
    if (strlen(text) >= sizeof(copy) || text[0] == '\0')
        return 0;
    strcpy(copy, text);
    while ((word = strsep(&rest, ",")) != NULL)
        if (!is_word_of("failure delay success", word))
            return 0;
    return 1;
}

/* What is wrong with the value of a setting, or NULL. */
static const char *check(const struct command *command, char *text)
{
    switch (command->kind) {
    case NEEDED:
        return text[0] != '\0' ? NULL : "the value is missing";
    case FLAG:
    case MISSING_FIELD:
        return is_word_of("on off", text) ? NULL : "it must be on or off";
    case CHOICE:
        return is_word_of(command->words, text) ? NULL : "it must be one of";
    case PORT:
        return text[0] == '\0' || is_number(text, 65535)
                   ? NULL : "it must be a number from 1 to 65535";
    case SECONDS:
        return is_word_of("off", text) || is_number(text, 86400)
                   ? NULL : "it must be off, or seconds from 1 to 86400";
    case NOTIFY:
        return is_notify(text) ? NULL
                               : "it must be off, never, or failure, delay and "
                                 "success with commas between";
    case METHOD:
        if (is_word_of("digest-md5 ntlm gssapi", text))
            return "that mechanism is not supported; write 'auth on' for the "
                   "strongest in common";
        return is_word_of(command->words, text) ? NULL : "it must be one of";
    case ANY:
    case UNSUPPORTED:
    default:
        return NULL;
    }
}

/* A command of msmtp that is not supported: only what changes nothing. */
static int refuse(struct reader *r, const struct command *command,
                  const char *text)
{
    return strcasecmp(text, command->fits) == 0
               ? 0
               : bad_line(r, "%s: %s", command->name, command->words);
}

static int set(struct reader *r, const struct command *command, char *text)
{
    static char on[] = "on", automatic[] = "auto";
    const char *problem;
    struct cli_value *value;

    if (!r->in_defaults && !r->in_account)
        return bad_line(r, "%s: it must follow a line 'defaults' or "
                           "'account NAME'", command->name);
    if (command->kind == UNSUPPORTED)
        return refuse(r, command, text);
    if (text[0] == '\0' && (command->kind == FLAG || command->kind == METHOD
                            || command->setting == CLI_SET_SYSLOG
                            || command->setting == CLI_SET_FROM_HEADER
                            || command->kind == MISSING_FIELD))
        text = on;
    problem = check(command, text);
    if (problem != NULL)
        return bad_line(r, "%s: %s%s%s", command->name, problem,
                        command->words != NULL ? ": " : "",
                        command->words != NULL ? command->words : "");
    if (command->kind == MISSING_FIELD && strcasecmp(text, "on") == 0)
        text = automatic;
    value = (r->in_defaults ? r->defaults.value
                            : r->config->account[r->config->accounts - 1].value)
            + command->setting;
    value->text = text;
    value->page = r->page;
    value->line = r->line;
    if (command->setting == CLI_SET_PASSWORD && text[0] != '\0'
        && !r->evaluated)
        r->config->holds_secret = 1;
    return 0;
}

/* ---- accounts ---- */

static void inherit(struct cli_account *to, const struct cli_account *from)
{
    size_t i;

    for (i = 0; i < CLI_SETTINGS; i++)
        if (from->value[i].text != NULL)
            to->value[i] = from->value[i];
}

static int open_account(struct reader *r, char *text)
{
    struct cli_config *c = r->config;
    char *parents = strchr(text, ':'), *parent;
    struct cli_account account = r->defaults, *more;
    const struct cli_account *other;

    if (parents != NULL)
        *parents++ = '\0';
    account.name = trim(text);
    account.page = r->page;
    if (account.name[0] == '\0' || strpbrk(account.name, "," BLANK) != NULL)
        return bad_line(r, "account: the name is missing, or has blanks or "
                           "commas");
    other = cli_config_find(c, account.name);
    if (other != NULL && other->page == r->page)
        return bad_line(r, "account: the name is used twice in this file");
    while ((parent = strsep(&parents, ",")) != NULL) {
        other = cli_config_find(c, trim(parent));
        if (other == NULL)
            return bad_line(r, "account: there is no account '%.64s' above",
                            trim(parent));
        inherit(&account, other);
    }
    more = realloc(c->account, (c->accounts + 1) * sizeof(*more));
    if (more == NULL)
        return bad_line(r, "not enough memory");
    c->account = more;
    c->account[c->accounts++] = account;
    r->in_account = 1;
    r->in_defaults = 0;
    return 0;
}

struct cli_account *cli_config_find(const struct cli_config *c,
                                    const char *name)
{
    size_t i;

    for (i = c->accounts; i > 0; i--)
        if (strcmp(c->account[i - 1].name, name) == 0)
            return &c->account[i - 1];
    return NULL;
}

/* ---- lines ---- */

static struct cli_page *add_page(struct cli_config *c, const char *name,
                                 char *text, size_t size)
{
    struct cli_page *page = calloc(1, sizeof(*page));

    if (page == NULL || (page->name = strdup(name)) == NULL) {
        free(page);
        cli_wipe(text, size);
        free(text);
        return NULL;
    }
    page->file = page;
    page->text = text;
    page->size = size;
    page->before = c->page;
    c->page = page;
    return page;
}

const char *cli_config_keep(struct cli_config *c, char *text)
{
    return add_page(c, "", text, strlen(text)) != NULL ? text : NULL;
}

static int read_line(struct reader *r, char *line);

static int evaluate(struct reader *r, const char *command)
{
    enum { SIZE = 16384 };
    struct cli_page *page;
    const char *problem;
    char *line;

    if (r->evaluated || r->eval == NULL)
        return bad_line(r, "eval: it is not allowed here");
    line = calloc(1, SIZE);
    page = line != NULL ? add_page(r->config, r->page->name, line, SIZE)
                        : NULL;
    if (page == NULL)
        return bad_line(r, "not enough memory");
    page->file = r->page;
    problem = r->eval(command, line, SIZE);
    if (problem != NULL)
        return bad_line(r, "eval: %s", problem);
    r->evaluated = 1;
    return read_line(r, line);
}

/* A word with a value is an unknown setting, and may be repeated in the error.
 * Anything else may be a password, and may not. */
static int unknown(struct reader *r, const char *word, const char *text)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

    if (r->evaluated || text[0] == '\0' || word[strspn(word, letters)] != '\0')
        return bad_line(r, "unknown command");
    return bad_line(r, "unknown command '%.64s'", word);
}

static int read_line(struct reader *r, char *line)
{
    const struct command *command = known;
    char *text;
    size_t len;

    line = trim(line);
    if (line[0] == '\0' || line[0] == '#')
        return 0;
    text = line + strcspn(line, BLANK);
    if (*text != '\0')
        *text++ = '\0';
    text = trim(text);
    len = strlen(text);
    if (strcmp(line, "eval") == 0)
        return evaluate(r, text);
    if (len > 1 && text[0] == '"' && text[len - 1] == '"') {
        text[len - 1] = '\0';
        text++;
    }
    if (strcmp(line, "account") == 0)
        return open_account(r, text);
    if (strcmp(line, "defaults") == 0) {
        r->in_defaults = 1;
        return text[0] == '\0'
                   ? 0 : bad_line(r, "defaults: nothing may follow it");
    }
    while (command < known + SETTINGS_KNOWN && strcmp(command->name, line) != 0)
        command++;
    return command < known + SETTINGS_KNOWN
               ? set(r, command, text)
               : unknown(r, line, text);
}

int cli_config_parse(struct cli_config *c, const char *name, char *text,
                     size_t len, cli_eval_fn *eval)
{
    struct reader r;
    char *rest = text, *line;

    memset(&r, 0, sizeof(r));
    r.config = c;
    r.eval = eval;
    c->holds_secret = 0;
    rest[len] = '\0';
    r.page = add_page(c, name, text, len);
    if (r.page == NULL) {
        snprintf(c->problem, sizeof(c->problem), "not enough memory");
        return -1;
    }
    if (strlen(rest) != len)
        return bad_line(&r, "the file has a NUL");
    while ((line = strsep(&rest, "\n")) != NULL) {
        r.line++;
        r.evaluated = 0;
        if (read_line(&r, line) != 0)
            return -1;
    }
    return 0;
}

static void wipe(struct cli_page *page)
{
    if (page->text != NULL)
        cli_wipe(page->text, page->size);
    free(page->text);
    page->text = NULL;
}

static char *keep_copy(struct cli_config *c, const char *text)
{
    char *copy = strdup(text);

    return copy != NULL && cli_config_keep(c, copy) != NULL ? copy : NULL;
}

struct cli_account *cli_config_settle(struct cli_config *c,
                                      const struct cli_account *account)
{
    struct cli_page *const read = c->page, *page;
    struct cli_account kept;
    char *text;
    size_t i;

    c->accounts = 0;
    if (account != NULL) {
        kept = *account;
        kept.name = keep_copy(c, kept.name);
        for (i = 0; i < CLI_SETTINGS && kept.name != NULL; i++) {
            text = kept.value[i].text;
            if (text != NULL && (text = keep_copy(c, text)) == NULL)
                return NULL;
            kept.value[i].text = text;
        }
        if (kept.name == NULL)
            return NULL;
        c->account[c->accounts++] = kept;
    }
    for (page = read; page != NULL; page = page->before)
        if (page->name[0] != '\0') /* not what was taken over */
            wipe(page);
    return account != NULL ? c->account : NULL;
}

void cli_config_free(struct cli_config *c)
{
    struct cli_page *page;

    while ((page = c->page) != NULL) {
        c->page = page->before;
        wipe(page);
        free(page->name);
        free(page);
    }
    free(c->account);
    memset(c, 0, sizeof(*c));
}

/* ---- what an account says ---- */

char *cli_account_text(const struct cli_account *account,
                       enum cli_setting setting)
{
    char *text = account != NULL ? account->value[setting].text : NULL;

    return text != NULL && text[0] != '\0' ? text : NULL;
}

int cli_account_flag(const struct cli_account *account,
                     enum cli_setting setting, int otherwise)
{
    const char *text = cli_account_text(account, setting);

    return text != NULL ? strcasecmp(text, "on") == 0 : otherwise;
}

int cli_from_matches(const char *pattern, const char *addr)
{
    const char *plus = strchr(addr, '+'), *at = strrchr(addr, '@');
    char plain[320];

    if (strcasecmp(pattern, addr) == 0
        || fnmatch(pattern, addr, FNM_CASEFOLD) == 0)
        return 1;
    if (plus == NULL || at == NULL || plus > at
        || strlen(addr) >= sizeof(plain))
        return 0;
    snprintf(plain, sizeof(plain), "%.*s%s", (int)(plus - addr), addr, at);
    return fnmatch(pattern, plain, FNM_CASEFOLD) == 0;
}
