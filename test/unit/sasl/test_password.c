/* test_password.c - PLAIN and LOGIN: sasl/password.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/sasl.h"

#include "cmocka_all.h"

static duva_sasl_password s;
static duva_span          part[DUVA_SASL_PARTS];

static int step(const char *challenge)
{
    duva_span c;

    c.data = challenge;
    c.len = challenge != NULL ? strlen(challenge) : 0;
    s.base.round = (uint8_t)(s.base.round + (challenge != NULL));
    return s.base.step(&s.base, challenge != NULL ? &c : NULL, part);
}

static void answers(int parts, const char *want, size_t len)
{
    char   all[128];
    size_t n = 0;
    int    i;

    assert_true(parts >= 0 && parts <= DUVA_SASL_PARTS);
    for (i = 0; i < parts; i++) {
        memcpy(all + n, part[i].data, part[i].len);
        n += part[i].len;
    }
    assert_int_equal(n, len);
    assert_memory_equal(all, want, len);
}

static void plain(void **state)
{
    (void)state;
    duva_sasl_plain_init(&s, "tim", "tanstaaftanstaaf");
    assert_string_equal(s.base.name, "PLAIN");
    assert_int_equal(s.base.bit, DUVA_AUTH_PLAIN);
    assert_true(s.base.flags & DUVA_SASL_SHOWS_PASSWORD);
    answers(step(NULL), "\0tim\0tanstaaftanstaaf", 21);
    answers(step(""), "\0tim\0tanstaaftanstaaf", 21);
    assert_int_equal(s.base.rounds, 1);
}

static void plain_for_another(void **state)
{
    (void)state;
    duva_sasl_plain_init(&s, "Kurt", "xipj3plmq");
    s.authzid = "Ursel";
    answers(step(NULL), "Ursel\0Kurt\0xipj3plmq", 20);
}

static void empty_strings(void **state)
{
    (void)state;
    duva_sasl_plain_init(&s, "", "");
    answers(step(NULL), "\0\0", 2);
    duva_sasl_login_init(&s, "", "");
    assert_int_equal(step(NULL), DUVA_SASL_NO_INITIAL);
    answers(step("x"), "", 0);
    answers(step("x"), "", 0);
}

static void login(void **state)
{
    (void)state;
    duva_sasl_login_init(&s, "ada", "opensesame");
    assert_string_equal(s.base.name, "LOGIN");
    assert_int_equal(s.base.bit, DUVA_AUTH_LOGIN);
    assert_true(s.base.flags & DUVA_SASL_SHOWS_PASSWORD);
    assert_int_equal(step(NULL), DUVA_SASL_NO_INITIAL);
    answers(step("UGFzc3dvcmQ6"), "ada", 3);
    answers(step("not base64 at all"), "opensesame", 10);
    assert_int_equal(s.base.rounds, 2);
}

/* Initialised again it is as new. */
static void again(void **state)
{
    (void)state;
    duva_sasl_login_init(&s, "a", "b");
    step("");
    step("");
    assert_int_equal(s.base.round, 2);
    duva_sasl_login_init(&s, "c", "d");
    answers(step(""), "c", 1);
    duva_sasl_plain_init(&s, "e", "f");
    answers(step(NULL), "\0e\0f", 4);
}

static void missing(void **state)
{
    (void)state;
    duva_sasl_plain_init(&s, NULL, "b");
    assert_int_equal(step(NULL), DUVA_ERR_ARG);
    duva_sasl_plain_init(&s, "a", NULL);
    assert_int_equal(step(NULL), DUVA_ERR_ARG);
    duva_sasl_login_init(&s, NULL, "b");
    assert_int_equal(step(NULL), DUVA_ERR_ARG);
    duva_sasl_login_init(&s, "a", NULL);
    assert_int_equal(step(NULL), DUVA_ERR_ARG);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain),         cmocka_unit_test(plain_for_another),
        cmocka_unit_test(empty_strings), cmocka_unit_test(login),
        cmocka_unit_test(again),         cmocka_unit_test(missing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
