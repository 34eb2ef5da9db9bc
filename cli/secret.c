/* secret.c - a file, a command or a person into a password or a token. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

#include "cli.h"

#define COMMAND_MS 120000      /* a person may have to unlock something */

void cli_wipe(void *data, size_t len)
{
    explicit_bzero(data, len);
}

static int is_token(const struct cli_job *job)
{
    return !job->at_proxy && cli_auth_needs(&job->options.access) == CLI_TOKEN;
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
    return cli_stop(job, EX_CONFIG, DUVA_ERR_ARG, DUVA_REASON_MISSING,
                    "no %s from %s: %s",
                    is_token(job) ? "token" : "password", shown, problem);
}

void cli_guard_memory(void)
{
    const struct rlimit none = { 0, 0 };

    setrlimit(RLIMIT_CORE, &none);
#ifdef __linux__
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
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
    char *secret = job->secret;
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
    return check_line(job, read_line(fd, job->secret, room_for_secret(job)),
                      file);
}

static int from_file(struct cli_job *job, const char *file)
{
    const int fd = cli_is_stdin(file) ? STDIN_FILENO
                                      : open(file, O_RDONLY | O_CLOEXEC);
    int failed;

    if (fd < 0) {
        complain(job, file, strerror(errno));
        return job->exit_code = EX_NOINPUT;
    }
    cli_guard_memory();
    failed = read_file(job, fd, file);
    if (fd != STDIN_FILENO)
        close(fd);
    return failed;
}

static int from_command(struct cli_job *job, const char *command,
                        const char *from)
{
    const uint32_t seconds = job->options.access.timeout_s;
    int len;

    cli_guard_memory();
    len = cli_command_line(command, job->secret, room_for_secret(job),
                           seconds != 0 ? seconds * INT64_C(1000)
                                        : COMMAND_MS);
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

static int from_terminal(struct cli_job *job)
{
    const char *user = job->options.access.user;
    struct termios shown, hidden;
    char name[128];
    int len = 0, signal_number;

    if (tcgetattr(STDIN_FILENO, &shown) != 0)
        return complain(job, "the terminal", strerror(errno));
    cli_guard_memory();
    cli_signals_catch();
    hidden = shown;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    hidden.c_lflag |= ICANON | ECHONL;
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    cli_escape(name, sizeof(name), user, strlen(user));
    fprintf(stderr, "Password of %s: ", name);
    signal_number = cli_signals_wait(STDIN_FILENO);
    if (signal_number == 0)    /* a terminal gives whole lines */
        len = read_line(STDIN_FILENO, job->secret, room_for_secret(job));
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown);
    cli_signals_release();
    if (signal_number != 0)
        raise(signal_number);  /* the echo is back: now it may */
    return check_line(job, len, "the terminal");
}

/* It comes the same way as the other one, before it. */
int cli_secret_of_proxy(struct cli_job *job)
{
    const struct cli_access *a = &job->options.access;
    int failed;

    if (a->proxy.user[0] == '\0')
        return 0;
    job->at_proxy = 1;
    failed = a->proxy_password_file != NULL
                 ? from_file(job, a->proxy_password_file)
                 : from_command(job, a->proxy_password_command,
                                "--proxy-password-command");
    if (failed == 0 && strlen(job->secret) >= sizeof(job->proxy_secret))
        failed = complain(job, "there", "a proxy takes no such long one");
    if (failed == 0)
        strcpy(job->proxy_secret, job->secret);
    cli_wipe(job->secret, sizeof(job->secret));
    job->at_proxy = 0;
    return failed;
}

/* It leaves the configuration: one place less to wipe. */
static int from_account(struct cli_job *job)
{
    char *text = job->options.access.account_secret;
    const size_t len = strlen(text);

    if (len < room_for_secret(job))
        memcpy(job->secret, text, len + 1);
    cli_wipe(text, len);
    errno = 0;
    return check_line(job, len < room_for_secret(job) ? (int)len : -1,
                      "the configuration");
}

int cli_secret(struct cli_job *job)
{
    const struct cli_access *a = &job->options.access;
    const int failed = cli_secret_of_proxy(job);

    if (failed != 0 || cli_auth_needs(a) == CLI_NOTHING)
        return failed;
    if (a->account_secret != NULL)
        return from_account(job);
    if (a->password_file != NULL)
        return from_file(job, a->password_file);
    if (a->password_command != NULL)
        return from_command(job, a->password_command, "--password-command");
    if (a->token_file != NULL)
        return from_file(job, a->token_file);
    if (a->token_command != NULL)
        return from_command(job, a->token_command, "--token-command");
    if (isatty(STDIN_FILENO))
        return from_terminal(job);
    return complain(job, "the standard input, which is no terminal",
                    "--password-file or --password-command tells it");
}
