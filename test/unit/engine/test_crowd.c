/* test_crowd.c - a thousand engines in one thread do not affect each other. */
/* SPDX-License-Identifier: MIT */
#include "session.h"

#include "cmocka_all.h"

enum { CROWD = 1000 };

static void thousand_at_once(void **state)
{
    struct session *crowd = calloc(CROWD, sizeof(*crowd));
    size_t          i, open = CROWD, rounds = 0;

    (void)state;
    assert_non_null(crowd);
    for (i = 0; i < CROWD; i++)
        session_begin(&crowd[i], (unsigned)i);
    while (open > 0) {
        open = 0;
        for (i = 0; i < CROWD; i++)
            open += session_step(&crowd[i]) != 0;
        assert_true(++rounds < 10000);
    }
    for (i = 0; i < CROWD; i++)
        assert_int_equal(session_end(&crowd[i]), 0);
    free(crowd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thousand_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
