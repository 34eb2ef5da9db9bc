/* test_cli_progress.c - progress into a bar of any width. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "trace/progress.h"

static void check(const struct cli_progress *p, size_t columns, int64_t now,
                  const char *expected)
{
    char line[256];

    assert_int_equal(cli_progress_line(line, sizeof(line), columns, p, now),
                     strlen(expected));
    assert_string_equal(line, expected);
}

static void test_mails(void **state)
{
    struct cli_progress p = { .total = 10000, .start = 1000 };

    (void)state;
    check(&p, 50, 1000, "  0% [>                        ] 0 of 10000 mails");
    p.done = 5000;
    check(&p, 50, 1999, " 50% [===========>          ] 5000 of 10000 mails");
    check(&p, 60, 3000, " 50% [======>      ] 5000 of 10000 mails"
                        "  2500/s, 0:02 left");
    p.troubled = 3;
    check(&p, 60, 5000, " 50% 5000 of 10000 mails, 3 not sent"
                        "  1250/s, 0:04 left");
    p.done = 10000;
    p.troubled = 0;
    check(&p, 60, 11000, "100% [============] 10000 of 10000 mails"
                         "  1000/s, 0:00 left");
    p.done = 5;
    check(&p, 60, 11000, "  0% [>             ] 5 of 10000 mails"
                         "  0.5/s, 5:33:10 left");
    p.done = 10000;
    check(&p, 30, 11000, "100% 10000 of 10000 mails  10");
}

static void test_octets(void **state)
{
    struct cli_progress p = { .total = 25000000, .octets = 1, .start = 0 };

    (void)state;
    p.done = 999;
    check(&p, 30, 0, "  0% 999 B of 25.0 MB");
    p.done = 12345678;
    check(&p, 60, 3000, " 49% [=====>      ] 12.3 MB of 25.0 MB"
                        "  4.1 MB/s, 0:03 left");
    p.total = UINT64_C(250000000000);
    check(&p, 60, 3000, "  0% [>        ] 12.3 MB of 250 GB"
                        "  4.1 MB/s, 16:52:27 left");
}

static void test_widths(void **state)
{
    struct cli_progress p = { .total = UINT64_MAX, .done = UINT64_MAX / 2,
                              .octets = 1, .troubled = UINT64_MAX };
    char line[600];
    size_t columns, len;

    (void)state;
    for (columns = 0; columns < sizeof(line); columns++) {
        memset(line, 'x', sizeof(line));
        len = cli_progress_line(line, sizeof(line), columns, &p, 100000);
        assert_true(columns == 0 ? len == 0 : len < columns);
        assert_int_equal(line[len], columns == 0 ? 'x' : '\0');
        assert_int_equal(line[len + 1], 'x');
    }
    p.total = p.done = p.troubled = 0;
    assert_true(cli_progress_line(line, 5, 80, &p, 100000) < 5);
    check(&p, 40, 100000, "100% [=====================] 0 B of 0 B");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mails), cmocka_unit_test(test_octets),
        cmocka_unit_test(test_widths)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
