/* test_threads.c - engines in two threads share nothing: to be run under a
 * thread sanitizer as well. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L
#include "session.h"

#include "cmocka_all.h"

#include <pthread.h>

enum { THREADS = 2, SESSIONS = 300 };

static unsigned bad[THREADS];

static void *many_sessions(void *ctx)
{
    const size_t    me = (size_t)((unsigned *)ctx - bad);
    struct session *s = calloc(1, sizeof(*s));
    unsigned        i;

    for (i = 0; s != NULL && i < SESSIONS; i++) {
        session_begin(s, (unsigned)me * SESSIONS + i);
        while (session_step(s))
            ;
        bad[me] += session_end(s) != 0;
    }
    bad[me] += s == NULL;
    free(s);
    return NULL;
}

static void two_threads(void **state)
{
    pthread_t thread[THREADS];
    size_t    i;

    (void)state;
    for (i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, many_sessions,
                                        &bad[i]),
                         0);
    for (i = 0; i < THREADS; i++) {
        pthread_join(thread[i], NULL);
        assert_int_equal(bad[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_threads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
