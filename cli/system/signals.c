/* signals.c - the signals that ask us to stop into a value to look at. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <string.h>
#include <sys/select.h>

#include "system/signals.h"

static const int asking[] = {
    SIGHUP, SIGINT, SIGQUIT, SIGTERM,
    SIGTSTP, SIGTTIN, SIGTTOU, SIGCONT /* of who stops us, at a question */
};

enum { ALL = sizeof(asking) / sizeof(asking[0]), TO_END = 4 };

static struct sigaction      before[ALL];
static size_t                taken;
static volatile sig_atomic_t caught;

static void note(int number)
{
    caught = number;
}

/* What our parent had us ignore stays ignored: nohup, a background job. */
static void catch(size_t count)
{
    struct sigaction action;
    size_t i;

    memset(&action, 0, sizeof(action));
    action.sa_handler = note;
    sigemptyset(&action.sa_mask);
    for (i = 0; i < count; i++) {
        sigaction(asking[i], NULL, &before[i]);
        if (before[i].sa_handler != SIG_IGN)
            sigaction(asking[i], &action, NULL);
    }
    taken = count;
}

void cli_signals_catch(void)
{
    catch(TO_END);
}

void cli_signals_catch_all(void)
{
    caught = 0;
    catch(ALL);
}

int cli_signals_is_stop(int number)
{
    size_t i;

    for (i = TO_END; i < ALL; i++)
        if (asking[i] == number)
            return 1;
    return 0;
}

int cli_signals_caught(void)
{
    return caught;
}

/* The signals wait while we look, so that none comes between the look and the
 * sleep. */
int cli_signals_wait(int fd)
{
    sigset_t mask, old;
    fd_set set;
    size_t i;

    sigemptyset(&mask);
    for (i = 0; i < taken; i++)
        sigaddset(&mask, asking[i]);
    sigprocmask(SIG_BLOCK, &mask, &old);
    FD_ZERO(&set);
    FD_SET(fd, &set);
    if (!caught)
        pselect(fd + 1, &set, NULL, NULL, NULL, &old);
    sigprocmask(SIG_SETMASK, &old, NULL);
    return caught;
}

void cli_signals_release(void)
{
    size_t i;

    for (i = 0; i < taken; i++)
        sigaction(asking[i], &before[i], NULL);
    taken = 0;
}
