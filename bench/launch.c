/* launch.c - turns a command into what it cost: time, CPU, memory. */
/* SPDX-License-Identifier: MIT */
/*
 *     launch TIMES INPUT COMMAND [ARGUMENT]...
 *
 * Runs the command so many times, one after the other, each with the file
 * INPUT as its standard input, and prints the sum as JSON on a line.  Stops
 * at the first that fails.  It is a program of its own, and small, because a
 * child's peak of memory starts with that of its parent.
 */
#define _GNU_SOURCE

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + (double)t.tv_usec / 1e6;
}

/* Its output must not mix with ours, and it must not outlive us. */
static void become(const char *input, char **command)
{
    const int in = open(input, O_RDONLY);

    if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || in < 0
        || dup2(in, STDIN_FILENO) < 0
        || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) {
        perror(input);
        _exit(127);
    }
    close(in);
    execvp(*command, command);
    perror(*command);
    _exit(127);
}

int main(int argc, char **argv)
{
    const long    times = argc > 3 ? strtol(argv[1], NULL, 10) : 0;
    const double  start = now();
    struct rusage u;
    int           status = 0;
    long          i;

    if (times < 1)
        return 64;
    for (i = 0; i < times && status == 0; i++) {
        const pid_t child = fork();

        if (child == 0)
            become(argv[2], argv + 3);
        if (child < 0 || waitpid(child, &status, 0) < 0) {
            perror("launch");
            return 1;
        }
    }
    getrusage(RUSAGE_CHILDREN, &u);
    printf("{\"wall\": %.6f, \"user\": %.6f, \"system\": %.6f, "
           "\"rss_kb\": %ld, \"runs\": %ld, \"status\": %d}\n",
           now() - start, seconds(u.ru_utime), seconds(u.ru_stime),
           u.ru_maxrss, i, WIFEXITED(status) ? WEXITSTATUS(status) : 128);
    return 0;
}
