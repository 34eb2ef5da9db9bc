/* command.c - a program into the first line that it prints. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "system/clock.h"
#include "system/command.h"
#include "system/guard.h"

#define GRACE_MS 500           /* between asking it to end and ending it */

/* Standard input may be the message: it is not for the program to read, unless
 * a person is there, who may have to unlock something. */
static void close_input(void)
{
    if (isatty(STDIN_FILENO))
        return;
    close(STDIN_FILENO);       /* so that the next file takes its place */
    (void)open("/dev/null", O_RDONLY); /* without it there is no input */
}

/* Starts the program with its standard output in *out. */
static pid_t start(const char *const argv[], int *out)
{
    int   end[2];
    pid_t child;

    if (pipe(end) != 0)
        return -1;
    child = fork();
    if (child == 0) {
        close(end[0]);
        if (end[1] != STDOUT_FILENO) {
            if (dup2(end[1], STDOUT_FILENO) < 0)
                _exit(127);
            close(end[1]);
        }
        close_input();
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    close(end[1]);
    if (child < 0)
        close(end[0]);
    *out = end[0];
    return child;
}

/* Returns 1 when there is something to read, 0 when it is too late. */
static int readable(int fd, int64_t end)
{
    struct pollfd p = { fd, POLLIN, 0 };
    int64_t left;

    for (;;) {
        left = end - cli_now();
        if (left <= 0)
            return 0;
        if (poll(&p, 1, (int)(left < 60000 ? left : 60000)) > 0)
            return 1;
    }
}

/* Reads to the end, for a command that still writes must not die of it, and
 * keeps the first line.  Returns its octets, -1 or CLI_COMMAND_LATE. */
static int read_all(int fd, char *line, size_t size, int64_t end)
{
    char   more[512];
    size_t len = 0;
    int    done = 0;
    ssize_t n, i;

    while (readable(fd, end)) {
        n = read(fd, more, sizeof(more));
        if (n < 0 && errno != EINTR)
            return -1;
        if (n == 0) {
            errno = 0;
            return len < size ? (int)len : -1;
        }
        for (i = 0; i < n && !done && len < size; i++) {
            line[len++] = more[i];
            done = more[i] == '\n';
        }
        cli_wipe(more, sizeof(more));
    }
    return CLI_COMMAND_LATE;
}

/* The exit status; a command that does not come to its end is put to one. */
static int end_of(pid_t child, int64_t end, int *code)
{
    const struct timespec nap = { 0, 5000000 };
    int   status = 0, signals = 0;
    pid_t n;

    while ((n = waitpid(child, &status, WNOHANG)) == 0
           || (n < 0 && errno == EINTR)) {
        if (cli_now() >= end) {
            kill(child, signals++ == 0 ? SIGTERM : SIGKILL);
            end = cli_now() + GRACE_MS;
        }
        nanosleep(&nap, NULL);
    }
    *code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    if (signals > 0)
        return CLI_COMMAND_LATE;
    if (*code == 127)
        return CLI_COMMAND_UNKNOWN;
    return WIFEXITED(status) && *code == 0 ? 0 : CLI_COMMAND_FAILED;
}

int cli_command_line(const char *const argv[], char *line, size_t size,
                     int64_t ms, int *status)
{
    const int64_t end = cli_now() + ms;
    pid_t child;
    int   fd, len, failed, cause;

    child = start(argv, &fd);
    if (child < 0)
        return -1;
    len = read_all(fd, line, size, end);
    cause = errno;
    close(fd);
    failed = end_of(child, end, status);
    errno = cause;
    return failed < 0 ? failed : len;
}
