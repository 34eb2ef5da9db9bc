/* test_scram_256.c - the example of RFC 7677. */
/* SPDX-License-Identifier: MIT */
#define DUVA_SCRAM_NONCE 20
#include "sasl/scram.c"

#include "duva/openssl.h"

#include "exchange.h"

#define NONCE "rOprNGfwEbeRWgbNEkqO"
#define WHOLE NONCE "%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0"

static int nonce_of_the_rfc(void *out, size_t len)
{
    assert_int_equal(len, 15);
    assert_int_equal(EVP_DecodeBlock(out, (const unsigned char *)NONCE, 20),
                     15);
    return DUVA_OK;
}

static void rfc_7677(void **state)
{
    duva_crypto     crypto = duva_crypto_openssl;
    duva_sasl_scram s;

    (void)state;
    crypto.random = nonce_of_the_rfc;
    duva_sasl_scram_init(&s, &crypto, DUVA_SHA256, 0, "user", "pencil");
    exchange_start(&s.base);
    SAYS("n,,n=user,r=" NONCE);
    exchange_text(&s.base, "r=" WHOLE ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
    SAYS("c=biws,r=" WHOLE ",p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
    assert_int_equal(
        exchange_text(&s.base,
                      "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="), 0);
    assert_int_equal(s.base.flags & DUVA_SASL_UNPROVEN, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(rfc_7677) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
