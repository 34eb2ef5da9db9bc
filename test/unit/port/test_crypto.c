/* test_crypto.c - duva_crypto by each library: port/{openssl,mbedtls}. */
/* SPDX-License-Identifier: MIT */
#include "duva/mbedtls.h"
#include "duva/openssl.h"

#include "cmocka_all.h"

#include <stdio.h>

static const duva_crypto *crypto = &duva_crypto_openssl;

static duva_span text(const char *words)
{
    duva_span s;

    s.data = words;
    s.len = strlen(words);
    return s;
}

static void is(int n, const uint8_t *got, const char *hex)
{
    char digits[2 * DUVA_DIGEST_MAX + 1];
    int  i;

    assert_true(n > 0 && n <= DUVA_DIGEST_MAX);
    for (i = 0; i < n; i++)
        snprintf(digits + 2 * i, 3, "%02x", got[i]);
    assert_string_equal(digits, hex);
}

/* RFC 1321 A.5, FIPS 180 examples: "abc", in three pieces. */
static void hashes(void **state)
{
    static const char *const want[] = {
        "900150983cd24fb0d6963f7d28e17f72",
        "a9993e364706816aba3e25717850c26c9cd0d89d",
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
         "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
    };
    uint8_t   out[DUVA_DIGEST_MAX];
    duva_span part[3];
    int       d;

    (void)state;
    part[0] = text("a");
    part[1] = text("");
    part[2] = text("bc");
    for (d = DUVA_MD5; d <= DUVA_SHA512; d++)
        is(crypto->hash((duva_digest)d, part, 3, out), out, want[d]);
    is(crypto->hash(DUVA_MD5, NULL, 0, out), out,
       "d41d8cd98f00b204e9800998ecf8427e");
}

/* RFC 2202 and 4231, test case 2. */
static void hmacs(void **state)
{
    static const char *const want[] = {
        "750c783e6ab0b503eaa86e310a5db738",
        "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ("164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
         "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737")
    };
    uint8_t   out[DUVA_DIGEST_MAX];
    duva_span key = text("Jefe"), part[2];
    int       d;

    (void)state;
    part[0] = text("what do ya want ");
    part[1] = text("for nothing?");
    for (d = DUVA_MD5; d <= DUVA_SHA512; d++)
        is(crypto->hmac((duva_digest)d, &key, part, 2, out), out, want[d]);
    key = text("");
    part[0] = text("");
    is(crypto->hmac(DUVA_MD5, &key, part, 1, out), out,
       "74e6f7298a9c2d168935f58c001bad88");
    key.data = NULL;
    is(crypto->hmac(DUVA_MD5, &key, part, 1, out), out,
       "74e6f7298a9c2d168935f58c001bad88");
}

/* RFC 6070 (SHA-1), RFC 7914 11 (the first half of SHA-256). */
static void pbkdf2(void **state)
{
    uint8_t   out[DUVA_DIGEST_MAX];
    duva_span pass = text("password"), salt = text("salt");

    (void)state;
    is(crypto->pbkdf2(DUVA_SHA1, &pass, &salt, 1, out), out,
       "0c60c80f961f0e71f3a9b524af6012062fe037a6");
    is(crypto->pbkdf2(DUVA_SHA1, &pass, &salt, 4096, out), out,
       "4b007901b765489abead49d926f721d065a429c1");
    pass = text("passwd");
    is(crypto->pbkdf2(DUVA_SHA256, &pass, &salt, 1, out), out,
       "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc");
    pass.data = NULL;
    pass.len = 0;
    is(crypto->pbkdf2(DUVA_SHA512, &pass, &salt, 2, out), out,
       "cc5eacbb057f2a5982fce67bf70f79fccf4adf285f5cbae1a5a1c5df012a630a"
       "5cd035da88803f2a8b7ad7d3118025e9d848280b733c39c57a76d3fa895f244c");
}

static void random_octets(void **state)
{
    uint8_t a[24] = { 0 }, b[24] = { 0 };

    (void)state;
    assert_int_equal(crypto->random(a, sizeof(a) - 1), DUVA_OK);
    assert_int_equal(crypto->random(b, sizeof(b) - 1), DUVA_OK);
    assert_memory_not_equal(a, b, sizeof(a));
    assert_int_equal(a[23], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes), cmocka_unit_test(hmacs),
        cmocka_unit_test(pbkdf2), cmocka_unit_test(random_octets),
    };

    int failed = cmocka_run_group_tests_name("OpenSSL", tests, NULL, NULL);

    crypto = &duva_crypto_mbedtls;
    return failed + cmocka_run_group_tests_name("mbedTLS", tests, NULL, NULL);
}
