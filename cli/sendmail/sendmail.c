/* sendmail.c - what programs ask of a system's sendmail into what is done. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "envelope/mailbox.h"
#include "envelope/parameters.h"
#include "options/option.h"
#include "options/server_options.h"
#include "sendmail/input_lines.h"
#include "sendmail/sendmail.h"
#include "sendmail/smtp_stdin.h"
#include "sendmail/submission.h"
#include "send/deliver.h"
#include "send/job.h"
#include "system/clock.h"

enum mode { DELIVER, SMTP_STDIN, LIST, NOTHING };

struct arguments {
    struct cli_submission s;
    struct cli_mailboxes sender; /* of -f */
    enum mode mode;
    uint8_t   dot_ends, verbose;
};

/* ---- arguments that are more than a text ---- */

static const char *parse_mode(void *values, const char *text)
{
    struct arguments *a = values;
    const char *mode = strchr("msi", text[0]);

    a->mode = text[0] == 'm'   ? DELIVER
              : text[0] == 's' ? SMTP_STDIN
              : text[0] == 'p' ? LIST
                               : NOTHING;
    return (mode != NULL || text[0] == 'p') && text[0] != '\0'
                   && text[1] == '\0'
               ? NULL
               : "it must be m, s, p or i; there is no queue and no delivery "
                 "on this machine";
}

static const char *parse_nothing(void *values, const char *text)
{
    struct arguments *a = values;

    (void)text;
    a->mode = NOTHING;
    return NULL;
}

static const char *parse_unsupported(void *values, const char *text)
{
    (void)values;
    (void)text;
    return "it is not supported; -v shows the conversation";
}

static const char *parse_notify(void *values, const char *text)
{
    struct arguments *a = values;

    a->s.notify_given = 1;
    return strcmp(text, "off") == 0
                   || cli_notify_parse(&a->s.notify, text) == 0
               ? NULL
               : "it must be success, failure and delay with commas between, "
                 "or never, or off";
}

static const char *parse_return(void *values, const char *text)
{
    struct arguments *a = values;

    return cli_return_parse(&a->s.ret, text) == 0
               ? NULL
               : "it must be full or hdrs";
}

/* "<ada@example.org>", too; "" and "<>" are the null reverse-path. */
static const char *parse_sender(void *values, const char *text)
{
    struct arguments *a = values;
    struct cli_mailboxes *m = &a->sender;
    const char *problem;

    cli_mailboxes_free(m);
    m->lenient = 1;
    a->s.sender = "";
    if (text[0] == '\0' || strcmp(text, "<>") == 0)
        return NULL;
    problem = cli_mailboxes_add(m, text);
    if (problem == NULL && (m->count != 1 || m->list[0].addr == NULL))
        problem = "it must be one address";
    if (problem == NULL)
        a->s.sender = m->list[0].addr;
    return problem;
}

static const char *parse_name(void *values, const char *text)
{
    struct arguments *a = values;
    const char *p;

    for (p = text; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            return "it has a line end or another control character";
    a->s.full_name = text;
    return NULL;
}

static const char *parse_dot(void *values, const char *text)
{
    struct arguments *a = values;

    if (text == NULL || strcmp(text, "i") == 0)
        a->dot_ends = 0;
    return NULL;               /* the others are about queues and reports */
}

static const char *parse_recipient(void *values, const char *text)
{
    struct arguments *a = values;

    return cli_submission_add(&a->s, text);
}

/* ---- the tables ---- */

#define AT(field)   .place = offsetof(struct arguments, field)
#define FLAG(field) .kind = CLI_OPTION_FLAG, AT(field)
#define PARSED(how) .kind = CLI_OPTION_PARSED, .parse = how
#define ALONE       .argument_kind = CLI_ARGUMENT_NONE
#define OPTIONAL    .argument_kind = CLI_ARGUMENT_OPTIONAL
#define COMMON      .visibility = CLI_OPTION_COMMON
#define HIDDEN      .visibility = CLI_OPTION_HIDDEN

static const struct cli_option sendmail_option[] = {
    { "read-recipients", 't', FLAG(s.recipients_from_header), COMMON,
      .help = "send also to the addresses in To, Cc and Bcc" },
    { "from", 'f', PARSED(parse_sender), COMMON, .argument = "ADDRESS",
      .help = "envelope sender, also -r; default: the account's" },
    { NULL, 'r', PARSED(parse_sender), HIDDEN },
    { "read-envelope-from", FLAG(s.sender_from_header), COMMON,
      .help = "envelope sender from the field From" },
    { NULL, 'F', PARSED(parse_name), COMMON, .argument = "NAME",
      .help = "the name in a field From that is added" },
    { NULL, 'i', PARSED(parse_dot), ALONE, COMMON,
      .help = "a line with one dot is not the end; also -oi" },
    { NULL, 'o', PARSED(parse_dot), HIDDEN },
    { "dsn-notify", 'N', PARSED(parse_notify), COMMON, .argument = "WHEN",
      .help = "request reports: success,failure,delay; never" },
    { "dsn-return", 'R', PARSED(parse_return), COMMON, .argument = "HOW",
      .help = "what a report returns: full or hdrs" },
    { NULL, 'V', .kind = CLI_OPTION_TEXT, AT(s.envid), COMMON,
      .argument = "ID", .help = "identifier of the mail in a report" },
    { NULL, 'v', FLAG(verbose), COMMON, .help = "show the conversation" },
    { NULL, 'b', PARSED(parse_mode), COMMON, .argument = "m|s|p|i",
      .help = "-bm: read a message; -bs: SMTP on standard input",
      .more = "-bp and -bi do nothing: there is no queue and no table of "
              "aliases" },
    { NULL, 'q', PARSED(parse_nothing), OPTIONAL,
      .help = "does nothing: there is no queue" },
    { NULL, 'I', PARSED(parse_nothing), ALONE, HIDDEN },
    { NULL, 'X', PARSED(parse_unsupported), HIDDEN },
    { NULL, 'd', PARSED(parse_unsupported), OPTIONAL, HIDDEN },
    /* What they ask for is so, or means nothing here. */
    { NULL, 'A', CLI_OPTION_IGNORED, HIDDEN },
    { NULL, 'B', CLI_OPTION_IGNORED, HIDDEN },
    { NULL, 'G', CLI_OPTION_IGNORED, HIDDEN, ALONE },
    { NULL, 'L', CLI_OPTION_IGNORED, HIDDEN },
    { NULL, 'O', CLI_OPTION_IGNORED, HIDDEN },
    { NULL, 'U', CLI_OPTION_IGNORED, HIDDEN, ALONE },
    { NULL, 'e', CLI_OPTION_IGNORED, HIDDEN },
    { NULL, 'h', CLI_OPTION_IGNORED, HIDDEN },
    { NULL, 'm', CLI_OPTION_IGNORED, HIDDEN, ALONE },
    { NULL, 'n', CLI_OPTION_IGNORED, HIDDEN, ALONE },
    { NULL, 'p', CLI_OPTION_IGNORED, HIDDEN }
};

static const struct cli_option short_option[] = {
    { NULL, 'a', .kind = CLI_OPTION_TEXT,
      .place = offsetof(struct cli_access, account_name), COMMON,
      .argument = "NAME", .help = "the same as --account" },
    { NULL, 'C', .kind = CLI_OPTION_TEXT,
      .place = offsetof(struct cli_access, config_file), COMMON,
      .argument = "FILE", .help = "the same as --config" }
};

static int read_arguments(struct arguments *a, int argc, char **argv)
{
    struct cli_options *o = &a->s.job->options;
    const struct cli_option_table table[] = {
        CLI_TABLE("As the system's sendmail", sendmail_option, a),
        CLI_TABLE("Short forms", short_option, &o->access),
        CLI_ACCESS_TABLES(&o->access)
    };
    const struct cli_command command = {
        "sendmail",
        "[OPTION]... [RECIPIENT]...\n"
        "Sends the mail on standard input with an account of duva-config(5), "
        "as the\n"
        "system's sendmail does for cron, git, mutt and PHP.",
        "exit: as 'duva send', and 67 a recipient without a domain; more in "
        "duva(1)",
        table, sizeof(table) / sizeof(table[0]), parse_recipient, a,
        "recipient", CLI_PUBLIC
    };
    int done;

    o->access.command = command.name;
    done = cli_arguments_read(&command, argc, argv);
    o->access.trace |= a->verbose;
    o->quiet = !a->verbose;
    return done;
}

/* ---- what is to be done ---- */

static int deliver(struct arguments *a)
{
    struct cli_job *job = a->s.job;
    struct cli_input_lines in;
    int done;

    memset(&in, 0, sizeof(in));
    in.in = stdin;
    in.dot_ends = a->dot_ends;
    if (isatty(STDIN_FILENO))
        fputs("duva: reading the message, header first, from the terminal; "
              "Ctrl-D ends it\n", stderr);
    done = cli_submission_read(&a->s, &in);
    if (done == 0)
        done = cli_submission_send(&a->s);
    if (job->outcome.summary[0] != '\0')
        cli_job_report(job);
    cli_deliver_end(job);
    return done;
}

static int run(struct arguments *a)
{
    switch (a->mode) {
    case DELIVER:
        return deliver(a);
    case SMTP_STDIN:
        return cli_smtp_stdin(&a->s, stdin, stdout);
    case LIST:
        puts("Mail queue is empty: each mail is sent at once, or refused.");
        return EX_OK;
    default:
        return EX_OK;
    }
}

int cli_main_sendmail(int argc, char **argv)
{
    static struct cli_job job;
    static struct arguments a;
    int done;

    a.s.job = &job;
    a.dot_ends = 1;
    a.mode = strcmp(argv[0], "mailq") == 0 ? LIST
             : strcmp(argv[0], "newaliases") == 0 ? NOTHING : DELIVER;
    job.outcome.start = cli_now();
    done = read_arguments(&a, argc, argv);
    if (done == 0)
        done = run(&a);
    done = cli_arguments_exit(done);
    cli_submission_free(&a.s);
    cli_mailboxes_free(&a.sender);
    cli_outcome_raise(&job.outcome, done);
    return done;
}
