/* test_host_sync.c - ThreadX mutexes, semaphores and event flags. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include "test_host_run.h"

static TX_THREAD one;
static TX_THREAD two;
static TX_THREAD three;
static TX_MUTEX mutex;
static TX_SEMAPHORE semaphore;
static TX_EVENT_FLAGS_GROUP flags;
static char *memory;

static VOID owner(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_SUCCESS, tx_mutex_get(&mutex, TX_NO_WAIT));
    CHECK_STATUS(TX_SUCCESS, tx_mutex_get(&mutex, TX_NO_WAIT));
    CHECK(mutex.tx_mutex_ownership_count == 2);
    await('t');
    note('o');
    CHECK_STATUS(TX_SUCCESS, tx_mutex_put(&mutex));
    CHECK_STATUS(TX_SUCCESS, tx_mutex_put(&mutex));
    /* It went to the one that waited, not back to us. */
    CHECK_STATUS(TX_NOT_AVAILABLE, tx_mutex_get(&mutex, TX_NO_WAIT));
    CHECK_STATUS(TX_NOT_OWNED, tx_mutex_put(&mutex));
    CHECK_STATUS(TX_DELETED, tx_mutex_get(&mutex, TX_WAIT_FOREVER));
    CHECK_STATUS(TX_MUTEX_ERROR, tx_mutex_get(&mutex, TX_NO_WAIT));
    CHECK(strcmp(order, "tow") == 0);
    passed();
}

static VOID wants(ULONG unused)
{
    const ULONG begin = tx_time_get();

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_NOT_AVAILABLE, tx_mutex_get(&mutex, 2));
    CHECK(tx_time_get() - begin >= 2);
    note('t');
    CHECK_STATUS(TX_SUCCESS, tx_mutex_get(&mutex, TX_WAIT_FOREVER));
    CHECK(mutex.tx_mutex_owner == &two && mutex.tx_mutex_ownership_count == 1);
    note('w');
    tx_thread_sleep(2);
    CHECK_STATUS(TX_SUCCESS, tx_mutex_delete(&mutex));
}

static void define_mutex(void *first)
{
    memory = first;
    CHECK_STATUS(TX_INHERIT_ERROR, tx_mutex_create(&mutex, (CHAR *)"m", 2));
    CHECK_STATUS(TX_SUCCESS, tx_mutex_create(&mutex, (CHAR *)"m", TX_INHERIT));
    CHECK_STATUS(TX_MUTEX_ERROR,
                 tx_mutex_create(&mutex, (CHAR *)"m", TX_INHERIT));
    CHECK_STATUS(TX_WAIT_ERROR, tx_mutex_get(&mutex, 1));
    spawn(&one, owner, 3, &memory);
    spawn(&two, wants, 8, &memory);
}

static void test_mutex(void **state)
{
    (void)state;
    assert_int_equal(run(define_mutex), PASSED);
}

static VOID take_semaphore(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_get(&semaphore, TX_NO_WAIT));
    CHECK_STATUS(TX_NO_INSTANCE, tx_semaphore_get(&semaphore, TX_NO_WAIT));
    CHECK_STATUS(TX_NO_INSTANCE, tx_semaphore_get(&semaphore, 2));
    note('w');
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_get(&semaphore, TX_WAIT_FOREVER));
    CHECK_STATUS(TX_DELETED, tx_semaphore_get(&semaphore, TX_WAIT_FOREVER));
    passed();
}

static VOID give_semaphore(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    await('w');
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_put(&semaphore));
    CHECK(semaphore.tx_semaphore_count == 0);
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_delete(&semaphore));
}

static void define_semaphore(void *first)
{
    memory = first;
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_create(&semaphore, (CHAR *)"s", 1));
    spawn(&one, take_semaphore, 3, &memory);
    spawn(&two, give_semaphore, 8, &memory);
}

static void test_semaphore(void **state)
{
    (void)state;
    assert_int_equal(run(define_semaphore), PASSED);
}

static VOID want_both(ULONG unused)
{
    ULONG got = 0;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_SUCCESS, tx_event_flags_get(&flags, 6, TX_AND_CLEAR, &got,
                                                TX_WAIT_FOREVER));
    CHECK(got == 7);
    note('b');
}

static VOID want_any(ULONG unused)
{
    ULONG got = 0;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_SUCCESS, tx_event_flags_get(&flags, 4, TX_OR_CLEAR, &got,
                                                TX_WAIT_FOREVER));
    CHECK(got == 7);
    note('a');
}

static VOID set_flags(ULONG unused)
{
    ULONG got = 0;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(TX_SUCCESS, tx_event_flags_set(&flags, 3, TX_OR));
    CHECK(order[0] == '\0');
    CHECK_STATUS(TX_SUCCESS, tx_event_flags_set(&flags, 4, TX_OR));
    CHECK(strcmp(order, "ba") == 0);
    CHECK_STATUS(TX_NO_EVENTS,
                 tx_event_flags_get(&flags, 6, TX_OR, &got, TX_NO_WAIT));
    CHECK_STATUS(TX_NO_EVENTS, tx_event_flags_get(&flags, 6, TX_OR, &got, 2));
    CHECK_STATUS(TX_SUCCESS,
                 tx_event_flags_get(&flags, 1, TX_AND, &got, TX_NO_WAIT));
    CHECK(got == 1);
    CHECK_STATUS(TX_SUCCESS, tx_event_flags_set(&flags, 0, TX_AND));
    CHECK(flags.tx_event_flags_group_current == 0);
    CHECK_STATUS(TX_OPTION_ERROR, tx_event_flags_set(&flags, 1, TX_AND_CLEAR));
    CHECK_STATUS(TX_SUCCESS, tx_event_flags_delete(&flags));
    CHECK_STATUS(TX_GROUP_ERROR, tx_event_flags_set(&flags, 1, TX_OR));
    passed();
}

static void define_flags(void *first)
{
    memory = first;
    CHECK_STATUS(TX_SUCCESS, tx_event_flags_create(&flags, (CHAR *)"f"));
    spawn(&one, want_both, 3, &memory);
    spawn(&two, want_any, 4, &memory);
    spawn(&three, set_flags, 8, &memory);
}

static void test_event_flags(void **state)
{
    (void)state;
    assert_int_equal(run(define_flags), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mutex),
        cmocka_unit_test(test_semaphore),
        cmocka_unit_test(test_event_flags),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
