/* test_text.c - every value of result.h has a text of its own: text.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/config.h"

#include "cmocka_all.h"

typedef const char *text_fn(int value);

static const char *err(int value)
{
    return duva_err_text((duva_err)value);
}

static const char *reason(int value)
{
    return duva_reason_text((duva_reason)value);
}

static const char *err_word(int value)
{
    return duva_err_name((duva_err)value);
}

static const char *reason_word(int value)
{
    return duva_reason_name((duva_reason)value);
}

static const char *stage(int value)
{
    return duva_stage_name((duva_stage)value);
}

static const char *verdict(int value)
{
    return duva_verdict_name((duva_verdict)value);
}

/* All of first to last have texts that differ from each other and from that
 * of values that do not exist. */
static void all_differ(text_fn *text, int first, int last)
{
    const char *unknown = text(1000000);
    int         i, k;

    assert_non_null(unknown);
    assert_string_equal(text(-1000000), unknown);
    assert_string_equal(text(last + 1), unknown);
    assert_string_equal(text(first - 1), unknown);
    for (i = first; i <= last; i++) {
        assert_true(strlen(text(i)) > 1);
        assert_string_not_equal(text(i), unknown);
        for (k = first; k < i; k++)
            assert_string_not_equal(text(i), text(k));
    }
}

static void texts(void **state)
{
    (void)state;
    all_differ(err, DUVA_ERR_RESOURCES, DUVA_OK);
    all_differ(reason, DUVA_REASON_NONE, DUVA_REASONS - 1);
    all_differ(err_word, DUVA_ERR_RESOURCES, DUVA_OK);
    all_differ(reason_word, DUVA_REASON_NONE, DUVA_REASONS - 1);
    all_differ(stage, DUVA_STAGE_CONNECT, DUVA_STAGE_QUIT);
    all_differ(verdict, DUVA_PENDING, DUVA_UNCERTAIN);
}

static void some_texts(void **state)
{
    (void)state;
    assert_string_equal(stage(DUVA_STAGE_STARTTLS), "starttls");
    assert_string_equal(stage(DUVA_STAGE_QUIT), "quit");
    assert_string_equal(verdict(DUVA_UNCERTAIN), "uncertain");
    assert_string_equal(err(DUVA_OK), "no error");
    assert_string_equal(err_word(DUVA_ERR_REJECTED), "rejected");
    assert_string_equal(reason_word(DUVA_REASON_CERT_NAME), "cert-name");
    assert_string_equal(reason_word(DUVA_REASON_TOO_BIG), "too-big");
    assert_non_null(strstr(err(DUVA_ERR_TLS), "TLS"));
    assert_non_null(strstr(reason(DUVA_REASON_LINE_LONG), "998"));
    assert_non_null(strstr(reason(DUVA_REASON_NO_STARTTLS), "STARTTLS"));
}

static void caps(void **state)
{
    uint32_t bit, other;

    (void)state;
    for (bit = DUVA_CAP_EHLO; bit <= DUVA_CAP_BURL; bit <<= 1)
        for (other = 1; other < bit; other <<= 1)
            assert_string_not_equal(duva_cap_name(bit), duva_cap_name(other));
    assert_string_equal(duva_cap_name(DUVA_CAP_EHLO), "EHLO");
    assert_string_equal(duva_cap_name(DUVA_CAP_DSN), "DSN");
    assert_string_equal(duva_cap_name(DUVA_CAP_LIMITS), "LIMITS");
    assert_string_equal(duva_cap_name(bit), "unknown");
    assert_string_equal(duva_cap_name(0), "unknown");
    assert_string_equal(duva_cap_name(0x80000000u), "unknown");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts),
        cmocka_unit_test(some_texts),
        cmocka_unit_test(caps),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
