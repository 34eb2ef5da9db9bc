/* options.c - the arguments of "duva send" into what they mean. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum {
    SERVER = 256, FROM, TO, SUBJECT, BODY, RAW, USER, PASSWORD_FILE,
    PASSWORD_COMMAND, HELLO, TIMEOUT, ALLOW_CLEAR_PASSWORD, ALL_OR_NOTHING,
    TRACE, JSON, QUIET, HELP, VERSION
};

static const struct option known[] = {
    { "server", required_argument, NULL, SERVER },
    { "from", required_argument, NULL, FROM },
    { "to", required_argument, NULL, TO },
    { "subject", required_argument, NULL, SUBJECT },
    { "body", required_argument, NULL, BODY },
    { "raw", required_argument, NULL, RAW },
    { "user", required_argument, NULL, USER },
    { "password-file", required_argument, NULL, PASSWORD_FILE },
    { "password-command", required_argument, NULL, PASSWORD_COMMAND },
    { "hello", required_argument, NULL, HELLO },
    { "timeout", required_argument, NULL, TIMEOUT },
    { "allow-clear-password", no_argument, NULL, ALLOW_CLEAR_PASSWORD },
    { "all-or-nothing", no_argument, NULL, ALL_OR_NOTHING },
    { "trace", no_argument, NULL, TRACE },
    { "json", no_argument, NULL, JSON },
    { "quiet", no_argument, NULL, QUIET },
    { "help", no_argument, NULL, HELP },
    { "version", no_argument, NULL, VERSION },
    { NULL, 0, NULL, 0 }
};

static const char help[] =
    "usage: duva send --from ADDRESS --to ADDRESS [OPTION]... [ADDRESS]...\n"
    "Sends one mail and says what became of it.\n"
    "\n"
    "  --server HOST[:PORT]     also smtp://HOST:PORT; else $DUVA_SERVER, or\n"
    "                           localhost:25\n"
    "  --from ADDRESS           the sender; with --raw it may be empty\n"
    "  --to ADDRESS             a recipient; as often as needed\n"
    "  --subject TEXT           the subject, in UTF-8\n"
    "  --body FILE              the text; '-' or nothing: standard input\n"
    "  --raw FILE               a finished message, header and all\n"
    "  --user NAME              log in, asking for the password, or else with\n"
    "  --password-file FILE       the first line of FILE, or\n"
    "  --password-command CMD     the first line that CMD prints\n"
    "  --allow-clear-password   send it though others could read it\n"
    "  --hello NAME             the name for EHLO\n"
    "  --all-or-nothing         send to nobody if one recipient is refused\n"
    "  --timeout SECONDS        give up after that time\n"
    "  --trace                  show the conversation on standard error\n"
    "  --json                   show the result as JSON on standard output\n"
    "  --quiet                  say nothing of success\n"
    "  --help, --version\n"
    "\n"
    "exit: 0 accepted, 64 usage, 65 bad message, 69 refused, 75 try later,\n"
    "      77 authentication refused, 79 uncertain; more in duva(1)\n";

static int mistake(const char *format, ...)
{
    char text[512], shown[1024];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_escape(shown, sizeof(shown), text, strlen(text));
    fprintf(stderr, "duva send: %s; try 'duva send --help'\n", shown);
    return EX_USAGE;
}

static int take_timeout(struct cli_options *o, const char *text)
{
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds == 0
        || seconds > 86400)
        return mistake("--timeout is not a number of seconds from 1 to 86400");
    o->timeout_s = (uint32_t)seconds;
    return -1;
}

static int take_server(struct cli_options *o, const char *text,
                       const char *origin)
{
    const char *problem = cli_server_parse(&o->server, text);

    return problem == NULL ? -1
                           : mistake("%s '%s': %s", origin, text, problem);
}

static void take_recipient(struct cli_options *o, const char *addr)
{
    o->rcpt[o->rcpt_count++].addr = addr;
}

static int take_flag(struct cli_options *o, int option)
{
    switch (option) {
    case ALLOW_CLEAR_PASSWORD:
        o->allow_clear_password = 1;
        break;
    case ALL_OR_NOTHING:
        o->all_or_nothing = 1;
        break;
    case TRACE:
        o->trace = 1;
        break;
    case JSON:
        o->json = 1;
        break;
    case QUIET:
        o->quiet = 1;
        break;
    case HELP:
        fputs(help, stdout);
        return EX_OK;
    default:
        puts("duva " DUVA_VERSION);
        return EX_OK;
    }
    return -1;
}

/* Where the text of an option goes, or NULL. */
static const char **place(struct cli_options *o, int option)
{
    switch (option) {
    case FROM:
        return &o->from;
    case SUBJECT:
        return &o->subject;
    case BODY:
        return &o->body;
    case RAW:
        return &o->raw;
    case USER:
        return &o->user;
    case PASSWORD_FILE:
        return &o->password_file;
    case PASSWORD_COMMAND:
        return &o->password_command;
    case HELLO:
        return &o->hello;
    default:
        return NULL;
    }
}

static int take(struct cli_options *o, int option, const char *text)
{
    const char **to = place(o, option);

    if (to != NULL) {
        *to = text;
        return -1;
    }
    if (option == SERVER)
        return take_server(o, text, "--server");
    if (option == TIMEOUT)
        return take_timeout(o, text);
    if (option == TO) {
        take_recipient(o, text);
        return -1;
    }
    return take_flag(o, option);
}

static int check(const struct cli_options *o)
{
    const char *text = o->raw != NULL ? o->raw : o->body;

    if (o->from == NULL)
        return mistake("--from is missing");
    if (o->rcpt_count == 0)
        return mistake("--to is missing");
    if (o->raw != NULL && (o->body != NULL || o->subject != NULL))
        return mistake("--raw is a whole message: no --subject, no --body");
    if (o->raw == NULL && o->from[0] == '\0')
        return mistake("an empty --from needs --raw");
    if (o->password_file != NULL && o->password_command != NULL)
        return mistake("--password-file or --password-command, not both");
    if (o->user == NULL
        && (o->password_file != NULL || o->password_command != NULL))
        return mistake("a password without --user");
    if (o->user != NULL && o->user[0] == '\0')
        return mistake("--user is empty");
    if (o->password_file != NULL && cli_is_stdin(o->password_file)
        && cli_is_stdin(text))
        return mistake("password and message cannot both be standard input");
    return -1;
}

/* getopt leaves in optopt a letter, or the number of an option that takes no
 * value, or 0. */
static int unknown(char **argv)
{
    if (optopt > 0 && optopt < SERVER)
        return mistake("unknown option '-%c'", optopt);
    return mistake(optopt != 0 ? "'%s': that option takes no value"
                               : "unknown option '%s'",
                   argv[optind - 1]);
}

static int read_arguments(struct cli_options *o, int argc, char **argv)
{
    int option, done = -1;

    opterr = 0;
    while (done < 0
           && (option = getopt_long(argc, argv, ":h", known, NULL)) != -1) {
        if (option == ':')
            return mistake("%s needs a value", argv[optind - 1]);
        if (option == '?')
            return unknown(argv);
        done = take(o, option == 'h' ? HELP : option, optarg);
    }
    for (; done < 0 && optind < argc; optind++)
        take_recipient(o, argv[optind]);
    return done;
}

int cli_options_read(struct cli_options *o, int argc, char **argv)
{
    const char *server = getenv("DUVA_SERVER");
    int done;

    o->rcpt = calloc((size_t)argc, sizeof(*o->rcpt));
    if (o->rcpt == NULL) {
        fputs("duva send: not enough memory\n", stderr);
        return EX_OSERR;
    }
    done = read_arguments(o, argc, argv);
    if (done < 0 && o->raw == NULL && o->body == NULL)
        o->body = "-";
    if (done < 0)
        done = check(o);
    if (done < 0 && o->server.host[0] == '\0' && server != NULL
        && server[0] != '\0')
        done = take_server(o, server, "$DUVA_SERVER");
    if (done < 0 && o->server.host[0] == '\0')
        done = take_server(o, "localhost", "--server");
    return done;
}

void cli_options_free(struct cli_options *o)
{
    free(o->rcpt);
}
