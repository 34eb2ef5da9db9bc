/* test_host_run.h - runs a firmware program in a child and judges its exit. */
/* SPDX-License-Identifier: MIT */

/* For the tests of compat/netxduo/host. tx_kernel_enter() never returns, so
 * each test is a program in a process of its own: `define` is its
 * tx_application_define(), and it has passed when it called passed(). */

#ifndef TEST_HOST_RUN_H
#define TEST_HOST_RUN_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "nx_api.h"
#include "nx_ip.h"

#define PASSED 42

/* Ticks for what must come, however busy the machine is. */
#define PATIENCE 3000

#define CHECK(what) check((what), #what, __FILE__, __LINE__)
#define CHECK_STATUS(want, call)                                               \
    check_status((want), (call), #call, __FILE__, __LINE__)

static void (*program)(void *memory);

VOID tx_application_define(VOID *first_unused_memory)
{
    program(first_unused_memory);
}

static inline void check(int ok, const char *what, const char *file, int line)
{
    if (ok)
        return;
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    exit(1);
}

static inline void check_status(UINT want, UINT got, const char *what,
                                const char *file, int line)
{
    if (want == got)
        return;
    fprintf(stderr, "%s:%d: %s gave 0x%02x, not 0x%02x\n", file, line, what,
            got, want);
    exit(1);
}

static inline void passed(void)
{
    exit(PASSED);
}

/* Returns the program's exit status, or -1 if it was killed (a program that
 * hangs is, after a minute). */
static inline int run(void (*define)(void *memory))
{
    int status = 0;
    pid_t child;

    fflush(NULL);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        alarm(60);
        program = define;
        tx_kernel_enter();
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Starts a thread; its stack is the caller's memory, which moves on. */
static inline void spawn(TX_THREAD *thread, VOID (*entry)(ULONG), UINT priority,
                         char **memory)
{
    CHECK_STATUS(TX_SUCCESS, tx_thread_create(thread, (CHAR *)"test", entry, 0,
                                              *memory, 2048, priority, priority,
                                              TX_NO_TIME_SLICE, TX_AUTO_START));
    *memory += 2048;
}

/* What has happened so far, one letter each. */
static char order[64];

static inline void note(char what)
{
    const size_t n = strlen(order);

    CHECK(n + 1 < sizeof order);
    order[n] = what;
}

/* Sleeps until another thread has noted it. */
static inline void await(char what)
{
    while (strchr(order, what) == NULL)
        CHECK_STATUS(TX_SUCCESS, tx_thread_sleep(1));
}

#endif
