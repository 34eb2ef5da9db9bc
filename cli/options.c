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
    PASSWORD_COMMAND, HELLO, TIMEOUT, TLS, CA, PIN, CLIENT_CERT, CLIENT_KEY,
    TRUST_EVERYONE, ALLOW_CLEAR_PASSWORD, ALL_OR_NOTHING, TRACE, JSON, QUIET,
    HELP, VERSION
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
    { "tls", required_argument, NULL, TLS },
    { "ca", required_argument, NULL, CA },
    { "pin", required_argument, NULL, PIN },
    { "client-cert", required_argument, NULL, CLIENT_CERT },
    { "client-key", required_argument, NULL, CLIENT_KEY },
    { "dangerously-trust-everyone", no_argument, NULL, TRUST_EVERYONE },
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
    "  --server HOST[:PORT]     also smtp://HOST:PORT, and smtps://HOST:PORT\n"
    "                           for TLS from the start, usually on port 465;\n"
    "                           else $DUVA_SERVER, or localhost:25\n"
    "  --from ADDRESS           the sender; with --raw it may be empty\n"
    "  --to ADDRESS             a recipient; as often as needed\n"
    "  --subject TEXT           the subject, in UTF-8\n"
    "  --body FILE              the text; '-' or nothing: standard input\n"
    "  --raw FILE               a finished message, header and all\n"
    "  --user NAME              log in, asking for the password, or else with\n"
    "  --password-file FILE       the first line of FILE, or\n"
    "  --password-command CMD     the first line that CMD prints\n"
    "  --allow-clear-password   send it though others could read it\n"
    "  --tls MODE               required: STARTTLS or nothing, the default\n"
    "                           but to this machine; implicit: as smtps://;\n"
    "                           opportunistic: if offered; never\n"
    "  --ca FILE                trust these authorities, in PEM, instead of\n"
    "                           those of the system\n"
    "  --pin sha256/BASE64      a key that the chain must hold; repeatable\n"
    "  --client-cert FILE       our certificate (PEM), and\n"
    "  --client-key FILE          its key, if it is not in the same file\n"
    "  --dangerously-trust-everyone  take any certificate from anybody\n"
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

static int take_tls(struct cli_options *o, const char *text)
{
    static const char *const name[] = {
        "required", "implicit", "opportunistic", "never"
    };
    size_t i;

    for (i = 0; i < sizeof(name) / sizeof(name[0]); i++)
        if (strcmp(text, name[i]) == 0) {
            o->tls_mode = (uint8_t)i; /* in the order of duva_tls_mode */
            o->tls_mode_given = 1;
            return -1;
        }
    return mistake("--tls '%s': it must be required, implicit, opportunistic "
                   "or never", text);
}

static int take_pin(struct cli_options *o, const char *text)
{
    const char *problem;

    if (o->tls.pin_count == CLI_PINS)
        return mistake("--pin more often than %d times", CLI_PINS);
    problem = cli_pin_parse(&o->pin[o->tls.pin_count++], text);
    return problem == NULL ? -1 : mistake("--pin '%s': %s", text, problem);
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
    case TRUST_EVERYONE:
        o->tls.dangerously_trust_everyone = 1;
        break;
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
    case CA:
        return &o->tls.ca_file;
    case CLIENT_CERT:
        return &o->tls.cert_file;
    case CLIENT_KEY:
        return &o->tls.key_file;
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
    if (option == TLS)
        return take_tls(o, text);
    if (option == PIN)
        return take_pin(o, text);
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

int cli_options_ask_for_tls(const struct cli_options *o)
{
    return o->tls_mode_given || o->tls.ca_file != NULL || o->tls.pin_count > 0
           || o->tls.cert_file != NULL || o->tls.dangerously_trust_everyone;
}

/* Once the server is known too. */
static int check_tls(struct cli_options *o)
{
    const int given = o->tls_mode_given;

    if (o->tls.key_file != NULL && o->tls.cert_file == NULL)
        return mistake("--client-key without --client-cert");
    if (o->tls.ca_file != NULL && o->tls.dangerously_trust_everyone)
        return mistake("--ca or --dangerously-trust-everyone, not both");
    o->tls_mode_given = 0;
    if (given && o->tls_mode == DUVA_TLS_NEVER && cli_options_ask_for_tls(o))
        return mistake("--tls never goes with no other option of TLS");
    if (given && o->tls_mode != DUVA_TLS_IMPLICIT && o->server.implicit_tls)
        return mistake("smtps:// is --tls implicit, not another");
    o->tls_mode_given = given || o->server.implicit_tls;
    if (o->server.implicit_tls)
        o->tls_mode = DUVA_TLS_IMPLICIT;
    if (o->tls_mode == DUVA_TLS_IMPLICIT && !o->server.port_given)
        strcpy(o->server.port, "465");
    if (o->tls.key_file == NULL)
        o->tls.key_file = o->tls.cert_file;
    o->tls.pin = o->pin;
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
    return done < 0 ? check_tls(o) : done;
}

void cli_options_free(struct cli_options *o)
{
    free(o->rcpt);
}
