/* secret.c - a file, a command or a person into a password or a token. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "login/auth.h"
#include "login/keyring.h"
#include "login/netrc.h"
#include "login/login.h"
#include "login/secret.h"
#include "login/token.h"
#include "outcome/outcome.h"
#include "system/ask.h"
#include "system/command.h"
#include "system/guard.h"
#include "system/helper.h"
#include "system/input.h"
#include "text/escape.h"

#define COMMAND_MS 120000 /* a person may have to unlock something */
#define NETRC_SIZE 65536

/* How a secret is read. */
struct reading {
    char *secret; /* where it goes */
    size_t size;
    uint8_t is_token;
    int64_t patience_ms;
    struct cli_outcome *outcome;
};

/* A password is text for people; a token is what a program has made. */
static struct reading new_reading(struct cli_login *l, uint32_t timeout_s,
                                  struct cli_outcome *outcome)
{
    struct reading r = { l->secret, CLI_PASSWORD_SIZE, 0, COMMAND_MS, outcome };

    if (timeout_s != 0)
        r.patience_ms = timeout_s * INT64_C(1000);
    return r;
}

static int no_secret(const struct reading *r, const char *from,
                     const char *problem)
{
    char shown[256];

    cli_escape(shown, sizeof(shown), from, strlen(from));
    return cli_stop(r->outcome, EX_CONFIG, DUVA_ERR_ARG, DUVA_REASON_MISSING,
                    "no %s from %s: %s", r->is_token ? "token" : "password",
                    shown, problem);
}

/* Reads a line octet by octet, so that what follows stays for others to read.
 * Returns its length with the line end, if there is one; -1 with errno, which
 * is 0 when the line is too long. */
static int read_line(int fd, char *line, size_t size)
{
    size_t len = 0;
    ssize_t n;

    while (len < size) {
        n = read(fd, line + len, 1);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        if (n == 0 || line[len++] == '\n')
            return (int)len;
    }
    errno = 0;
    return -1;
}

/* RFC 6750 2.1: a token is of printable ASCII without spaces. */
static int has_bad_octet(const char *token)
{
    for (; *token != '\0'; token++)
        if (*token < 0x21 || *token > 0x7E)
            return 1;
    return 0;
}

/* Takes the line end off and sees whether a secret is left. */
static int check_line(const struct reading *r, int len, const char *from)
{
    char *secret = r->secret;
    size_t n;

    if (len < 0)
        return no_secret(r, from,
                         errno != 0 ? strerror(errno) : "the line is too long");
    n = (size_t)len;
    if (n > 0 && secret[n - 1] == '\n')
        n--;
    if (n > 0 && secret[n - 1] == '\r')
        n--;
    if (n == r->size)
        return no_secret(r, from, "the line is too long");
    if (memchr(secret, '\0', n) != NULL)
        return no_secret(r, from, "the line holds a NUL");
    secret[n] = '\0';
    if (n == 0)
        return no_secret(r, from, "the first line is empty");
    return r->is_token && has_bad_octet(secret)
               ? no_secret(r, from, "the first line is not a token")
               : 0;
}

/* The rights of the open file count: the name may mean another one by now. */
static int read_file(const struct reading *r, int fd, const char *file)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return no_secret(r, file, strerror(errno));
    if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
        return no_secret(
            r, file, "other users have access to it; run 'chmod 600' on it");
    return check_line(r, read_line(fd, r->secret, r->size), file);
}

static int from_file(const struct reading *r, const char *file)
{
    const int fd
        = cli_is_stdin(file) ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    int failed;

    if (fd < 0) {
        if (no_secret(r, file, strerror(errno)) == EX_CONFIG)
            r->outcome->exit_code = EX_NOINPUT;
        return r->outcome->exit_code;
    }
    cli_guard_memory();
    failed = read_file(r, fd, file);
    if (fd != STDIN_FILENO)
        close(fd);
    return failed;
}

static int from_command(const struct reading *r, const char *command,
                        const char *from)
{
    const char *const argv[] = { "/bin/sh", "-c", command, NULL };
    int len, status;

    cli_guard_memory();
    len = cli_command_line(argv, r->secret, r->size, r->patience_ms, &status);
    switch (len) {
    case CLI_COMMAND_FAILED:
        return no_secret(r, from, "the command failed");
    case CLI_COMMAND_UNKNOWN:
        return no_secret(r, from, "the command was not found");
    case CLI_COMMAND_LATE:
        return no_secret(r, from, "the command took too long");
    default:
        return check_line(r, len, from);
    }
}

/* ---- OAuth ---- */

/* duva-oauth, which has the HTTPS client, gets a new one; it prints itself why
 * it could not. */
static int renew(const struct reading *r, const char *name)
{
    char path[1024];
    const char *const argv[] = { path, "token", name, NULL };
    int len, status = 0;

    cli_helper_oauth(path, sizeof(path));
    len = cli_command_line(argv, r->secret, r->size, r->patience_ms, &status);
    switch (len) {
    case CLI_COMMAND_FAILED:
        no_secret(r, "--oauth",
                  status == EX_NOPERM
                      ? "the login has expired; log in again with "
                        "'duva oauth login'"
                      : "the token could not be renewed");
        return r->outcome->exit_code = status != 0 ? status : EX_SOFTWARE;
    case CLI_COMMAND_UNKNOWN:
        return no_secret(r, "--oauth",
                         "the token must be renewed, and 'duva oauth' is not "
                         "installed");
    case CLI_COMMAND_LATE:
        no_secret(r, "--oauth", "its server did not reply in time");
        return r->outcome->exit_code = EX_TEMPFAIL;
    default:
        return check_line(r, len, "--oauth");
    }
}

static int from_login(const struct reading *r, const char *name)
{
    static struct cli_token token;
    const char *problem;
    int fresh;

    cli_guard_memory();
    problem = cli_token_load(&token, name);
    fresh = cli_token_is_fresh(&token, time(NULL));
    if (fresh)
        memcpy(r->secret, token.access, sizeof(token.access));
    cli_wipe(&token, sizeof(token));
    if (problem != NULL)
        return no_secret(r, name, problem);
    return fresh ? check_line(r, (int)strlen(r->secret), name) : renew(r, name);
}

/* ---- a password whose place was not given ---- */

static const char *netrc_file(char *path, size_t size)
{
    const char *file = getenv("NETRC"), *home = getenv("HOME");

    if (file != NULL && file[0] != '\0')
        return file;
    if (home == NULL)
        return NULL;
    snprintf(path, size, "%s/.netrc", home);
    return path;
}

/* Returns 0 and a password, or an empty one; or an exit code. */
static int from_netrc(const struct reading *r, const char *host,
                      const char *user)
{
    static char text[NETRC_SIZE];
    char path[1024];
    const char *problem, *file = netrc_file(path, sizeof(path));
    size_t len = 0;

    if (file == NULL)
        return 0;
    cli_guard_memory();
    problem = cli_read_private(AT_FDCWD, file, text, sizeof(text), &len);
    if (problem != NULL && errno == ENOENT)
        return 0;
    if (problem == NULL
        && cli_netrc_find(text, len, host, user, r->secret, r->size) < 0)
        problem = "a word is too long, or a quotation mark is missing";
    cli_wipe(text, sizeof(text));
    return problem != NULL ? no_secret(r, file, problem) : 0;
}

static int from_keyring(const struct reading *r, const char *host,
                        const char *user)
{
    const int len
        = cli_keyring_line(host, user, r->secret, r->size, r->patience_ms);

    if (len > 0)
        return check_line(r, len, "the keyring");
    r->secret[0] = '\0';
    return 0;
}

static int from_terminal(const struct reading *r, const char *user)
{
    char name[128], question[160];
    int len;

    cli_escape(name, sizeof(name), user, strlen(user));
    snprintf(question, sizeof(question), "Password of %s", name);
    errno = 0;
    len = cli_ask_secret(stderr, question, r->secret, r->size);
    if (len < 0)
        return no_secret(r, "the terminal",
                         errno != 0 ? strerror(errno) : "end of input");
    return check_line(r, len, "the terminal");
}

/* It is wiped in the configuration: one place less that has it. */
static int from_account(const struct reading *r, char *text)
{
    const size_t len = strlen(text);

    if (len < r->size)
        memcpy(r->secret, text, len + 1);
    cli_wipe(text, len);
    errno = 0;
    return check_line(r, len < r->size ? (int)len : -1, "the configuration");
}

static int search(const struct reading *r, const char *host, const char *user)
{
    int failed;

    r->secret[0] = '\0';
    failed = from_netrc(r, host, user);
    if (failed == 0 && r->secret[0] == '\0')
        failed = from_keyring(r, host, user);
    if (failed != 0 || r->secret[0] != '\0')
        return failed;
    if (isatty(STDIN_FILENO))
        return from_terminal(r, user);
    return no_secret(r,
                     "~/.netrc or a keyring, and standard input is not a "
                     "terminal",
                     "use --password-file or --password-command");
}

/* ---- all of it ---- */

int cli_secret_read(struct cli_login *l, const struct cli_login_options *o,
                    const char *host, uint32_t timeout_s,
                    struct cli_outcome *outcome)
{
    struct reading r = new_reading(l, timeout_s, outcome);
    const enum cli_proof needed = cli_auth_needs(o);

    if (needed == CLI_NOTHING)
        return 0;
    r.is_token = needed == CLI_TOKEN;
    if (r.is_token)
        r.size = CLI_SECRET_SIZE;
    if (o->account_secret != NULL)
        return from_account(&r, o->account_secret);
    if (o->password_file != NULL)
        return from_file(&r, o->password_file);
    if (o->password_command != NULL)
        return from_command(&r, o->password_command, "--password-command");
    if (o->token_file != NULL)
        return from_file(&r, o->token_file);
    if (o->token_command != NULL)
        return from_command(&r, o->token_command, "--token-command");
    return o->oauth != NULL ? from_login(&r, o->oauth)
                            : search(&r, host, o->user);
}

int cli_proxy_secret_read(struct cli_login *l, const char *file,
                          const char *command, uint32_t timeout_s,
                          struct cli_outcome *outcome)
{
    struct reading r = new_reading(l, timeout_s, outcome);
    int failed;

    r.secret = l->proxy_secret;
    failed = file != NULL
                 ? from_file(&r, file)
                 : from_command(&r, command, "--proxy-password-command");
    if (failed == 0 && strlen(r.secret) > CLI_PROXY_SECRET_MAX)
        failed = no_secret(&r, file != NULL ? file : "--proxy-password-command",
                           "the password of a proxy has 255 octets at most");
    return failed;
}

void cli_secrets_wipe(struct cli_login *l)
{
    cli_wipe(l->secret, sizeof(l->secret));
    cli_wipe(l->proxy_secret, sizeof(l->proxy_secret));
    cli_wipe(l->auth.pass, sizeof(l->auth.pass));
    cli_wipe(&l->auth.with, sizeof(l->auth.with));
}
