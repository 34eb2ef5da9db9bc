/* sendmail.c - what programs ask of a system's sendmail into what is done. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "config/account_values.h"
#include "envelope/mailbox.h"
#include "options/server_options.h"
#include "report/summary.h"
#include "sendmail/input_lines.h"
#include "sendmail/sendmail.h"
#include "sendmail/submission.h"
#include "send/job.h"
#include "session/session.h"
#include "system/clock.h"

/* Letters of their own, behind those of the table of access. */
enum { READ_ENVELOPE_FROM = CLI_OPTION_OWN, LONG_ONLY };

static const struct option known[] = {
    CLI_ACCESS_OPTIONS,
    { "from", required_argument, NULL, 'f' },
    { "read-recipients", no_argument, NULL, 't' },
    { "read-envelope-from", no_argument, NULL, READ_ENVELOPE_FROM },
    { "dsn-notify", required_argument, NULL, 'N' },
    { "dsn-return", required_argument, NULL, 'R' },
    { NULL, 0, NULL, 0 }
};

static const char letters[] =
    ":A:B:C:F:GIL:N:O:R:UV:X:a:b:d::e:f:h:imno:p:q::r:tv";

enum mode { DELIVER, TALK, LIST, NOTHING };

struct arguments {
    struct cli_submission s;
    struct cli_mailboxes sender; /* of -f */
    enum mode mode;
    uint8_t   dot_ends, verbose;
};

static void help(void)
{
    fputs("usage: duva sendmail [OPTION]... [RECIPIENT]...\n"
          "Sends the mail on standard input by an account of duva-config(5), "
          "as the\n"
          "system's sendmail does for cron, git, mutt and PHP.\n"
          "\n"
          "  -t                       send it to those in To, Cc and Bcc, too\n"
          "  -f ADDRESS               the sender of the envelope, also -r and\n"
          "                           --from; else that of the account\n"
          "  --read-envelope-from     else it is that of the field From\n"
          "  -F NAME                  for a field From, where there is none\n"
          "  -i, -oi                  a line of one dot is not the end\n"
          "  -N WHEN, -R HOW, -V ID   reports on delivery (DSN); also\n"
          "                           --dsn-notify and --dsn-return\n"
          "  -a NAME, -C FILE         as --account and --config\n"
          "  -v                       show the conversation\n"
          "  -bm, -bs                 read a mail; speak SMTP\n"
          "  -bp, -q, -bi             there is no queue, nor a table of "
          "aliases\n",
          stdout);
    fputs(cli_access_help, stdout);
    fputs("  --read-recipients, --help, --version\n"
          "\n"
          "exit: as 'duva send', and 67 a name without a domain; more in "
          "duva(1)\n", stdout);
}

static int take_mode(struct arguments *a, const char *text)
{
    switch (text[0]) {
    case 'm':
        a->mode = DELIVER;
        break;
    case 's':
        a->mode = TALK;
        break;
    case 'p':
        a->mode = LIST;
        break;
    case 'i':
        a->mode = NOTHING;
        break;
    default:
        return cli_mistake(&a->s.job->options.access,
                           "-b%s is not done here: there is no queue and no "
                           "delivery on this machine", text);
    }
    return text[1] == '\0' ? -1
                           : cli_mistake(&a->s.job->options.access,
                                         "unknown option '-b%s'", text);
}

static int take_dsn(struct arguments *a, int option, const char *text)
{
    struct cli_submission *s = &a->s;

    if (option == 'N') {
        s->notify_given = 1;
        return strcmp(text, "off") == 0
                       || cli_notify_parse(&s->notify, text) == 0
                   ? -1
                   : cli_mistake(&s->job->options.access,
                                 "-N '%s': it must be never, or of success, "
                                 "failure and delay, with commas between",
                                 text);
    }
    return cli_return_parse(&s->ret, text) == 0
               ? -1
               : cli_mistake(&s->job->options.access,
                             "-R '%s': it must be full or hdrs", text);
}

/* What is rare, and what commands share. */
static int take_more(struct arguments *a, int option, const char *text)
{
    struct cli_access *access = &a->s.job->options.access;

    switch (option) {
    case 'b':
        return take_mode(a, text);
    case 'I':
    case 'q':
        a->mode = NOTHING;
        return -1;
    case 'X':
    case 'd':
        return cli_mistake(access, "-%c is not done here; -v shows the "
                                   "conversation", option);
    case 'A': case 'B': case 'G': case 'L': case 'O': case 'U': case 'e':
    case 'h': case 'm': case 'n': case 'p':
        return -1;             /* what they ask for is so, or means nothing */
    case CLI_OPTION_HELP:
        help();
        return EX_OK;
    default:
        return cli_access_take(access, option, text);
    }
}

/* "<ada@example.org>", too; "" and "<>" are nobody. */
static int take_sender(struct arguments *a, const char *text)
{
    struct cli_mailboxes *m = &a->sender;
    const char *problem;

    cli_mailboxes_free(m);
    m->lenient = 1;
    a->s.sender = "";
    if (text[0] == '\0' || strcmp(text, "<>") == 0)
        return -1;
    problem = cli_mailboxes_add(m, text);
    if (problem == NULL && (m->count != 1 || m->list[0].addr == NULL))
        problem = "it must be one address";
    if (problem != NULL)
        return cli_mistake(&a->s.job->options.access, "sender '%.300s': %s",
                           text, problem);
    a->s.sender = m->list[0].addr;
    return -1;
}

static int take_name(struct arguments *a, const char *text)
{
    const char *p;

    for (p = text; *p != '\0'; p++)
        if ((unsigned char)*p < ' ' || *p == 0x7F)
            return cli_mistake(&a->s.job->options.access, "-F '%.300s': it has "
                               "a line end or another control character",
                               text);
    a->s.full_name = text;
    return -1;
}

/* One option.  Returns -1 to go on, or an exit code. */
static int take(struct arguments *a, int option, const char *text)
{
    struct cli_submission *s = &a->s;
    struct cli_access *access = &s->job->options.access;

    switch (option) {
    case 't':
        s->recipients_from_header = 1;
        return -1;
    case 'i':
        a->dot_ends = 0;
        return -1;
    case 'o':                  /* the others are about queues and reports */
        if (strcmp(text, "i") == 0)
            a->dot_ends = 0;
        return -1;
    case 'f':
    case 'r':
        return take_sender(a, text);
    case 'F':
        return take_name(a, text);
    case READ_ENVELOPE_FROM:
        s->sender_from_header = 1;
        return -1;
    case 'N':
    case 'R':
        return take_dsn(a, option, text);
    case 'V':
        s->envid = text;
        return -1;
    case 'a':
        return cli_access_take(access, CLI_OPTION_ACCOUNT, text);
    case 'C':
        return cli_access_take(access, CLI_OPTION_CONFIG, text);
    case 'v':
        a->verbose = 1;
        return -1;
    default:
        return take_more(a, option, text);
    }
}

static int unknown(const struct cli_access *a, char **argv, int option)
{
    if (option == ':')
        return cli_mistake(a, "%s needs a value", argv[optind - 1]);
    if (optopt > 0 && optopt < CLI_OPERAND)
        return cli_mistake(a, "unknown option '-%c'", optopt);
    return cli_mistake(a, "unknown option '%s'", argv[optind - 1]);
}

static int take_recipient(struct arguments *a, const char *text)
{
    const char *problem = cli_submission_add(&a->s, text);

    return problem == NULL ? -1
                           : cli_mistake(&a->s.job->options.access,
                                         "recipient '%.300s': %s", text,
                                         problem);
}

static int read_arguments(struct arguments *a, int argc, char **argv)
{
    struct cli_access *access = &a->s.job->options.access;
    int option, done = -1;

    opterr = 0;
    while (done < 0
           && (option = getopt_long(argc, argv, letters, known, NULL)) != -1)
        done = option == ':' || option == '?' ? unknown(access, argv, option)
                                              : take(a, option, optarg);
    for (; done < 0 && optind < argc; optind++)
        done = take_recipient(a, argv[optind]);
    access->trace |= a->verbose;
    a->s.job->options.quiet = !a->verbose;
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
        fputs("duva: the message, header first, is read from here; Ctrl-D "
              "ends it\n", stderr);
    done = cli_submission_read(&a->s, &in);
    if (done == 0)
        done = cli_submission_send(&a->s);
    if (job->outcome.summary[0] != '\0')
        cli_report(job);
    cli_session_end(job);
    return done;
}

static int run(struct arguments *a)
{
    switch (a->mode) {
    case DELIVER:
        return deliver(a);
    case TALK:
        return cli_smtp_stdin(&a->s, stdin, stdout);
    case LIST:
        puts("Mail queue is empty: each mail is sent at once, or refused.");
        return EX_OK;
    default:
        return EX_OK;
    }
}

int cli_sendmail(int argc, char **argv)
{
    static struct cli_job job;
    static struct arguments a;
    int done;

    a.s.job = &job;
    a.dot_ends = 1;
    a.mode = strcmp(argv[0], "mailq") == 0 ? LIST
             : strcmp(argv[0], "newaliases") == 0 ? NOTHING : DELIVER;
    job.options.access.command = "sendmail";
    job.outcome.start = cli_now();
    done = read_arguments(&a, argc, argv);
    if (done < 0)
        done = run(&a);
    cli_submission_free(&a.s);
    cli_mailboxes_free(&a.sender);
    if (job.outcome.mail.result.err == DUVA_ERR_CANCELLED
        && done == EX_TEMPFAIL)
        raise(job.outcome.signal); /* as the shell expects of a Ctrl-C */
    return done;
}
