/* values.c - walks result.h and mail.h. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include <limits.h>

static const int numbers[] = { INT_MIN, -WALK_NONE, -1, 0, 1, WALK_NONE,
                               INT_MAX };

enum { NUMBERS = sizeof(numbers) / sizeof(numbers[0]) };

#define WALK_TEXT(f, type)                                                    \
    static void walk_##f(void **state)                                        \
    {                                                                         \
        size_t i;                                                             \
                                                                              \
        (void)state;                                                          \
        for (i = 0; i < NUMBERS; i++)                                         \
            assert_true(strlen(f((type)numbers[i])) > 0);                     \
        assert_string_equal(f((type)INT_MAX), "unknown");                     \
        assert_string_equal(f((type)INT_MIN), "unknown");                     \
    }

WALK_TEXT(duva_err_text, duva_err)
WALK_TEXT(duva_err_name, duva_err)
WALK_TEXT(duva_reason_text, duva_reason)
WALK_TEXT(duva_reason_name, duva_reason)
WALK_TEXT(duva_stage_name, duva_stage)
WALK_TEXT(duva_verdict_name, duva_verdict)
WALK_TEXT(duva_cap_name, uint32_t)

#define WALK_CHECK(f)                                                         \
    static void walk_##f(void **state)                                        \
    {                                                                         \
        size_t i;                                                             \
                                                                              \
        (void)state;                                                          \
        assert_int_equal(f(NULL), DUVA_REASON_MISSING);                       \
        assert_int_equal(f(""), DUVA_REASON_MISSING);                         \
        for (i = 1; i < WALK_BAD; i++)                                        \
            assert_int_not_equal(f(walk_bad[i]), DUVA_REASON_NONE);           \
    }

WALK_CHECK(duva_address_check)
WALK_CHECK(duva_address_check_utf8)
WALK_CHECK(duva_name_check)

static void walk_duva_path_check(void **state)
{
    static const struct {
        const char *addr;
        uint8_t     flags;
        int         good;
    } paths[] = {
        { "ada@example.org", 0, 1 }, { "<ada@example.org>", 0, 0 },
        { "ada@example.org", DUVA_MAIL_BRACKETS, 1 },
        { "<ada@example.org>", DUVA_MAIL_BRACKETS, 1 },
        { "<\"a>b\"@example.org>", DUVA_MAIL_BRACKETS, 1 },
        { "<postmaster>", DUVA_MAIL_BRACKETS, 1 },
        { "<>", DUVA_MAIL_BRACKETS, 0 }, { "<", DUVA_MAIL_BRACKETS, 0 },
        { "<ada@example.org", DUVA_MAIL_BRACKETS, 0 },
        { "ada@example.org>", DUVA_MAIL_BRACKETS, 0 },
        { "<<ada@example.org>>", DUVA_MAIL_BRACKETS, 0 },
        { "<ada@example.org> SIZE=1", DUVA_MAIL_BRACKETS, 0 },
        { "<ada@>", DUVA_MAIL_BRACKETS, 0 },
        { "<\303\244@example.org>", DUVA_MAIL_BRACKETS, 0 },
        { "<\303\244@example.org>", DUVA_MAIL_BRACKETS | DUVA_MAIL_UTF8, 1 },
        { "<\303@example.org>", DUVA_MAIL_BRACKETS | DUVA_MAIL_UTF8, 0 }
    };
    size_t i;

    (void)state;
    assert_int_equal(duva_path_check(NULL, 0xFF), DUVA_REASON_MISSING);
    assert_int_equal(duva_path_check("", 0xFF), DUVA_REASON_MISSING);
    for (i = 1; i < WALK_BAD; i++)
        assert_int_not_equal(duva_path_check(walk_bad[i], 0),
                             DUVA_REASON_NONE);
    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
        assert_int_equal(duva_path_check(paths[i].addr, paths[i].flags)
                             == DUVA_REASON_NONE,
                         paths[i].good);
}

static void walk_duva_body_check(void **state)
{
    duva_body b;

    (void)state;
    memset(&b, 0, sizeof(b));
    assert_int_equal(duva_body_check(&b, NULL, 0), DUVA_OK);
    assert_int_equal(duva_body_check(&b, "", 0), DUVA_OK);
    assert_int_equal(duva_body_check(&b, "", 1), DUVA_ERR_BODY);
    assert_int_equal(b.reason, DUVA_REASON_NUL);
    assert_int_equal(duva_body_check(&b, NULL, 0), DUVA_ERR_BODY);
    assert_int_equal(duva_body_check(&b, "fair\n", 5), DUVA_ERR_BODY);
}

static void walk_duva_body_check_end(void **state)
{
    duva_body b;

    (void)state;
    memset(&b, 0, sizeof(b));
    assert_int_equal(duva_body_check_end(&b), DUVA_OK);
    memset(&b, 0, sizeof(b));
    assert_int_equal(duva_body_check(&b, "\r", 1), DUVA_OK);
    assert_int_equal(duva_body_check_end(&b), DUVA_ERR_BODY);
    assert_int_equal(b.reason, DUVA_REASON_LONE_CR);
    assert_int_equal(duva_body_check_end(&b), DUVA_ERR_BODY);
}

static const struct CMUnitTest tests[] = {
    WALK(duva_err_text), WALK(duva_err_name), WALK(duva_reason_text),
    WALK(duva_reason_name), WALK(duva_stage_name), WALK(duva_verdict_name),
    WALK(duva_cap_name), WALK(duva_address_check),
    WALK(duva_address_check_utf8), WALK(duva_name_check),
    WALK(duva_path_check),
    WALK(duva_body_check), WALK(duva_body_check_end)
};

const struct walk walk_values = WALKED(tests);
