/* config.h - the configuration language of msmtp: text into accounts. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CONFIG_H
#define DUVA_CLI_CONFIG_H

#include <stddef.h>
#include <stdint.h>

/* What an account can say of itself. */
enum cli_setting {
    CLI_SET_HOST, CLI_SET_PORT, CLI_SET_PROTOCOL, CLI_SET_SOCKET,
    CLI_SET_TIMEOUT, CLI_SET_PIPELINING, CLI_SET_DOMAIN,
    CLI_SET_PROXY_HOST, CLI_SET_PROXY_PORT,
    CLI_SET_AUTH, CLI_SET_USER, CLI_SET_PASSWORD, CLI_SET_PASSWORDEVAL,
    CLI_SET_TLS, CLI_SET_TLS_STARTTLS, CLI_SET_TLS_TRUST_FILE,
    CLI_SET_TLS_FINGERPRINT, CLI_SET_TLS_KEY_FILE, CLI_SET_TLS_CERT_FILE,
    CLI_SET_TLS_CERTCHECK, CLI_SET_TLS_HOST_OVERRIDE,
    CLI_SET_FROM, CLI_SET_FROM_FULL_NAME, CLI_SET_ALLOW_FROM_OVERRIDE,
    CLI_SET_DSN_NOTIFY, CLI_SET_DSN_RETURN,
    CLI_SET_FROM_HEADER, CLI_SET_DATE_HEADER, CLI_SET_MSGID_HEADER,
    CLI_SET_REMOVE_BCC, CLI_SET_UNDISCLOSED, CLI_SET_ALIASES,
    CLI_SET_AUTO_FROM, CLI_SET_MAILDOMAIN,
    CLI_SET_LOGFILE, CLI_SET_LOGFILE_TIME_FORMAT, CLI_SET_SYSLOG,
    CLI_SETTINGS
};

struct cli_page;               /* a text that was read, and its name */

struct cli_value {
    char       *text;          /* NULL: not said; "": taken back */
    const struct cli_page *page;
    unsigned    line;
};

struct cli_account {
    const char      *name;
    const struct cli_page *page;
    struct cli_value value[CLI_SETTINGS];
};

struct cli_config {
    struct cli_account *account; /* in the order in which they were read */
    size_t      accounts;
    struct cli_page *page;     /* the last that was read */
    uint8_t     holds_secret;  /* that one has a password in it */
    char        problem[512];  /* "FILE:LINE: reason" */
};

/* Runs a command of the configuration; what it prints, one line without its
 * end, goes to line.  Returns NULL, or why there is nothing. */
typedef const char *cli_eval_fn(const char *command, char *line, size_t size);

/* Adds the accounts of a text to those that are there.  An account that an
 * earlier text has too hides it.  Takes text, len octets on the heap and room
 * for one more, whatever it returns; eval may be NULL, then "eval" is an
 * error.
 *
 * Returns 0; or -1: problem says where and what is wrong, but no argument that
 * could be a secret, and the accounts are not to be used. */
int cli_config_parse(struct cli_config *c, const char *name, char *text,
                     size_t len, cli_eval_fn *eval);

/* Takes over a text on the heap, to live and die with what was read.  Returns
 * it, or NULL: there is no memory. */
const char *cli_config_keep(struct cli_config *c, char *text);

/* Keeps what one account says, and wipes all else that was read: passwords of
 * others, and what is no setting.  account is one of c, or NULL: nothing is
 * kept.  Returns it, which may be elsewhere now; or NULL when there is no
 * memory, or was none given.  What cli_config_keep() has taken stays. */
struct cli_account *cli_config_settle(struct cli_config *c,
                                      const struct cli_account *account);

/* Wipes all that was read. */
void cli_config_free(struct cli_config *c);

/* The account of that name that counts, or NULL. */
struct cli_account *cli_config_find(const struct cli_config *c,
                                    const char *name);

/* What an account says, or NULL: nothing. */
char *cli_account_text(const struct cli_account *account,
                       enum cli_setting setting);
/* A switch, with its value when nothing is said. */
int cli_account_flag(const struct cli_account *account,
                     enum cli_setting setting, int otherwise);

/* The name of a setting's command. */
const char *cli_setting_name(enum cli_setting setting);
const char *cli_page_name(const struct cli_page *page);

/* Does the address of an account, which may be a pattern of the shell, stand
 * for this one?  ada+lists@example.org is ada@example.org, too; letters may be
 * large or small. */
int cli_from_matches(const char *pattern, const char *addr);

#endif
