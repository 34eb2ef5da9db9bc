/* test_sasl_name.c - EXTERNAL and ANONYMOUS: sasl/name.c. */
/* SPDX-License-Identifier: MIT */
#include "exchange.h"

static duva_sasl_name s;

static void external(void **state)
{
    (void)state;
    duva_sasl_external_init(&s, "ada@example.org");
    assert_string_equal(s.base.name, "EXTERNAL");
    assert_int_equal(s.base.bit, DUVA_AUTH_EXTERNAL);
    assert_int_equal(s.base.flags, 0);
    assert_int_equal(s.base.rounds, 1);
    assert_int_equal(exchange_start(&s.base), 1);
    SAYS("ada@example.org");
    assert_int_equal(exchange_raw(&s.base, "", 0), 1);
    SAYS("ada@example.org");
}

static void anonymous(void **state)
{
    (void)state;
    duva_sasl_anonymous_init(&s, "sirhc");
    assert_string_equal(s.base.name, "ANONYMOUS");
    assert_int_equal(s.base.bit, DUVA_AUTH_ANONYMOUS);
    assert_int_equal(exchange_start(&s.base), 1);
    SAYS("sirhc");
}

static void nobody(void **state)
{
    (void)state;
    duva_sasl_external_init(&s, NULL);
    assert_int_equal(exchange_start(&s.base), 0);
    assert_int_equal(exchange_raw(&s.base, "", 0), 0);
    duva_sasl_external_init(&s, "");
    exchange_start(&s.base);
    SAYS("");
}

static void control_characters(void **state)
{
    char name[] = "a?b";
    int  octet;

    (void)state;
    duva_sasl_external_init(&s, name);
    for (octet = 1; octet < 256; octet++) {
        name[1] = (char)octet;
        if (octet < ' ' || octet == 0x7F)
            exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                           DUVA_REASON_CONTROL);
        else
            assert_int_equal(exchange_start(&s.base), 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(external), cmocka_unit_test(anonymous),
        cmocka_unit_test(nobody), cmocka_unit_test(control_characters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
