/* test_date.c - dates of parameters as numbers: date.c. */
/* SPDX-License-Identifier: MIT */
#include "syntax/date.h"

#include "cmocka_all.h"

static uint64_t date(const char *text)
{
    return duva__date(text, strlen(text));
}

static void good(void **state)
{
    (void)state;
    assert_true(date("2026-12-24T18:00:01Z") == 20261224180001u);
    assert_true(date("0001-01-01T00:00:00Z") == 10101000000u);
    assert_true(date("9999-12-31T23:59:60Z") == 99991231235960u);
}

static void bad(void **state)
{
    static const char *const text[] = {
        "", "2026", "2026-12-24", "2026-12-24T18:00:00", "2026-12-24T18:00:00+",
        "2026-12-24 18:00:00Z", "2026-12-24t18:00:00z", "2026-13-24T18:00:00Z",
        "2026-00-24T18:00:00Z", "2026-12-00T18:00:00Z", "2026-12-32T18:00:00Z",
        "2026-12-24T24:00:00Z", "2026-12-24T18:60:00Z", "2026-12-24T18:00:61Z",
        "0000-12-24T18:00:00Z", "2026-12-24T18:00:00Z ", "2026-12-24T18:00:00ZZ"
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(text) / sizeof(text[0]); i++)
        assert_true(date(text[i]) == 0);
}

/* Any other octet at any place makes it no date, or another one. */
static void every_octet(void **state)
{
    static const char form[] = "2026-11-22T11:22:33Z";
    char     text[sizeof(form)];
    size_t   i;
    unsigned c;

    (void)state;
    for (i = 0; i < sizeof(form) - 1; i++)
        for (c = 0; c < 256; c++) {
            strcpy(text, form);
            text[i] = (char)c;
            if (c < '0' || c > '9')
                assert_int_equal(duva__date(text, sizeof(form) - 1) > 0,
                                 text[i] == form[i]);
            else
                assert_int_equal(
                    duva__date(text, sizeof(form) - 1) == date(form),
                    text[i] == form[i]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good),
        cmocka_unit_test(bad),
        cmocka_unit_test(every_octet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
