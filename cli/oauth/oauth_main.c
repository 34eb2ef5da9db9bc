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

static const char help[]
    = "usage: duva oauth login NAME [OPTION]...\n"
      "       duva oauth token|refresh|logout NAME\n"
      "       duva oauth list\n"
      "Gets OAuth 2 tokens for 'duva send --oauth NAME', and stores them.\n"
      "\n"
      "  login     log in with a browser, on this machine or another device\n"
      "  token     print the access token, renewed when it has expired\n"
      "  refresh   get a new access token now\n"
      "  logout    delete the login\n"
      "  list      list all logins\n"
      "\n"
      "Options of login; those of an earlier login of this name are kept:\n"
      "  --provider NAME          google or microsoft: sets URLs and scope\n"
      "  --device-url URL         device authorization endpoint\n"
      "  --authorize-url URL      authorization endpoint\n"
      "  --token-url URL          token endpoint\n"
      "  --scope TEXT             scope to request\n"
      "  --tenant NAME            tenant of Microsoft; default: common\n"
      "  --flow device|browser    log in with a code on any device, or with a\n"
      "                           browser on this machine\n"
      "  --client-id ID           client that you registered with the "
      "provider\n"
      "  --client-secret-file FILE  file with its secret, if it has one\n"
      "  --ca FILE                trust anchors in PEM, instead of the "
      "system's\n"
      "  --timeout SECONDS        time limit of a login\n"
      "  --help, --version\n";

/* ---- the commands ---- */

static struct cli_token token;

static int config_error(const struct oauth_options *o, const char *problem)
{
    oauth_print("login '%s': %s", o->name, problem);
    return EX_CONFIG;
}

static int store(const struct oauth_options *o)
{
    const char *problem = cli_token_keep(&token, o->name);

    if (problem == NULL)
        return 0;
    oauth_print("the tokens of '%s' cannot be stored: %s", o->name, problem);
    return EX_IOERR;
}

static void print_expiry(const struct oauth_options *o)
{
    const time_t when = (time_t)token.expires;
    struct tm local;
    char text[64] = "at an unknown time";

    if (when > 0 && localtime_r(&when, &local) != NULL
        && strftime(text, sizeof(text), "at %Y-%m-%d %H:%M", &local) == 0)
        text[0] = '\0';
    oauth_print("logged in as '%s'; the access token expires %s, %s", o->name,
                text,
                token.refresh[0] != '\0'
                    ? "and is renewed when it is used"
                    : "and there is no refresh token: log in again then");
}

static int login(const struct oauth_options *o)
{
    const char *problem = cli_token_load(&token, o->name);
    int failed, lock;

    /* A file that others could read is reported, not replaced. */
    if (problem != NULL && errno != ENOENT)
        return config_error(o, problem);
    failed = oauth_preset_apply(&token, o);
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
        return config_error(o, problem);
    failed = store(o);
    cli_token_unlock(lock);
    if (failed == 0)
        print_expiry(o);
    return failed;
}

/* Gets a new access token, unless there is a valid one.  A server may accept a
 * refresh token only once, so the login is locked meanwhile. */
static int renew(const struct oauth_options *o, int force)
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
        return config_error(o, problem);
    if (force || !cli_token_is_fresh(&token, time(NULL))) {
        failed = oauth_by_refresh(&token, o);
        if (failed == 0)
            store(o); /* a token that is not stored can be used */
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
        print_expiry(o);
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
    return problem != NULL ? config_error(o, problem) : 0;
}

static void print_login(const char *name)
{
    const char *problem = cli_token_load(&token, name);

    if (problem != NULL)
        printf("%s: %s\n", name, problem);
    else
        printf("%s: %s, %s\n", name, token.token_url,
               cli_token_is_fresh(&token, time(NULL)) ? "access token valid"
               : token.refresh[0] != '\0' ? "expired, can be renewed"
                                          : "expired");
}

static int list(const struct oauth_options *o)
{
    const char *problem = cli_token_list(print_login);

    (void)o;
    if (problem == NULL)
        return 0;
    oauth_print("%s", problem);
    return EX_CONFIG;
}

static const struct command {
    const char *name;
    int (*run)(const struct oauth_options *o);
    int needs_name;
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

static int usage_error(const char *what, const char *which)
{
    oauth_print("%s%s%s; try 'duva oauth --help'", what,
                which != NULL ? " " : "", which != NULL ? which : "");
    return EX_USAGE;
}

/* Returns -1 to go on, or an exit code. */
static int parse_timeout(struct oauth_options *o, const char *text)
{
    char *end;
    unsigned long seconds = strtoul(text, &end, 10);

    if (text[0] < '0' || text[0] > '9' || *end != '\0' || seconds == 0
        || seconds > 86400)
        return usage_error(
            "--timeout is not a number of seconds from 1 to 86400", NULL);
    o->timeout_s = (uint32_t)seconds;
    return -1;
}

static const char **text_option(struct oauth_options *o, int option)
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
static int set_option(struct oauth_options *o, int option, char **argv)
{
    const char **to = text_option(o, option);

    if (to != NULL)
        *to = optarg;
    else if (option == TIMEOUT)
        return parse_timeout(o, optarg);
    else if (option == HELP || option == 'h') {
        fputs(help, stdout);
        return EX_OK;
    } else if (option == VERSION) {
        puts("duva " DUVA_VERSION);
        return EX_OK;
    } else if (option == ':')
        return usage_error("a value is missing for", argv[optind - 1]);
    else
        return usage_error("unknown option", argv[optind - 1]);
    return -1;
}

static int read_arguments(struct oauth_options *o, const char **verb, int argc,
                          char **argv)
{
    int option, done = -1;

    opterr = 0;
    while (done < 0
           && (option = getopt_long(argc, argv, ":h", known, NULL)) != -1)
        done = set_option(o, option, argv);
    if (done >= 0)
        return done;
    if (optind == argc)
        return usage_error("no command: login, token, refresh, logout or list",
                           NULL);
    *verb = argv[optind++];
    if (optind < argc)
        o->name = argv[optind++];
    return optind < argc ? usage_error("more than one name:", argv[optind])
                         : -1;
}

static int run(const struct oauth_options *o, const char *verb)
{
    const char *problem;
    size_t i;

    for (i = 0; i < COMMANDS; i++)
        if (strcmp(verb, command[i].name) == 0)
            break;
    if (i == COMMANDS)
        return usage_error("unknown command", verb);
    if (command[i].needs_name && o->name == NULL)
        return usage_error("the name of the login is missing", NULL);
    if (!command[i].needs_name && o->name != NULL)
        return usage_error("a name is not allowed with", verb);
    problem = o->name != NULL ? cli_token_check_name(o->name) : NULL;
    if (problem != NULL)
        return usage_error(problem, NULL);
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
