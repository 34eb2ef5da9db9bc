/* test_cram_md5.c - CRAM-MD5: sasl/cram_md5.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/openssl.h"
#include "duva/scram.h"

#include "exchange.h"

#define QUESTION "<1896.697170952@postoffice.reston.mci.net>"

static duva_sasl_cram_md5 s;

static void begin(const char *user, const char *pass)
{
    duva_sasl_cram_md5_init(&s, &duva_crypto_openssl, user, pass);
}

/* RFC 2195 2 */
static void vector(void **state)
{
    (void)state;
    begin("tim", "tanstaaftanstaaf");
    assert_string_equal(s.base.name, "CRAM-MD5");
    assert_int_equal(s.base.bit, DUVA_AUTH_CRAM_MD5);
    assert_int_equal(s.base.flags, 0);
    assert_int_equal(s.base.rounds, 1);
    assert_int_equal(exchange_start(&s.base), DUVA_SASL_NO_INITIAL);
    assert_int_equal(exchange_text(&s.base, QUESTION), 3);
    SAYS("tim b913a602c7eda7a495b4e6e7334d3890");
    assert_int_equal(exchange_start(&s.base), DUVA_SASL_NO_INITIAL);
    assert_int_equal(exchange_text(&s.base, QUESTION), 3);
    SAYS("tim b913a602c7eda7a495b4e6e7334d3890");
}

/* A key of any length, computed elsewhere. */
static void passwords(void **state)
{
    (void)state;
    begin("a b", "");
    exchange_start(&s.base);
    assert_int_equal(exchange_text(&s.base, "x"), 3);
    SAYS("a b 5a470ef74cd7af75c375be99c6ef771f");
    begin("u", "0123456789012345678901234567890123456789012345678901234567890"
               "12345678901234567890");
    exchange_start(&s.base);
    assert_int_equal(exchange_text(&s.base, "x"), 3);
    SAYS("u 4069db4d13730396dc3b98d00d4963d3");
}

static void bad_challenges(void **state)
{
    char text[400];
    int  n;

    (void)state;
    begin("tim", "tanstaaftanstaaf");
    exchange_start(&s.base);
    exchange_fails(&s.base, exchange_raw(&s.base, "", 0), DUVA_ERR_PROTOCOL,
                   DUVA_REASON_CHALLENGE);
    exchange_fails(&s.base, exchange_raw(&s.base, "PDE4OTY*", 8),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
    memset(text, 'x', sizeof(text));
    for (n = 250; n < 262; n++) {
        const int got = exchange_hear(&s.base, text, (size_t)n);

        if (n <= DUVA_CRAM_MD5_SIZE)
            assert_int_equal(got, 3);
        else
            exchange_fails(&s.base, got, DUVA_ERR_PROTOCOL,
                           DUVA_REASON_CHALLENGE);
    }
}

static void too_long_for_the_engine(void **state)
{
    duva_span c = { NULL, 64 };

    (void)state;
    begin("tim", "tanstaaftanstaaf");
    exchange_fails(&s.base, s.base.step(&s.base, &c, exchange_part),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
}

static void arguments(void **state)
{
    (void)state;
    begin(NULL, "x");
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                   DUVA_REASON_MISSING);
    begin("", "x");
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                   DUVA_REASON_MISSING);
    begin("x", NULL);
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                   DUVA_REASON_MISSING);
    duva_sasl_cram_md5_init(&s, NULL, "x", "y");
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                   DUVA_REASON_MISSING);
    begin("a\nb", "x");
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                   DUVA_REASON_CONTROL);
}

static int no_hmac(duva_digest digest, const duva_span *key,
                   const duva_span *part, size_t parts, uint8_t *out)
{
    (void)digest;
    (void)key;
    (void)part;
    (void)parts;
    (void)out;
    return DUVA_ERR_UNSUPPORTED;
}

static void no_md5(void **state)
{
    static const duva_crypto none = { NULL, no_hmac, NULL, NULL };

    (void)state;
    duva_sasl_cram_md5_init(&s, &none, "x", "y");
    exchange_start(&s.base);
    exchange_fails(&s.base, exchange_text(&s.base, QUESTION),
                   DUVA_ERR_UNSUPPORTED, DUVA_REASON_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vector),          cmocka_unit_test(passwords),
        cmocka_unit_test(bad_challenges),  cmocka_unit_test(arguments),
        cmocka_unit_test(no_md5),
        cmocka_unit_test(too_long_for_the_engine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
