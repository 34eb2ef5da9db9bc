/* account_command.c - "duva account": accounts are made, shown and tried. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sysexits.h>
#include <unistd.h>

#include "account/account_add.h"
#include "account/account_command.h"
#include "account/provider.h"
#include "config/account_values.h"
#include "config/config.h"
#include "login/secret.h"
#include "options/send_options.h"
#include "options/server_options.h"
#include "report/summary.h"
#include "send/job.h"
#include "session/session.h"
#include "session/tls.h"
#include "system/ask.h"
#include "system/clock.h"
#include "system/guard.h"
#include "text/escape.h"

enum { NAMESERVER = CLI_OPTION_OWN, NO_LOOKUP };

static const struct option known[] = {
    CLI_ACCESS_OPTIONS,
    { "nameserver", required_argument, NULL, NAMESERVER },
    { "no-lookup", no_argument, NULL, NO_LOOKUP },
    { NULL, 0, NULL, 0 }
};

struct arguments {
    struct cli_job *job;
    const char *what, *name, *nameserver;
    uint8_t no_lookup;
};

static void help(void)
{
    fputs("usage: duva account add [ADDRESS] | list | test [NAME]  "
          "[OPTION]...\n"
          "Makes an account by asking, shows those that there are, or logs in "
          "with one\n"
          "and sends nothing.\n"
          "\n"
          "  --nameserver ADDRESS     ask this one for the server of a domain\n"
          "  --no-lookup              ask none\n", stdout);
    fputs(cli_access_help, stdout);
    fputs("  --help, --version\n", stdout);
}

static int take(void *options, int option, const char *text)
{
    struct arguments *a = options;

    if (option == CLI_OPERAND && a->what == NULL)
        a->what = text;
    else if (option == CLI_OPERAND && a->name == NULL)
        a->name = text;
    else if (option == CLI_OPERAND)
        return cli_mistake(&a->job->options.access, "too much: '%s'", text);
    else if (option == NAMESERVER)
        a->nameserver = text;
    else if (option == NO_LOOKUP)
        a->no_lookup = 1;
    else if (option == CLI_OPTION_HELP) {
        help();
        return EX_OK;
    } else
        return cli_access_take(&a->job->options.access, option, text);
    return -1;
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
    struct cli_access *a = &arguments->job->options.access;
    const int done = cli_accounts_read(a);
    char files[512];
    size_t i;

    if (done >= 0)
        return done;
    for (i = 0; i < a->config.accounts; i++)
        if (cli_config_find(&a->config, a->config.account[i].name)
            == &a->config.account[i])
            show_account(&a->config.account[i]);
    if (a->config.accounts > 0)
        return EX_OK;
    cli_accounts_files(a, files, sizeof(files));
    fprintf(stderr, "duva account: there is none in %s; 'duva account add' "
                    "makes one\n", files);
    return EX_OK;
}

/* ---- test ---- */

/* A password that is refused is often the wrong kind of one. */
static void advise(const struct cli_job *job)
{
    const char *from = job->options.access.sender;
    const char *at = from != NULL ? strrchr(from, '@') : NULL;
    const struct cli_provider *p = at != NULL ? cli_provider_of(at + 1) : NULL;

    if (job->outcome.exit_code == EX_NOPERM && p != NULL && p->note != NULL)
        fprintf(stderr, "duva: %s: %s\n", p->name, p->note);
}

static int test(struct arguments *arguments)
{
    struct cli_job *job = arguments->job;
    struct cli_access *a = &job->options.access;
    int done;

    if (a->account_name == NULL)
        a->account_name = arguments->name != NULL ? arguments->name
                                                  : "default";
    done = cli_access_check(a);
    if (done >= 0)
        return done;
    job->outcome.mail.from = "";
    if ((!cli_asks_for_tls(&a->session) || a->session.tls_mode == DUVA_TLS_NEVER
         || cli_tls_open(job) == 0)
        && cli_secret(job) == 0)
        cli_session_try(job);
    cli_report(job);
    advise(job);
    return job->outcome.exit_code;
}

/* ---- add ---- */

static int add(struct arguments *arguments)
{
    static struct cli_draft_account draft;
    struct cli_access *a = &arguments->job->options.access;
    int done;

    if (!isatty(STDIN_FILENO))
        return cli_mistake(a, "add asks questions, and the standard input is "
                              "no terminal; duva-config(5) tells what to "
                              "write");
    done = cli_account_add(a, &draft, arguments->name, arguments->nameserver,
                           !arguments->no_lookup);
    if (done != EX_OK || cli_ask_yes("Log in now, to see if it works?", 1) <= 0)
        return done;
    cli_config_free(&a->config);
    a->account_name = draft.name;
    return test(arguments);
}

int cli_account(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct arguments *);
    } what[] = { { "add", add }, { "list", list }, { "test", test } };
    static struct cli_job job;
    struct arguments a = { &job, NULL, NULL, NULL, 0 };
    size_t i;
    int done;

    job.options.access.command = "account";
    job.outcome.start = cli_now();
    done = cli_arguments(&job.options.access, argc, argv, known, take, &a);
    for (i = 0; done < 0 && a.what != NULL && i < 3; i++)
        if (strcmp(a.what, what[i].name) == 0)
            done = what[i].run(&a);
    if (done < 0)
        done = cli_mistake(&job.options.access,
                           "say what to do: add, list or test");
    cli_tls_close(&job.tls);
    cli_options_free(&job.options);
    cli_wipe(job.login.secret, sizeof(job.login.secret));
    if (job.outcome.mail.result.err == DUVA_ERR_CANCELLED
        && done == EX_TEMPFAIL)
        raise(job.outcome.signal);
    return done;
}
