/* account_command.c - "duva account": accounts are made, shown and tried. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <unistd.h>

#include "account/account_add.h"
#include "account/account_command.h"
#include "account/account_test.h"
#include "account/provider.h"
#include "config/account_values.h"
#include "config/config.h"
#include "config/config_files.h"
#include "options/option.h"
#include "options/send_options.h"
#include "options/server_options.h"
#include "system/ask.h"
#include "text/escape.h"

struct arguments {
    struct cli_access access;
    struct cli_outcome outcome; /* of a test */
    struct cli_accounts accounts;
    const char *action, *name, *nameserver;
    uint8_t no_lookup;
};

static const char *parse_operand(void *values, const char *text)
{
    struct arguments *a = values;

    if (a->action == NULL)
        a->action = text;
    else if (a->name == NULL)
        a->name = text;
    else
        return "there is one too many";
    return NULL;
}

static const struct cli_option account_option[] = {
    { "nameserver", .kind = CLI_OPTION_TEXT,
      .place = offsetof(struct arguments, nameserver),
      .visibility = CLI_OPTION_COMMON, .argument = "ADDRESS",
      .help = "ask this name server for the server of a domain",
      .excludes = "no-lookup" },
    { "no-lookup", .kind = CLI_OPTION_FLAG,
      .place = offsetof(struct arguments, no_lookup),
      .visibility = CLI_OPTION_COMMON,
      .help = "do not ask the DNS for the server of a domain" }
};

static int read_arguments(struct arguments *a, int argc, char **argv)
{
    struct cli_access *access = &a->access;
    const struct cli_option_table table[] = {
        CLI_TABLE("New accounts", account_option, a),
        CLI_ACCESS_TABLES(access)
    };
    const struct cli_command command = {
        "account",
        "add [ADDRESS] | list | test [NAME]  [OPTION]...\n"
        "Creates an account by asking questions, shows the accounts, or logs "
        "in\n"
        "with one and sends nothing.",
        "exit: as 'duva send'; more in duva(1) and duva-config(5)",
        table, sizeof(table) / sizeof(table[0]), parse_operand, a,
        "argument", CLI_PUBLIC
    };

    access->command = command.name;
    return cli_arguments_read(&command, argc, argv);
}

/* ---- list ---- */

static void show(const char *text)
{
    char shown[400];

    cli_escape(shown, sizeof(shown), text != NULL ? text : "",
               text != NULL ? strlen(text) : 0);
    fputs(shown, stdout);
}

static const char *where_secret(const struct cli_account *account)
{
    const char *auth = cli_account_text(account, CLI_SET_AUTH);

    if (auth == NULL || strcasecmp(auth, "off") == 0)
        return "no login";
    if (cli_account_text(account, CLI_SET_PASSWORD) != NULL)
        return "the password is in the file";
    return cli_account_text(account, CLI_SET_PASSWORDEVAL) != NULL
               ? "the password comes from a command"
               : "the password is not in the file";
}

static void show_account(const struct cli_account *account)
{
    const char *from = cli_account_text(account, CLI_SET_FROM);
    const char *user = cli_account_text(account, CLI_SET_USER);
    const int tls = cli_account_flag(account, CLI_SET_TLS, 1);
    const int starttls = cli_account_flag(account, CLI_SET_TLS_STARTTLS, 1);
    const char *port = cli_account_text(account, CLI_SET_PORT);

    show(account->name);
    printf("\n  server  %s://", tls && !starttls ? "smtps" : "smtp");
    show(cli_account_text(account, CLI_SET_HOST));
    printf(":%s%s", port != NULL ? port : tls && !starttls ? "465" : "25",
           tls ? "" : ", no TLS");
    if (from != NULL) {
        fputs("\n  from    ", stdout);
        show(from);
    }
    fputs("\n  login   ", stdout);
    if (user != NULL) {
        show(user);
        fputs("; ", stdout);
    }
    printf("%s\n  file    ", where_secret(account));
    show(cli_page_name(account->page));
    putchar('\n');
}

static int list(struct arguments *arguments)
{
    const struct cli_access *a = &arguments->access;
    struct cli_config *c = &arguments->accounts.config;
    const int failed = cli_config_read(c, a);
    char files[512];
    size_t i;

    if (failed != 0)
        return failed;
    for (i = 0; i < c->accounts; i++)
        if (cli_config_find(c, c->account[i].name) == &c->account[i])
            show_account(&c->account[i]);
    if (c->accounts > 0)
        return EX_OK;
    cli_config_files(a, files, sizeof(files));
    fprintf(stderr, "duva account: there is no account in %s; set one up with "
                    "'duva account add'\n", files);
    return EX_OK;
}

/* ---- test ---- */

/* Some providers take only app passwords, and that explains a failed login. */
static void advise(const struct cli_access *a)
{
    const char *at = a->sender != NULL ? strrchr(a->sender, '@') : NULL;
    const struct cli_provider *p = at != NULL ? cli_provider_of(at + 1) : NULL;

    if (p != NULL && p->note != NULL)
        fprintf(stderr, "duva: %s: %s\n", p->name, p->note);
}

static int test(struct arguments *arguments)
{
    struct cli_access *a = &arguments->access;
    int failed;

    if (a->account_name == NULL)
        a->account_name = arguments->name != NULL ? arguments->name
                                                  : "default";
    failed = cli_account_apply(&arguments->accounts, a);
    if (failed == 0)
        failed = cli_access_check(a);
    if (failed != 0)
        return failed;
    if (cli_account_test(a, &arguments->outcome) == EX_NOPERM)
        advise(a);
    return arguments->outcome.exit_code;
}

/* ---- add ---- */

static int add(struct arguments *arguments)
{
    static struct cli_new_account account;
    struct cli_access *a = &arguments->access;
    int failed;

    if (!isatty(STDIN_FILENO))
        return cli_mistake(a->command,
                           "'add' asks questions, and standard input is not a "
                           "terminal; write the file as duva-config(5) says");
    failed = cli_account_add(&arguments->accounts.config, a, &account,
                             arguments->name, arguments->nameserver,
                             !arguments->no_lookup);
    if (failed != 0
        || cli_ask_yes("Log in now, to test the account?", 1) <= 0)
        return failed;
    cli_accounts_free(&arguments->accounts);
    a->account_name = account.name;
    return test(arguments);
}

static int run(struct arguments *arguments)
{
    static const struct {
        const char *name;
        int (*run)(struct arguments *);
    } action[] = { { "add", add }, { "list", list }, { "test", test } };
    size_t i;

    for (i = 0; arguments->action != NULL && i < 3; i++)
        if (strcmp(arguments->action, action[i].name) == 0)
            return action[i].run(arguments);
    return cli_mistake("account", "the action is missing or unknown; it must "
                                  "be add, list or test");
}

int cli_main_account(int argc, char **argv)
{
    static struct arguments a;
    int done = read_arguments(&a, argc, argv);

    if (done == 0)
        done = run(&a);
    done = cli_arguments_exit(done);
    cli_accounts_free(&a.accounts);
    cli_outcome_raise(&a.outcome, done);
    return done;
}
