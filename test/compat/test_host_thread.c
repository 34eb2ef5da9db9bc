/* test_host_thread.c - ThreadX threads: order, time, ending. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include <pthread.h>
#include <time.h>
#include "test_host_run.h"

static TX_THREAD one;
static TX_THREAD two;
static TX_THREAD three;
static TX_MUTEX mutex;
static char *memory;
static volatile int inside;

/* --- who runs first --- */

static VOID note_a(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    note('a');
    tx_thread_sleep(2);
    note('A');
}

static VOID note_b(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    note('b');
    tx_thread_sleep(2);
    note('B');
}

static long long milliseconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Makes no call while the sleep of both ends. */
static VOID be_busy(ULONG unused)
{
    const long long begin = milliseconds();

    NX_PARAMETER_NOT_USED(unused);
    while (milliseconds() - begin < 100)
        continue;
    await('A');
    CHECK(strcmp(order, "baBA") == 0);
    passed();
}

static void define_order(void *first)
{
    memory = first;
    spawn(&three, be_busy, 9, &memory);
    spawn(&one, note_a, 8, &memory);
    spawn(&two, note_b, 3, &memory);
    CHECK(order[0] == '\0');
}

static void test_urgent_first(void **state)
{
    (void)state;
    assert_int_equal(run(define_order), PASSED);
}

static VOID equals(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    note(tx_thread_identify() == &one ? '1' : '2');
    tx_thread_relinquish();
    note(tx_thread_identify() == &one ? '1' : '2');
    if (strlen(order) == 4) {
        CHECK(strcmp(order, "1212") == 0);
        passed();
    }
}

static void define_equals(void *first)
{
    memory = first;
    spawn(&one, equals, 5, &memory);
    spawn(&two, equals, 5, &memory);
}

static void test_equals_in_turn(void **state)
{
    (void)state;
    assert_int_equal(run(define_equals), PASSED);
}

static VOID low_resumes(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    note('l');
    CHECK_STATUS(TX_SUCCESS, tx_thread_resume(&two));
    note('L');
    CHECK_STATUS(TX_RESUME_ERROR, tx_thread_resume(&two));
    CHECK(strcmp(order, "lhL") == 0);
    passed();
}

static VOID high_notes(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    note('h');
}

static void define_resume(void *first)
{
    memory = first;
    CHECK_STATUS(TX_SUCCESS, tx_thread_create(&two, (CHAR *)"high", high_notes,
                                              0, memory + 4096, 2048, 1, 1,
                                              TX_NO_TIME_SLICE, TX_DONT_START));
    spawn(&one, low_resumes, 20, &memory);
}

static void test_resume_preempts(void **state)
{
    (void)state;
    assert_int_equal(run(define_resume), PASSED);
}

static void define_threshold(void *first)
{
    memory = first;
    CHECK_STATUS(TX_SUCCESS, tx_thread_create(&two, (CHAR *)"high", high_notes,
                                              0, memory + 4096, 2048, 5, 5,
                                              TX_NO_TIME_SLICE, TX_DONT_START));
    CHECK_STATUS(TX_SUCCESS,
                 tx_thread_create(&one, (CHAR *)"low", note_a, 0, memory, 2048,
                                  20, 5, TX_NO_TIME_SLICE, TX_DONT_START));
    CHECK_STATUS(TX_THRESH_ERROR,
                 tx_thread_create(&three, (CHAR *)"x", note_a, 0, memory + 8192,
                                  2048, 5, 6, TX_NO_TIME_SLICE, TX_DONT_START));
    CHECK_STATUS(TX_SUCCESS, tx_thread_resume(&one));
}

static VOID protected_low(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    note('l');
    CHECK_STATUS(TX_SUCCESS, tx_thread_resume(&two));
    note('L');
    tx_thread_sleep(1);
    CHECK(strcmp(order, "lLh") == 0);
    passed();
}

static void define_protected(void *first)
{
    define_threshold(first);
    one.tx_thread_entry = protected_low;
}

static void test_threshold_protects(void **state)
{
    (void)state;
    assert_int_equal(run(define_protected), PASSED);
}

/* A thread that polls the clock lets a more urgent one in when it wakes. */
static VOID poll_clock(ULONG unused)
{
    const ULONG begin = tx_time_get();

    NX_PARAMETER_NOT_USED(unused);
    while (tx_time_get() - begin < 10)
        continue;
    CHECK(strcmp(order, "bB") == 0);
    passed();
}

static void define_poll(void *first)
{
    memory = first;
    spawn(&one, poll_clock, 20, &memory);
    spawn(&two, note_b, 3, &memory);
}

static void test_polling_lets_others_in(void **state)
{
    (void)state;
    assert_int_equal(run(define_poll), PASSED);
}

/* --- never two at once --- */

static VOID jostle(ULONG unused)
{
    int i;

    NX_PARAMETER_NOT_USED(unused);
    for (i = 0; i < 200; i++) {
        CHECK(inside == 0);
        inside = 1;
        sched_yield();
        inside = 0;
        if (i % 50 == 0)
            tx_thread_sleep(1);
        else
            tx_thread_relinquish();
    }
    note('.');
    if (strlen(order) == 3)
        passed();
}

static void define_jostle(void *first)
{
    memory = first;
    spawn(&one, jostle, 5, &memory);
    spawn(&two, jostle, 5, &memory);
    spawn(&three, jostle, 4, &memory);
}

static void test_one_at_a_time(void **state)
{
    (void)state;
    assert_int_equal(run(define_jostle), PASSED);
}

/* --- time --- */

static VOID sleeper(ULONG unused)
{
    ULONG begin = tx_time_get();
    ULONG passed_ticks;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_SUCCESS, tx_thread_sleep(0));
    CHECK_STATUS(TX_SUCCESS, tx_thread_sleep(20));
    passed_ticks = tx_time_get() - begin;
    CHECK(passed_ticks >= 20);
    passed();
}

static void define_sleep(void *first)
{
    memory = first;
    CHECK_STATUS(TX_CALLER_ERROR, tx_thread_sleep(1));
    spawn(&one, sleeper, 5, &memory);
}

static void test_sleep_takes_its_ticks(void **state)
{
    (void)state;
    assert_int_equal(run(define_sleep), PASSED);
}

/* --- suspend, abort, terminate, delete --- */

static VOID sleep_long(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_WAIT_ABORTED, tx_thread_sleep(10000));
    note('w');
    tx_thread_suspend(tx_thread_identify());
    note('r');
    tx_mutex_get(&mutex, TX_WAIT_FOREVER);
    tx_thread_sleep(TX_WAIT_FOREVER);
    note('!');
}

static VOID manage(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_DELETE_ERROR, tx_thread_delete(&two));
    CHECK_STATUS(TX_SUCCESS, tx_thread_suspend(&two));
    CHECK_STATUS(TX_SUSPEND_LIFTED, tx_thread_resume(&two));
    CHECK_STATUS(TX_SUCCESS, tx_thread_wait_abort(&two));
    CHECK_STATUS(TX_WAIT_ABORT_ERROR, tx_thread_wait_abort(&two));
    CHECK(strcmp(order, "w") == 0);
    CHECK(two.tx_thread_state == TX_SUSPENDED);
    CHECK_STATUS(TX_SUCCESS, tx_thread_resume(&two));
    CHECK(strcmp(order, "wr") == 0);
    CHECK_STATUS(TX_NOT_AVAILABLE, tx_mutex_get(&mutex, TX_NO_WAIT));
    CHECK_STATUS(TX_SUCCESS, tx_thread_terminate(&two));
    CHECK_STATUS(TX_SUCCESS, tx_thread_terminate(&two));
    CHECK(two.tx_thread_state == TX_TERMINATED);
    CHECK_STATUS(TX_SUSPEND_ERROR, tx_thread_suspend(&two));
    /* What it held is free, and its control block can be used again. */
    CHECK_STATUS(TX_SUCCESS, tx_mutex_get(&mutex, TX_NO_WAIT));
    CHECK_STATUS(TX_SUCCESS, tx_thread_delete(&two));
    CHECK_STATUS(TX_THREAD_ERROR, tx_thread_resume(&two));
    memset(&two, 0xA5, sizeof two);
    spawn(&two, high_notes, 1, &memory);
    CHECK(strcmp(order, "wrh") == 0);
    passed();
}

static void define_manage(void *first)
{
    memory = first;
    CHECK_STATUS(TX_SUCCESS,
                 tx_mutex_create(&mutex, (CHAR *)"m", TX_NO_INHERIT));
    spawn(&two, sleep_long, 4, &memory);
    spawn(&one, manage, 5, &memory);
}

static void test_suspend_abort_terminate_delete(void **state)
{
    (void)state;
    assert_int_equal(run(define_manage), PASSED);
}

static void define_two_that_end(void *first)
{
    memory = first;
    spawn(&one, note_a, 5, &memory);
    spawn(&two, note_b, 5, &memory);
}

static void test_process_ends_with_its_threads(void **state)
{
    (void)state;
    assert_int_equal(run(define_two_that_end), 0);
}

static void define_nothing(void *first)
{
    (void)first;
}

static void test_no_thread_is_an_error(void **state)
{
    (void)state;
    assert_int_equal(run(define_nothing), 70);
}

static void define_memory(void *first)
{
    /* Cleared, and at least 64 KB of it. */
    unsigned char *bytes = first;
    size_t i;

    for (i = 0; i < 65536; i++) {
        CHECK(bytes[i] == 0);
        bytes[i] = 1;
    }
    passed();
}

static void test_application_has_memory(void **state)
{
    (void)state;
    assert_int_equal(run(define_memory), PASSED);
}

/* --- what is refused --- */

static void define_refused(void *first)
{
    char *stack = first;

    CHECK_STATUS(TX_THREAD_ERROR,
                 tx_thread_create(NULL, (CHAR *)"x", note_a, 0, stack, 2048, 5,
                                  5, 0, TX_DONT_START));
    CHECK_STATUS(TX_THREAD_ERROR,
                 _txe_thread_create(&one, (CHAR *)"x", note_a, 0, stack, 2048,
                                    5, 5, 0, TX_DONT_START, 1));
    CHECK_STATUS(TX_PTR_ERROR,
                 tx_thread_create(&one, (CHAR *)"x", note_a, 0, NULL, 2048, 5,
                                  5, 0, TX_DONT_START));
    CHECK_STATUS(TX_PTR_ERROR,
                 tx_thread_create(&one, (CHAR *)"x", NULL, 0, stack, 2048, 5, 5,
                                  0, TX_DONT_START));
    CHECK_STATUS(TX_SIZE_ERROR,
                 tx_thread_create(&one, (CHAR *)"x", note_a, 0, stack, 100, 5,
                                  5, 0, TX_DONT_START));
    CHECK_STATUS(TX_PRIORITY_ERROR,
                 tx_thread_create(&one, (CHAR *)"x", note_a, 0, stack, 2048, 32,
                                  5, 0, TX_DONT_START));
    CHECK_STATUS(TX_START_ERROR, tx_thread_create(&one, (CHAR *)"x", note_a, 0,
                                                  stack, 2048, 5, 5, 0, 2));
    CHECK_STATUS(TX_SUCCESS,
                 tx_thread_create(&one, (CHAR *)"x", note_a, 0, stack, 2048, 5,
                                  5, 0, TX_DONT_START));
    CHECK_STATUS(TX_THREAD_ERROR,
                 tx_thread_create(&one, (CHAR *)"x", note_a, 0, stack + 2048,
                                  2048, 5, 5, 0, TX_DONT_START));
    CHECK_STATUS(TX_PTR_ERROR,
                 tx_thread_create(&two, (CHAR *)"x", note_a, 0, stack + 1024,
                                  2048, 5, 5, 0, TX_DONT_START));
    CHECK_STATUS(TX_CALLER_ERROR, tx_thread_terminate(&one));
    CHECK_STATUS(TX_CALLER_ERROR, tx_thread_delete(&one));
    CHECK_STATUS(TX_THREAD_ERROR, tx_thread_suspend(&two));
    passed();
}

static void test_refused(void **state)
{
    (void)state;
    assert_int_equal(run(define_refused), PASSED);
}

/* The checks an add-on writes, in three places. */
NX_CALLER_CHECKING_EXTERNS

static UINT threads_only(void)
{
    NX_THREADS_ONLY_CALLER_CHECKING
    return NX_SUCCESS;
}

static UINT init_and_threads(void)
{
    NX_INIT_AND_THREADS_CALLER_CHECKING
    return NX_SUCCESS;
}

static void *foreign(void *unused)
{
    CHECK_STATUS(NX_CALLER_ERROR, threads_only());
    CHECK_STATUS(NX_CALLER_ERROR, init_and_threads());
    CHECK(tx_thread_identify() == NULL);
    CHECK_STATUS(TX_CALLER_ERROR, tx_thread_sleep(1));
    return unused;
}

static VOID ask_in_thread(ULONG unused)
{
    pthread_t other;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_SUCCESS, threads_only());
    CHECK_STATUS(NX_SUCCESS, init_and_threads());
    CHECK(tx_thread_identify() == &one);
    CHECK(pthread_create(&other, NULL, foreign, NULL) == 0);
    CHECK(pthread_join(other, NULL) == 0);
    passed();
}

static void define_callers(void *first)
{
    memory = first;
    CHECK_STATUS(NX_CALLER_ERROR, threads_only());
    CHECK_STATUS(NX_SUCCESS, init_and_threads());
    CHECK(tx_thread_identify() == NULL);
    spawn(&one, ask_in_thread, 5, &memory);
}

static void test_callers_are_told_apart(void **state)
{
    (void)state;
    assert_int_equal(run(define_callers), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_urgent_first),
        cmocka_unit_test(test_equals_in_turn),
        cmocka_unit_test(test_resume_preempts),
        cmocka_unit_test(test_threshold_protects),
        cmocka_unit_test(test_polling_lets_others_in),
        cmocka_unit_test(test_one_at_a_time),
        cmocka_unit_test(test_sleep_takes_its_ticks),
        cmocka_unit_test(test_suspend_abort_terminate_delete),
        cmocka_unit_test(test_process_ends_with_its_threads),
        cmocka_unit_test(test_no_thread_is_an_error),
        cmocka_unit_test(test_application_has_memory),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_callers_are_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
