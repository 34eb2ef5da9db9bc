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
#include "login/secret.h"
#include "login/token.h"
#include "message/finished.h"
#include "options/server_options.h"
#include "outcome/outcome.h"
#include "report/summary.h"
#include "send/job.h"
#include "system/ask.h"
#include "system/command.h"
#include "system/guard.h"
#include "system/helper.h"
#include "text/escape.h"

#define COMMAND_MS 120000      /* a person may have to unlock something */
#define NETRC_SIZE 65536

static int is_token(const struct cli_job *job)
{
    return !job->connection.at_proxy
           && cli_auth_needs(&job->options.access.login) == CLI_TOKEN;
}

/* A password is text for people; a token is what a program has made. */
static size_t room_for_secret(const struct cli_job *job)
{
    return is_token(job) ? CLI_SECRET_SIZE : CLI_PASSWORD_SIZE;
}

static int complain(struct cli_job *job, const char *from, const char *problem)
{
    char shown[256];

    cli_escape(shown, sizeof(shown), from, strlen(from));
    return cli_stop(&job->outcome, EX_CONFIG, DUVA_ERR_ARG, DUVA_REASON_MISSING,
                    "no %s from %s: %s", is_token(job) ? "token" : "password",
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

/* RFC 6750 2.1: what a token is made of has no place for anything else. */
static int is_odd(const char *token)
{
    for (; *token != '\0'; token++)
        if (*token < 0x21 || *token > 0x7E)
            return 1;
    return 0;
}

/* Takes the line end off and sees whether a secret is left. */
static int check_line(struct cli_job *job, int len, const char *from)
{
    char *secret = job->login.secret;
    size_t n;

    if (len < 0)
        return complain(job, from, errno != 0 ? strerror(errno)
                                              : "the line is too long");
    n = (size_t)len;
    if (n > 0 && secret[n - 1] == '\n')
        n--;
    if (n > 0 && secret[n - 1] == '\r')
        n--;
    if (n == room_for_secret(job))
        return complain(job, from, "the line is too long");
    if (memchr(secret, '\0', n) != NULL)
        return complain(job, from, "the line holds a NUL");
    secret[n] = '\0';
    if (n == 0)
        return complain(job, from, "the first line is empty");
    return is_token(job) && is_odd(secret)
               ? complain(job, from, "the first line is no token")
               : 0;
}

/* The rights are those of what is open, not of what bears the name by now. */
static int read_file(struct cli_job *job, int fd, const char *file)
{
    struct stat st;

    if (fstat(fd, &st) != 0)
        return complain(job, file, strerror(errno));
    if (S_ISREG(st.st_mode) && (st.st_mode & 077) != 0)
        return complain(job, file,
                        "others than its owner have access to it; "
                        "'chmod 600' helps");
    return check_line(
        job, read_line(fd, job->login.secret, room_for_secret(job)), file);
}

static int from_file(struct cli_job *job, const char *file)
{
    const int fd = cli_is_stdin(file) ? STDIN_FILENO
                                      : open(file, O_RDONLY | O_CLOEXEC);
    int failed;

    if (fd < 0) {
        if (complain(job, file, strerror(errno)) == EX_CONFIG)
            job->outcome.exit_code = EX_NOINPUT;
        return job->outcome.exit_code;
    }
    cli_guard_memory();
    failed = read_file(job, fd, file);
    if (fd != STDIN_FILENO)
        close(fd);
    return failed;
}

static int64_t patience_ms(const struct cli_job *job)
{
    const uint32_t seconds = job->options.access.session.timeout_s;

    return seconds != 0 ? seconds * INT64_C(1000) : COMMAND_MS;
}

static int from_command(struct cli_job *job, const char *command,
                        const char *from)
{
    const char *const argv[] = { "/bin/sh", "-c", command, NULL };
    int len, status;

    cli_guard_memory();
    len = cli_command_line(argv, job->login.secret, room_for_secret(job),
                           patience_ms(job), &status);
    switch (len) {
    case CLI_COMMAND_FAILED:
        return complain(job, from, "the command failed");
    case CLI_COMMAND_UNKNOWN:
        return complain(job, from, "there is no such command");
    case CLI_COMMAND_LATE:
        return complain(job, from, "the command took too long");
    default:
        return check_line(job, len, from);
    }
}

/* ---- OAuth ---- */

/* The program that speaks HTTPS gets a new one, and says itself on standard
 * error why it could not. */
static int renew(struct cli_job *job, const char *name)
{
    char path[1024];
    const char *const argv[] = { path, "token", name, NULL };
    int len, status = 0;

    cli_helper_oauth(path, sizeof(path));
    len = cli_command_line(argv, job->login.secret, room_for_secret(job),
                           patience_ms(job), &status);
    switch (len) {
    case CLI_COMMAND_FAILED:
        complain(job, "--oauth", status == EX_NOPERM
                                     ? "the login is over; 'duva oauth login' "
                                       "begins a new one"
                                     : "it could not be renewed");
        return job->outcome.exit_code = status != 0 ? status : EX_SOFTWARE;
    case CLI_COMMAND_UNKNOWN:
        return complain(job, "--oauth", "it must be renewed, and 'duva oauth' "
                                        "is not installed");
    case CLI_COMMAND_LATE:
        complain(job, "--oauth", "its server took too long");
        return job->outcome.exit_code = EX_TEMPFAIL;
    default:
        return check_line(job, len, "--oauth");
    }
}

static int from_login(struct cli_job *job, const char *name)
{
    static struct cli_token token;
    const char *problem;
    int fresh;

    cli_guard_memory();
    problem = cli_token_load(&token, name);
    fresh = cli_token_is_fresh(&token, time(NULL));
    if (fresh)
        memcpy(job->login.secret, token.access, sizeof(token.access));
    cli_wipe(&token, sizeof(token));
    if (problem != NULL)
        return complain(job, name, problem);
    return fresh ? check_line(job, (int)strlen(job->login.secret), name)
                 : renew(job, name);
}

/* ---- a password that nobody says where it is ---- */

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
static int from_netrc(struct cli_job *job)
{
    static char text[NETRC_SIZE];
    const struct cli_access *a = &job->options.access;
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
        && cli_netrc_find(text, len, a->session.server.host, a->login.user,
                          job->login.secret, room_for_secret(job))
               < 0)
        problem = "a word is too long, or a quote does not end";
    cli_wipe(text, sizeof(text));
    return problem != NULL ? complain(job, file, problem) : 0;
}

static int from_keyring(struct cli_job *job)
{
    const struct cli_access *a = &job->options.access;
    const int len = cli_keyring_line(a->session.server.host, a->login.user,
                                     job->login.secret, room_for_secret(job),
                                     patience_ms(job));

    if (len > 0)
        return check_line(job, len, "the keyring");
    job->login.secret[0] = '\0';
    return 0;
}

static int from_terminal(struct cli_job *job)
{
    const char *user = job->options.access.login.user;
    char name[128], question[160];
    int len;

    cli_escape(name, sizeof(name), user, strlen(user));
    snprintf(question, sizeof(question), "Password of %s", name);
    errno = 0;
    len = cli_ask_secret(stderr, question, job->login.secret,
                         room_for_secret(job));
    if (len < 0)
        return complain(job, "the terminal",
                        errno != 0 ? strerror(errno) : "it has ended");
    return check_line(job, len, "the terminal");
}

/* It comes the same way as the other one, before it. */
int cli_secret_of_proxy(struct cli_job *job)
{
    const struct cli_access *a = &job->options.access;
    int failed;

    if (a->session.proxy.user[0] == '\0')
        return 0;
    job->connection.at_proxy = 1;
    failed = a->login.proxy_password_file != NULL
                 ? from_file(job, a->login.proxy_password_file)
                 : from_command(job, a->login.proxy_password_command,
                                "--proxy-password-command");
    if (failed == 0
        && strlen(job->login.secret) >= sizeof(job->login.proxy_secret))
        failed = complain(job, "there", "a proxy takes no such long one");
    if (failed == 0)
        strcpy(job->login.proxy_secret, job->login.secret);
    cli_wipe(job->login.secret, sizeof(job->login.secret));
    job->connection.at_proxy = 0;
    return failed;
}

/* It leaves the configuration: one place less to wipe. */
static int from_account(struct cli_job *job)
{
    char *text = job->options.access.login.account_secret;
    const size_t len = strlen(text);

    if (len < room_for_secret(job))
        memcpy(job->login.secret, text, len + 1);
    cli_wipe(text, len);
    errno = 0;
    return check_line(job, len < room_for_secret(job) ? (int)len : -1,
                      "the configuration");
}

static int search(struct cli_job *job)
{
    int failed;

    job->login.secret[0] = '\0';
    failed = from_netrc(job);
    if (failed == 0 && job->login.secret[0] == '\0')
        failed = from_keyring(job);
    if (failed != 0 || job->login.secret[0] != '\0')
        return failed;
    if (isatty(STDIN_FILENO))
        return from_terminal(job);
    return complain(job, "~/.netrc or a keyring, and the standard input is no "
                         "terminal",
                    "--password-file or --password-command tells it");
}

int cli_secret(struct cli_job *job)
{
    const struct cli_access *a = &job->options.access;
    const int failed = cli_secret_of_proxy(job);

    if (failed != 0 || cli_auth_needs(&a->login) == CLI_NOTHING)
        return failed;
    if (a->login.account_secret != NULL)
        return from_account(job);
    if (a->login.password_file != NULL)
        return from_file(job, a->login.password_file);
    if (a->login.password_command != NULL)
        return from_command(job, a->login.password_command,
                            "--password-command");
    if (a->login.token_file != NULL)
        return from_file(job, a->login.token_file);
    if (a->login.token_command != NULL)
        return from_command(job, a->login.token_command, "--token-command");
    return a->login.oauth != NULL ? from_login(job, a->login.oauth)
                                  : search(job);
}
