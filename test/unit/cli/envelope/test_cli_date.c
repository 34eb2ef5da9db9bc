/* test_cli_date.c - dates as people write them, valid and invalid. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "cmocka_all.h"
#include "envelope/date.h"

static void check(const char *text, int64_t at, int zone)
{
    struct cli_date date;

    assert_null(cli_date_parse(&date, text));
    assert_int_equal(date.at, at);
    assert_int_equal(date.zone, zone);
    assert_null(cli_date_check(text));
}

static void test_good(void **state)
{
    (void)state;
    check("2026-12-24T18:00:00Z", 1798135200, 0);
    check("2026-12-24T18:00:00z", 1798135200, 0);
    check("2026-12-24 18:00:00Z", 1798135200, 0);
    check("2026-12-24T18:00:00+01:00", 1798131600, 60);
    check("2026-12-24T18:00:00-0930", 1798169400, -570);
    check("Thu, 24 Dec 2026 18:00:00 +0100", 1798131600, 60);
    check("24 Dec 2026 18:00:00 +0000", 1798135200, 0);
    check("1970-01-01T00:00:00Z", 0, 0);
    check("2106-02-07T06:28:15Z", UINT32_MAX, 0);
    check("2028-02-29T00:00:00Z", 1835395200, 0);
    check("2016-12-31T23:59:60Z", 1483228800, 0);
}

static void refuse(const char *text, const char *why)
{
    struct cli_date date;
    const char *problem = cli_date_parse(&date, text);

    assert_non_null(problem);
    assert_non_null(strstr(problem, why));
}

static void test_bad(void **state)
{
    static const char *const not_one[] = {
        "", "now", "2026-12-24", "2026-12-24T18:00:00", "24.12.2026",
        "2026-13-01T00:00:00Z", "2026-12-24T24:00:00Z", "Thu, 24 Dec 2026",
        "2026-12-24T18:00:00+", "2026-12-24T18:00:00+0",
        "2026-12-24T18:00:00+01", "2026-12-24T18:00:00ZZ",
        "2026-12-24T18:00:00+1:00", "2026-12-24T18:00:00+01:0",
        "2026-12-24T18:00:00+24:00",
        "2026-12-24T18:00:00+01:60", "2026-12-24T18:00:00 PST",
        "2026-12-24T18:00:00Z\r\nBcc: x@y"
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(not_one) / sizeof(not_one[0]); i++)
        refuse(not_one[i], "it must be like");
    refuse("2026-02-29T00:00:00Z", "no such day");
    refuse("2100-02-29T00:00:00Z", "no such day");
    refuse("31 Apr 2026 00:00:00 +0000", "no such day");
    refuse("Wed, 24 Dec 2026 18:00:00 +0100", "day of the week");
    refuse("1970-01-01T00:00:00+00:01", "1970 to 2105");
    refuse("2106-02-07T06:28:16Z", "1970 to 2105");
}

/* Only of days: the rest is the engine's to say. */
static void test_check(void **state)
{
    (void)state;
    assert_non_null(cli_date_check("2026-02-30T00:00:00Z"));
    assert_null(cli_date_check("tomorrow"));
    assert_null(cli_date_check(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_check)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
