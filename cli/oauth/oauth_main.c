/* oauth_main.c - the arguments of "duva oauth" into logins and tokens. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <errno.h>
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "login/token.h"
#include "oauth/oauth_browser.h"
#include "oauth/oauth_flow.h"
#include "oauth/oauth_options.h"
#include "oauth/oauth_preset.h"
#include "oauth/oauth_print.h"
#include "system/guard.h"
#include "text/escape.h"

static const char help[] =
    "usage: duva oauth login NAME [OPTION]...\n"
    "       duva oauth token|refresh|logout NAME\n"
    "       duva oauth list\n"
    "Gets tokens of OAuth 2 for 'duva send --oauth NAME', and keeps them.\n"
    "\n"
    "  login     log in with a browser, here or on another device\n"
    "  token     print the access token, a new one if the old is over\n"
    "  refresh   get a new access token now\n"
    "  logout    forget the login\n"
    "  list      show the names of all logins\n"
    "\n"
    "  --provider NAME          google or microsoft; or what follows up to\n"
    "                           --scope\n"
    "  --device-url URL         where the device flow begins\n"
    "  --authorize-url URL      where a browser begins\n"
    "  --token-url URL          where tokens come from\n"
    "  --scope TEXT             what to ask for\n"
    "  --tenant NAME            of Microsoft; else 'common'\n"
    "  --flow device|browser    how to log in: with a code on any device, or\n"
    "                           with a browser on this machine\n"
    "  --client-id ID           the client that you have registered, and\n"
    "  --client-secret-file FILE  its secret, if it has one\n"
    "  --ca FILE                trust these authorities, in PEM, instead of\n"
    "                           those of the system\n"
    "  --timeout SECONDS        how long login waits\n"
    "  --help, --version\n"
    "\n"
    "What login was told once it need not be told again.\n";

/* ---- the commands ---- */

static struct cli_token token;

static int broken(const struct oauth_options *o, const char *problem)
{
    oauth_say("login '%s': %s", o->name, problem);
    return EX_CONFIG;
}

static int keep(const struct oauth_options *o)
{
    const char *problem = cli_token_keep(&token, o->name);

    if (problem == NULL)
        return 0;
    oauth_say("the tokens of '%s' cannot be kept: %s", o->name, problem);
    return EX_IOERR;
}

static void tell_expiry(const struct oauth_options *o)
{
    const time_t when = (time_t)token.expires;
    struct tm local;
    char text[64] = "its end is not known";

    if (when > 0 && localtime_r(&when, &local) != NULL
        && strftime(text, sizeof(text), "until %Y-%m-%d %H:%M", &local) == 0)
        text[0] = '\0';
    oauth_say("logged in as '%s' (access token: %s; %s)", o->name, text,
              token.refresh[0] != '\0'
                  ? "it is renewed when it is needed"
                  : "the server gave no refresh token, so then log in again");
}

static int login(const struct oauth_options *o)
{
    const char *problem = cli_token_load(&token, o->name);
    int failed, lock;

    /* What others could have read should be known before it is replaced. */
    if (problem != NULL && errno != ENOENT)
        return broken(o, problem);
    failed = oauth_prepare(&token, o);
    if (failed != 0)
        return failed;
    cli_wipe(token.access, sizeof(token.access));
    cli_wipe(token.refresh, sizeof(token.refresh));
    failed = strcmp(token.flow, "device") == 0 ? oauth_by_device(&token, o)
                                               : oauth_by_browser(&token, o);
    if (failed != 0)
        return failed;
    problem = cli_token_lock(&lock, o->name);
    if (problem != NULL)
        return broken(o, problem);
    failed = keep(o);
    cli_token_unlock(lock);
    if (failed == 0)
        tell_expiry(o);
    return failed;
}

/* A new access token, unless there is one that will do.  A refresh token may
 * be good for once only, so that nobody else may use it meanwhile. */
static int renew(const struct oauth_options *o, int even_if_fresh)
{
    const char *problem;
    int lock, failed = 0;

    problem = cli_token_lock(&lock, o->name);
    if (problem == NULL) {
        problem = cli_token_load(&token, o->name);
        if (problem != NULL)
            cli_token_unlock(lock);
    }
    if (problem != NULL)
        return broken(o, problem);
    if (even_if_fresh || !cli_token_is_fresh(&token, time(NULL))) {
        failed = oauth_by_refresh(&token, o);
        if (failed == 0)
            keep(o);           /* what is not kept can be used all the same */
    }
    cli_token_unlock(lock);
    return failed;
}

static int print_token(const struct oauth_options *o)
{
    const int failed = renew(o, 0);
    size_t len = strlen(token.access);

    if (failed != 0)
        return failed;
    token.access[len++] = '\n'; /* one write: no buffer keeps a copy */
    return write(STDOUT_FILENO, token.access, len) == (ssize_t)len ? 0
                                                                 : EX_IOERR;
}

static int refresh(const struct oauth_options *o)
{
    const int failed = renew(o, 1);

    if (failed == 0)
        tell_expiry(o);
    return failed;
}

static int logout(const struct oauth_options *o)
{
    const char *problem;
    int lock;

    problem = cli_token_lock(&lock, o->name);
    if (problem == NULL) {
        problem = cli_token_forget(o->name);
        cli_token_unlock(lock);
    }
    return problem != NULL ? broken(o, problem) : 0;
}

static void show(const char *name)
{
    const char *problem = cli_token_load(&token, name);

    if (problem != NULL)
        printf("%s: %s\n", name, problem);
    else
        printf("%s: %s, %s\n", name, token.token_url,
               cli_token_is_fresh(&token, time(NULL)) ? "access token at hand"
               : token.refresh[0] != '\0'             ? "can be renewed"
                                                      : "over");
}

static int list(const struct oauth_options *o)
{
    const char *problem = cli_token_list(show);

    (void)o;
    if (problem == NULL)
        return 0;
    oauth_say("%s", problem);
    return EX_CONFIG;
}

static const struct command {
    const char *name;
    int (*run)(const struct oauth_options *o);
    int takes_name;
} command[] = {
    { "login", login, 1 },
    { "token", print_token, 1 },
    { "refresh", refresh, 1 },
    { "logout", logout, 1 },
    { "list", list, 0 }
};

enum { COMMANDS = sizeof(command) / sizeof(command[0]) };

/* ---- the arguments ---- */

enum {
    PROVIDER = 256, DEVICE_URL, AUTHORIZE_URL, TOKEN_URL, SCOPE, TENANT, FLOW,
    CLIENT_ID, CLIENT_SECRET, CA, TIMEOUT, HELP, VERSION
};

static const struct option known[] = {
    { "provider", required_argument, NULL, PROVIDER },
    { "device-url", required_argument, NULL, DEVICE_URL },
    { "authorize-url", required_argument, NULL, AUTHORIZE_URL },
    { "token-url", required_argument, NULL, TOKEN_URL },
    { "scope", required_argument, NULL, SCOPE },
    { "tenant", required_argument, NULL, TENANT },
    { "flow", required_argument, NULL, FLOW },
    { "client-id", required_argument, NULL, CLIENT_ID },
    { "client-secret-file", required_argument, NULL, CLIENT_SECRET },
    { "ca", required_argument, NULL, CA },
    { "timeout", required_argument, NULL, TIMEOUT },
    { "help", no_argument, NULL, HELP },
    { "version", no_argument, NULL, VERSION },
    { NULL, 0, NULL, 0 }
};

static int mistake(const char *what, const char *which)
{
    oauth_say("%s%s%s; try 'duva oauth --help'", what,
              which != NULL ? " " : "", which != NULL ? which : "");
    return EX_USAGE;
}

static int take_timeout(struct oauth_options *o, const char *text)
{
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds == 0
        || seconds > 86400)
        return mistake("--timeout is not a number of seconds from 1 to 86400",
                       NULL);
    o->timeout_s = (uint32_t)seconds;
    return -1;
}

static const char **place(struct oauth_options *o, int option)
{
    switch (option) {
    case PROVIDER:
        return &o->provider;
    case DEVICE_URL:
        return &o->device_url;
    case AUTHORIZE_URL:
        return &o->authorize_url;
    case TOKEN_URL:
        return &o->token_url;
    case SCOPE:
        return &o->scope;
    case TENANT:
        return &o->tenant;
    case FLOW:
        return &o->flow;
    case CLIENT_ID:
        return &o->client_id;
    case CLIENT_SECRET:
        return &o->client_secret_file;
    case CA:
        return &o->ca;
    default:
        return NULL;
    }
}

/* Returns -1 to go on, or an exit code. */
static int take(struct oauth_options *o, int option, char **argv)
{
    const char **to = place(o, option);

    if (to != NULL)
        *to = optarg;
    else if (option == TIMEOUT)
        return take_timeout(o, optarg);
    else if (option == HELP || option == 'h') {
        fputs(help, stdout);
        return EX_OK;
    } else if (option == VERSION) {
        puts("duva " DUVA_VERSION);
        return EX_OK;
    } else if (option == ':')
        return mistake("a value is missing for", argv[optind - 1]);
    else
        return mistake("unknown option", argv[optind - 1]);
    return -1;
}

static int read_arguments(struct oauth_options *o, const char **verb, int argc,
                          char **argv)
{
    int option, done = -1;

    opterr = 0;
    while (done < 0
           && (option = getopt_long(argc, argv, ":h", known, NULL)) != -1)
        done = take(o, option, argv);
    if (done >= 0)
        return done;
    if (optind == argc)
        return mistake("say what to do: login, token, refresh, logout or "
                       "list", NULL);
    *verb = argv[optind++];
    if (optind < argc)
        o->name = argv[optind++];
    return optind < argc ? mistake("one name is enough:", argv[optind]) : -1;
}

static int run(const struct oauth_options *o, const char *verb)
{
    const char *problem;
    size_t i;

    for (i = 0; i < COMMANDS; i++)
        if (strcmp(verb, command[i].name) == 0)
            break;
    if (i == COMMANDS)
        return mistake("unknown command", verb);
    if (command[i].takes_name && o->name == NULL)
        return mistake("the name of a login is missing", NULL);
    if (!command[i].takes_name && o->name != NULL)
        return mistake("no name goes with", verb);
    problem = o->name != NULL ? cli_token_check_name(o->name) : NULL;
    if (problem != NULL)
        return mistake(problem, NULL);
    return command[i].run(o);
}

int main(int argc, char **argv)
{
    struct oauth_options o;
    const char *verb = NULL;
    int done;

    cli_guard_memory();
    memset(&o, 0, sizeof(o));
    done = read_arguments(&o, &verb, argc, argv);
    if (done < 0)
        done = run(&o, verb);
    cli_wipe(&token, sizeof(token));
    return done;
}
