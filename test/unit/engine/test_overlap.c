/* test_overlap.c - commands behind an end of data, and what their replies show:
 * overlap.c. */
/* SPDX-License-Identifier: MIT */
#include "window.h"

static const struct {
    const char *reply;
    int         is_about_command;
} replies[] = {
    { "450 x\r\n", 0 }, { "499 x\r\n", 0 }, { "500 x\r\n", 1 },
    { "501 x\r\n", 0 }, { "502 x\r\n", 1 }, { "503 x\r\n", 1 },
    { "504 x\r\n", 0 }, { "550 x\r\n", 0 }, { "501 5.5.4 x\r\n", 0 },
    { "501 5.1.7 x\r\n", 0 }, { "500 5.1.7 x\r\n", 1 },
    { "503 5.1.7 x\r\n", 1 }
};

#define REPLIES (sizeof(replies) / sizeof(replies[0]))

/* The mail goes by DATA; its end is in the buffer. */
static void up_to_end(size_t i)
{
    start(i);
    send_all();
    feed("250 ok\r\n250 ok\r\n354 go on\r\n");
    say_message();
}

/* Its end is said, and not yet answered. */
static void to_end(size_t i)
{
    up_to_end(i);
    send_all();
}

/* Mail 1 is behind mail 0, and was told in full. */
static void to_ahead(void)
{
    open_session(without_chunking, 1, 0);
    to_end(0);
    start(1);
    send_all();
    feed("250 first\r\n");
    assert_int_equal(mail[0].result.verdict, DUVA_ACCEPTED);
}

/* Mail 1 is over, and MAIL of mail 2 is behind its end, on trial. */
static void to_trial(void)
{
    open_session(without_chunking, 1, 0);
    assert_int_equal(duva_overlap_set(&e, DUVA_OVERLAP_UNTRIED), DUVA_OK);
    to_end(0);
    stands(&mail[0], 0, 0);    /* the first goes alone */
    feed("250 first\r\n");
    up_to_end(1);
    stands(&mail[1], 1, 0);
    assert_int_equal(duva_is_trial(&e), 0);
    start(2);
    stands(&mail[2], 0, 0);
    assert_int_equal(duva_is_trial(&e), 0);
    send_all();
    feed("250 second\r\n");
    assert_int_equal(duva_is_trial(&e), 1);
}

/* A trial that came in a later write would show nothing. */
static void no_late_trial(void **state)
{
    (void)state;
    open_session(without_chunking, 1, 0);
    assert_int_equal(duva_overlap_set(&e, DUVA_OVERLAP_UNTRIED), DUVA_OK);
    to_end(0);
    feed("250 first\r\n");
    up_to_end(1);
    stands(&mail[1], 1, 0);
    send_all();
    stands(&mail[1], 0, 0);
}

static void trial_by_code(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < REPLIES; i++) {
        to_trial();
        feed(replies[i].reply);
        assert_int_equal(duva_overlap_get(&e),
                         replies[i].is_about_command ? DUVA_OVERLAP_NEVER
                                                     : DUVA_OVERLAP_UNTRIED);
        assert_int_equal(duva_is_trial(&e), 0);
        assert_int_equal(mail[2].result.verdict, DUVA_PENDING);
        send_all();            /* MAIL again */
        feed("250 ok\r\n250 ok\r\n354 go on\r\n");
        say_message();
        send_all();
        feed("250 third\r\n");
        assert_int_equal(mail[2].result.verdict, DUVA_ACCEPTED);
    }
}

static void ahead_by_code(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < REPLIES; i++) {
        to_ahead();
        feed(replies[i].reply);
        assert_int_equal(duva_outcome(&e)->reason,
                         replies[i].is_about_command
                             ? DUVA_REASON_OUT_OF_STEP
                             : DUVA_REASON_NONE);
        assert_int_equal(duva_overlap_get(&e),
                         replies[i].is_about_command ? DUVA_OVERLAP_NEVER
                                                     : DUVA_OVERLAP_SHOWN);
    }
}

/* A server that breaks off, or is silent, may have lost what was ahead; one
 * that hangs up, or a caller who gives up, says nothing of it. */
static void ahead_by_error(void **state)
{
    static const struct {
        duva_err     err;
        duva_overlap trial, ahead;
    } ends[] = {
        { DUVA_ERR_TIMEOUT, DUVA_OVERLAP_NEVER, DUVA_OVERLAP_NEVER },
        { DUVA_ERR_PROTOCOL, DUVA_OVERLAP_NEVER, DUVA_OVERLAP_NEVER },
        { DUVA_ERR_CLOSED, DUVA_OVERLAP_NEVER, DUVA_OVERLAP_SHOWN },
        { DUVA_ERR_IO, DUVA_OVERLAP_NEVER, DUVA_OVERLAP_SHOWN },
        { DUVA_ERR_CANCELLED, DUVA_OVERLAP_UNTRIED, DUVA_OVERLAP_SHOWN },
        { DUVA_ERR_BODY, DUVA_OVERLAP_UNTRIED, DUVA_OVERLAP_SHOWN },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        to_trial();
        duva_abort(&e, ends[i].err, 0);
        assert_int_equal(duva_overlap_get(&e), ends[i].trial);
        to_ahead();
        duva_abort(&e, ends[i].err, 0);
        assert_int_equal(duva_overlap_get(&e), ends[i].ahead);
        open_session(without_chunking, 1, 0);
        to_end(0);             /* nothing is ahead */
        duva_abort(&e, ends[i].err, 0);
        assert_int_equal(duva_overlap_get(&e), DUVA_OVERLAP_SHOWN);
    }
    to_trial();
    feed("x\r\n");
    assert_int_equal(duva_overlap_get(&e), DUVA_OVERLAP_NEVER);
}

static void trial_timeout(void **state)
{
    static uint32_t ms[DUVA_STAGES];

    (void)state;
    to_trial();
    assert_int_equal(duva_where(&e), DUVA_STAGE_MAIL);
    assert_int_equal(duva_timeout_ms(&e), 5000);
    config.timeout_ms = ms;
    assert_int_equal(duva_timeout_ms(&e), 5000);
    ms[DUVA_STAGE_MAIL] = 5001;
    assert_int_equal(duva_timeout_ms(&e), 5000);
    ms[DUVA_STAGE_MAIL] = 4999;
    assert_int_equal(duva_timeout_ms(&e), 4999);
}

static void overlap_arguments(void **state)
{
    (void)state;
    open_session(without_chunking, 1, 0);
    assert_int_equal(duva_overlap_set(&e, DUVA_OVERLAP_NEVER), DUVA_OK);
    assert_int_equal(duva_overlap_get(&e), DUVA_OVERLAP_NEVER);
    assert_int_equal(duva_overlap_set(&e, (duva_overlap)(DUVA_OVERLAP_NEVER
                                                         + 1)),
                     DUVA_ERR_ARG);
    assert_int_equal(duva_overlap_set(&e, (duva_overlap)-1), DUVA_ERR_ARG);
    assert_int_equal(duva_overlap_get(&e), DUVA_OVERLAP_NEVER);
    start(0);
    send_all();
    feed("250 ok\r\n250 ok\r\n354 go on\r\n");
    say_message();
    stands(&mail[0], 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_late_trial),
        cmocka_unit_test(trial_by_code),  cmocka_unit_test(ahead_by_code),
        cmocka_unit_test(ahead_by_error), cmocka_unit_test(trial_timeout),
        cmocka_unit_test(overlap_arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
