/* test_scram.c - SCRAM: sasl/scram.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/openssl.h"
#include "duva/scram.h"

#include "exchange.h"

#include <stdio.h>

#define NONCE "fyko+d2lbbFgONRv9qkxdawL"
#define REST "3rfcNHYJY1ZVvWVs7j"
#define FIRST "r=" NONCE REST ",s=QSXCR+Q6sek8bf92,i=4096"
#define FINAL "v=rmF9pqV8S7suAoZWja4dJRkFsKQ="
#define PROOF "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="

static duva_crypto     crypto;
static duva_sasl_scram s;
static duva_tls_info   tls;

static int no_random(void *out, size_t len)
{
    (void)out;
    (void)len;
    return DUVA_ERR_IO;
}

static int nonce_of_the_rfc(void *out, size_t len)
{
    unsigned char text[19];

    assert_int_equal(len, 18);
    assert_int_equal(EVP_DecodeBlock(text, (const unsigned char *)NONCE, 24),
                     18);
    memcpy(out, text, 18);
    return DUVA_OK;
}

static void begin(duva_digest digest, int plus)
{
    crypto = duva_crypto_openssl;
    crypto.random = nonce_of_the_rfc;
    duva_sasl_scram_init(&s, &crypto, digest, plus, "user", "pencil");
}

static void begin_bound(duva_digest digest, int plus)
{
    static uint8_t binding[32];
    size_t         i;

    begin(digest, plus);
    for (i = 0; i < sizeof(binding); i++)
        binding[i] = (uint8_t)i;
    memset(&tls, 0, sizeof(tls));
    tls.binding_type = "tls-exporter";
    tls.binding.data = binding;
    tls.binding.len = sizeof(binding);
    s.base.tls = &tls;
}

static int unproven(void)
{
    return (s.base.flags & DUVA_SASL_UNPROVEN) != 0;
}

/* RFC 5802 5 */
static void sha_1(void **state)
{
    int turn;

    (void)state;
    begin(DUVA_SHA1, 0);
    assert_string_equal(s.base.name, "SCRAM-SHA-1");
    assert_int_equal(s.base.bit, DUVA_AUTH_SCRAM_SHA_1);
    for (turn = 0; turn < 2; turn++) {
        assert_int_equal(exchange_start(&s.base), 1);
        SAYS("n,,n=user,r=" NONCE);
        assert_true(unproven());
        assert_true(exchange_text(&s.base, FIRST) > 0);
        SAYS("c=biws,r=" NONCE REST ",p=" PROOF);
        assert_true(unproven());
        assert_int_equal(exchange_text(&s.base, FINAL), 0);
        assert_false(unproven());
        exchange_fails(&s.base, exchange_text(&s.base, FINAL),
                       DUVA_ERR_PROTOCOL, DUVA_REASON_UNEXPECTED);
    }
}

/* Computed by other means: Python's hashlib and hmac. */
static void sha_512(void **state)
{
    (void)state;
    begin(DUVA_SHA512, 0);
    assert_string_equal(s.base.name, "SCRAM-SHA-512");
    assert_int_equal(s.base.bit, DUVA_AUTH_SCRAM_SHA_512);
    exchange_start(&s.base);
    exchange_text(&s.base, FIRST);
    SAYS("c=biws,r=" NONCE REST ",p=VdS8LkrURiej1tG6iX+fqCXQfUnBb//d9llXYaH+"
         "ylUbDwBUz9geyR9fC4TewskRUM2tlYSalhAT4Aay1Q5dTA==");
    assert_int_equal(
        exchange_text(&s.base, "v=14PAAuavk9hxBEkgB0brDxUhvWu+N16meYk+qxVNFqc"
                               "hR8QPohM09Y4Z6WaTCuX4C6nqMB9KIJTDm6RpSM990g=="),
        0);
    assert_false(unproven());
}

/* Likewise: names with what would end them, and a binding. */
static void sha_256_plus(void **state)
{
    (void)state;
    begin_bound(DUVA_SHA256, 1);
    assert_string_equal(s.base.name, "SCRAM-SHA-256-PLUS");
    assert_int_equal(s.base.bit, DUVA_AUTH_SCRAM_SHA_256_PLUS);
    assert_true(s.base.flags & DUVA_SASL_BINDS);
    s.user = "a,b=c";
    s.authzid = "o,x";
    exchange_start(&s.base);
    SAYS("p=tls-exporter,a=o=2Cx,n=a=2Cb=3Dc,r=" NONCE);
    exchange_text(&s.base, "r=" NONCE "XYZ,s=c2FsdA==,i=4096");
    SAYS("c=cD10bHMtZXhwb3J0ZXIsYT1vPTJDeCwAAQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYG"
         "RobHB0eHw==,r=" NONCE "XYZ,p=udq1aUphrJ2kWPy+UVZKPp9hFgbLxHCfOUuqx1"
         "DLakk=");
    assert_int_equal(
        exchange_text(&s.base,
                      "v=FKTMS11Gzyg/VaGErFpKK3RNVD6dm0aA4XGX6N4iMF4="), 0);
    assert_false(unproven());
}

static void names(void **state)
{
    (void)state;
    begin(DUVA_SHA256, 0);
    assert_string_equal(s.base.name, "SCRAM-SHA-256");
    assert_int_equal(s.base.bit, DUVA_AUTH_SCRAM_SHA_256);
    begin(DUVA_SHA1, 1);
    assert_string_equal(s.base.name, "SCRAM-SHA-1-PLUS");
    assert_int_equal(s.base.bit, DUVA_AUTH_SCRAM_SHA_1_PLUS);
    begin(DUVA_SHA512, 1);
    assert_string_equal(s.base.name, "SCRAM-SHA-512-PLUS");
    assert_int_equal(s.base.bit, DUVA_AUTH_SCRAM_SHA_512_PLUS);
    begin(DUVA_MD5, 0);
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                   DUVA_REASON_MISSING);
}

/* RFC 5802 6: y only when we could bind and the server seems not to. */
static void binding_flag(void **state)
{
    (void)state;
    begin(DUVA_SHA256, 0);
    exchange_start(&s.base);
    assert_int_equal(exchange_said[0], 'n');
    begin_bound(DUVA_SHA256, 0);
    s.base.offered = DUVA_AUTH_SCRAM_SHA_256 | DUVA_AUTH_SCRAM_SHA_1_PLUS;
    exchange_start(&s.base);
    assert_int_equal(exchange_said[0], 'y');
    exchange_text(&s.base, FIRST);
    assert_memory_equal(exchange_said, "c=eSws,r=", 9);
    s.base.offered = DUVA_AUTH_SCRAM_SHA_256 | DUVA_AUTH_SCRAM_SHA_256_PLUS;
    exchange_start(&s.base);
    assert_int_equal(exchange_said[0], 'n');
    s.base.offered = DUVA_AUTH_SCRAM_SHA_256;
    tls.binding_type = NULL;
    exchange_start(&s.base);
    assert_int_equal(exchange_said[0], 'n');
    begin(DUVA_SHA256, 1);
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_UNSUPPORTED,
                   DUVA_REASON_NO_BINDING);
    s.base.tls = &tls;
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_UNSUPPORTED,
                   DUVA_REASON_NO_BINDING);
}

/* ---- what the server may not say ---- */

static void refuses_first(const char *text, size_t len, duva_reason reason)
{
    begin(DUVA_SHA1, 0);
    exchange_start(&s.base);
    exchange_fails(&s.base, exchange_hear(&s.base, text, len),
                   DUVA_ERR_PROTOCOL, reason);
    assert_true(unproven());
    exchange_fails(&s.base, exchange_text(&s.base, FINAL), DUVA_ERR_PROTOCOL,
                   DUVA_REASON_UNEXPECTED);
    assert_true(unproven());
}

static void refuses(const char *text, duva_reason reason)
{
    refuses_first(text, strlen(text), reason);
}

#define R "r=" NONCE REST
#define S "s=QSXCR+Q6sek8bf92"
#define I "i=4096"

static void malformed_first(void **state)
{
    static const char *const bad[] = {
        "", ",", "r", "r=", R, R ",", S "," I, R "," I, R "," S, R "," S ",",
        R "," S "," I ",", "," R "," S "," I, R ",," S "," I,
        S "," R "," I, R "," I "," S, I "," S "," R,
        R "," R "," S "," I, R "," S "," S "," I, R "," S "," I "," I,
        "m=x," R "," S "," I, R ",m=x," S "," I, R "," S "," I ",m=x",
        "R=" NONCE REST "," S "," I, R ",S=QSXCR+Q6sek8bf92," I,
        R ",s=," I, R "," S ",i=", R ",s=QSXCR+Q6sek8bf9," I,
        R ",s=QSXC R+Q6sek8bf92," I, R ",s=QSXCR+Q6sek8bf9*," I,
        R ",s=====," I, R "," S ",i=4096x", R "," S ",i=x4096",
        R "," S ",i=-4096", R "," S ",i=+4096", R "," S ",i= 4096",
        R "," S ",i=04096", R "," S ",i=0", R "," S ",i=0x1000",
        R "," S "," I ",x", R "," S "," I ",x=", R "," S "," I ",1=x",
        R "," S "," I ",x=1,,y=2", R "," S "," I ",v=x", "e=other-error",
        R "," S "," I "\n", " " R "," S "," I, FINAL
    };
    size_t i, at;
    char   text[sizeof(FIRST) + 1];

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        refuses(bad[i], DUVA_REASON_CHALLENGE);
    for (at = 0; at <= strlen(FIRST); at++) { /* a NUL at every place */
        memcpy(text, FIRST, at);
        text[at] = '\0';
        memcpy(text + at + 1, &(FIRST)[at], sizeof(FIRST) - at);
        refuses_first(text, sizeof(FIRST), DUVA_REASON_CHALLENGE);
    }
    for (at = 0; at + 6 < strlen(FIRST); at++) /* cut short */
        refuses_first(FIRST, at, DUVA_REASON_CHALLENGE);
}

static void unknown_attributes(void **state)
{
    (void)state;
    begin(DUVA_SHA1, 0);
    exchange_start(&s.base);
    assert_true(exchange_text(&s.base, FIRST ",x=a=b,Y=\xC3\xA4") > 0);
    assert_memory_equal(exchange_said, "c=biws,r=" NONCE REST ",p=",
                        sizeof("c=biws,r=" NONCE REST ",p=") - 1);
}

static void nonces(void **state)
{
    static const char *const bad[] = {
        "r=" NONCE, "r=" REST, "r=x" NONCE REST, "r=Fyko+d2lbbFgONRv9qkxdawLx",
        "r=fyko+d2lbbFgONRv9qkxdawl" REST, "r=" NONCE "a b", "r=" NONCE "\x7F",
        "r=" NONCE "\xC3\xA4", "r=f", "r=" NONCE "\t"
    };
    char   text[128];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        sprintf(text, "%s," S "," I, bad[i]);
        refuses(text, DUVA_REASON_NONCE);
    }
    begin(DUVA_SHA1, 0);
    exchange_start(&s.base);
    assert_true(exchange_text(&s.base, "r=" NONCE "~," S "," I) > 0);
}

static void iterations(void **state)
{
    static const char *const bad[] = {
        "1", "4095", "1000001", "1000000000", "4294967295", "4294967296",
        "4294971392", "4294971400",
        "18446744073709555712", "99999999999999999999999999"
    };
    char   text[128];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        sprintf(text, R "," S ",i=%s", bad[i]);
        refuses(text, DUVA_REASON_ITERATIONS);
    }
    begin(DUVA_SHA1, 0);
    assert_int_equal(s.iterations_min, 4096);
    assert_int_equal(s.iterations_max, 1000000);
    s.iterations_min = 1;
    s.iterations_max = 2;
    exchange_start(&s.base);
    assert_true(exchange_text(&s.base, R "," S ",i=2") > 0);
    exchange_start(&s.base);
    exchange_fails(&s.base, exchange_text(&s.base, R "," S ",i=3"),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_ITERATIONS);
}

static void not_base64(void **state)
{
    duva_span none = { NULL, 64 };

    (void)state;
    begin(DUVA_SHA1, 0);
    exchange_start(&s.base);
    exchange_fails(&s.base, exchange_raw(&s.base, FIRST, strlen(FIRST)),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
    exchange_start(&s.base);
    exchange_fails(&s.base, s.base.step(&s.base, &none, exchange_part),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
    exchange_start(&s.base);
    exchange_text(&s.base, FIRST);
    exchange_fails(&s.base, s.base.step(&s.base, &none, exchange_part),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
}

/* Every length of the server's nonce: it fits, or is too long, no other. */
static void longest_first(void **state)
{
    char     text[DUVA_SCRAM_SIZE + 64];
    unsigned len, fits = 0;

    (void)state;
    for (len = 1; len < DUVA_SCRAM_SIZE; len++) {
        int n, at = sprintf(text, "r=" NONCE);

        memset(text + at, 'x', len);
        strcpy(text + at + len, "," S "," I);
        begin(DUVA_SHA512, 0);
        exchange_start(&s.base);
        n = exchange_text(&s.base, text);
        if (n > 0)
            fits = len;
        else
            exchange_fails(&s.base, n, DUVA_ERR_PROTOCOL,
                           DUVA_REASON_CHALLENGE);
    }
    assert_in_range(fits, 300, DUVA_SCRAM_SIZE);
}

static void refuses_final(const char *text, size_t len, duva_reason reason)
{
    begin(DUVA_SHA1, 0);
    exchange_start(&s.base);
    assert_true(exchange_text(&s.base, FIRST) > 0);
    exchange_fails(&s.base, exchange_hear(&s.base, text, len),
                   DUVA_ERR_PROTOCOL, reason);
    assert_true(unproven());
}

static void malformed_final(void **state)
{
    static const char *const bad[] = {
        "", "v", "v=", "V=rmF9pqV8S7suAoZWja4dJRkFsKQ=",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQ", "v=rmF9pqV8S7suAoZWja4dJRkFsKQ==",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKR=", FINAL ",", FINAL "," FINAL,
        FINAL ",m=x", FINAL ",x", FINAL "\n", "," FINAL, "x=1," FINAL,
        FINAL ",e=x", "e=", "e=x,v=y", FIRST, "rmF9pqV8S7suAoZWja4dJRkFsKQ="
    };
    static const char *const wrong[] = {
        "v=rmF9pqV8S7suAoZWja4dJRkFsKA=", "v=rmF9",
        "v=smF9pqV8S7suAoZWja4dJRkFsKQ=", "v=AAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "v=rmF9pqV8S7suAoZWja4dJRkFsKQArmF9pqV8S7suAoZWja4dJRkFsKQA"
    };
    char   text[sizeof(FINAL) + 1];
    size_t i, at;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        refuses_final(bad[i], strlen(bad[i]), DUVA_REASON_CHALLENGE);
    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        refuses_final(wrong[i], strlen(wrong[i]), DUVA_REASON_UNPROVEN);
    for (at = 0; at <= strlen(FINAL); at++) {
        memcpy(text, FINAL, at);
        text[at] = '\0';
        memcpy(text + at + 1, &(FINAL)[at], sizeof(FINAL) - at);
        refuses_final(text, sizeof(FINAL), DUVA_REASON_CHALLENGE);
    }
}

/* Each bit of the signature counts. */
static void every_bit(void **state)
{
    unsigned char claim[24], text[40];
    int           bit;

    (void)state;
    assert_int_equal(EVP_DecodeBlock(claim, (const unsigned char *)FINAL + 2,
                                     28), 21);
    for (bit = 0; bit < 160; bit++) {
        claim[bit / 8] ^= (unsigned char)(1 << bit % 8);
        memcpy(text, "v=", 2);
        EVP_EncodeBlock(text + 2, claim, 20);
        refuses_final((char *)text, 30, DUVA_REASON_UNPROVEN);
        claim[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
}

/* The server will not have us: it is let say so, and stays unproven. */
static void server_error(void **state)
{
    (void)state;
    begin(DUVA_SHA1, 0);
    exchange_start(&s.base);
    exchange_text(&s.base, FIRST);
    assert_int_equal(exchange_text(&s.base, "e=invalid-proof"), 0);
    assert_true(unproven());
    exchange_fails(&s.base, exchange_text(&s.base, FINAL), DUVA_ERR_PROTOCOL,
                   DUVA_REASON_UNEXPECTED);
    assert_true(unproven());
}

/* ---- what the caller may not say ---- */

static void refuses_caller(duva_reason reason)
{
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG, reason);
    assert_true(unproven());
}

static void arguments(void **state)
{
    (void)state;
    begin(DUVA_SHA1, 0);
    s.user = NULL;
    refuses_caller(DUVA_REASON_MISSING);
    s.user = "";
    refuses_caller(DUVA_REASON_MISSING);
    s.user = "u\x01";
    refuses_caller(DUVA_REASON_CONTROL);
    s.user = "\xC3\xA4";
    refuses_caller(DUVA_REASON_NOT_ASCII);
    s.user = "user";
    s.pass = NULL;
    refuses_caller(DUVA_REASON_MISSING);
    s.pass = "\xC3\xA4";
    refuses_caller(DUVA_REASON_NOT_ASCII);
    s.pass = "\x80";
    refuses_caller(DUVA_REASON_NOT_ASCII);
    s.pass = "x\xFF";
    refuses_caller(DUVA_REASON_NOT_ASCII);
    s.pass = "\x7F";
    refuses_caller(DUVA_REASON_CONTROL);
    s.pass = "~";
    assert_int_equal(exchange_start(&s.base), 1);
    s.prepared = 1;
    s.user = "\xC3\xA4";
    assert_int_equal(exchange_start(&s.base), 1);
    SAYS("n,,n=\xC3\xA4,r=" NONCE);
    s.pass = "tab\t";
    refuses_caller(DUVA_REASON_CONTROL);
    s.pass = "";
    assert_int_equal(exchange_start(&s.base), 1);
    assert_true(exchange_text(&s.base, FIRST) > 0);
    s.authzid = "\x7F";
    refuses_caller(DUVA_REASON_CONTROL);
    s.authzid = NULL;
    s.crypto = NULL;
    refuses_caller(DUVA_REASON_MISSING);
}

static void long_names(void **state)
{
    char     name[DUVA_SCRAM_SIZE + 8];
    unsigned len, fits = 0;

    (void)state;
    for (len = 1; len < sizeof(name); len++) {
        int n;

        memset(name, 'u', len);
        name[len] = '\0';
        begin_bound(DUVA_SHA256, 1);
        s.user = name;
        n = exchange_start(&s.base);
        if (n > 0)
            fits = len;
        else
            exchange_fails(&s.base, n, DUVA_ERR_SPACE, DUVA_REASON_NONE);
        begin_bound(DUVA_SHA256, 0);
        s.authzid = name;
        exchange_start(&s.base);
    }
    assert_in_range(fits, 254, DUVA_SCRAM_SIZE);
}

/* ---- a library that fails ---- */

static int calls_left;

static int fails_now(void)
{
    return calls_left-- == 0;
}

static int hash(duva_digest d, const duva_span *part, size_t parts,
                uint8_t *out)
{
    return fails_now() ? DUVA_ERR_UNSUPPORTED
                       : duva_crypto_openssl.hash(d, part, parts, out);
}

static int hmac(duva_digest d, const duva_span *key, const duva_span *part,
                size_t parts, uint8_t *out)
{
    return fails_now() ? DUVA_ERR_UNSUPPORTED
                       : duva_crypto_openssl.hmac(d, key, part, parts, out);
}

static int pbkdf2(duva_digest d, const duva_span *pass, const duva_span *salt,
                  uint32_t n, uint8_t *out)
{
    return fails_now() ? DUVA_ERR_UNSUPPORTED
                       : duva_crypto_openssl.pbkdf2(d, pass, salt, n, out);
}

static void failing_library(void **state)
{
    int n;

    (void)state;
    for (n = 0; n < 7; n++) {
        begin(DUVA_SHA1, 0);
        crypto.hash = hash;
        crypto.hmac = hmac;
        crypto.pbkdf2 = pbkdf2;
        exchange_start(&s.base);
        calls_left = n;
        if (n == 6)
            assert_true(exchange_text(&s.base, FIRST) > 0);
        else
            exchange_fails(&s.base, exchange_text(&s.base, FIRST),
                           DUVA_ERR_UNSUPPORTED, DUVA_REASON_NONE);
        assert_true(unproven());
    }
    begin(DUVA_SHA1, 0);
    crypto.random = no_random;
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_IO,
                   DUVA_REASON_NONE);
    begin(DUVA_SHA1, 0);
    crypto.random = NULL;
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                   DUVA_REASON_MISSING);
}

/* The first octets of SaltedPassword. */
#define SALTED "\x1d\x96\xee\x3a"

/* Of what is derived from the password only the signature that is waited for
 * stays, and the proof that is being sent; in the end nothing. */
static void forgets(void **state)
{
    static const uint8_t zero[sizeof(s.text)];

    (void)state;
    begin(DUVA_SHA1, 0);
    exchange_start(&s.base);
    exchange_text(&s.base, FIRST);
    assert_false(exchange_holds(&s, sizeof(s), SALTED));
    assert_true(exchange_holds(&s, sizeof(s), PROOF));
    exchange_text(&s.base, FINAL);
    assert_memory_equal(s.text, zero, sizeof(s.text));
    assert_memory_equal(s.signature, zero, sizeof(s.signature));
    exchange_start(&s.base);
    exchange_text(&s.base, FIRST);
    exchange_text(&s.base, "v=AAAA");
    assert_memory_equal(s.text, zero, sizeof(s.text));
    assert_memory_equal(s.signature, zero, sizeof(s.signature));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha_1),           cmocka_unit_test(sha_512),
        cmocka_unit_test(sha_256_plus),    cmocka_unit_test(names),
        cmocka_unit_test(binding_flag),    cmocka_unit_test(malformed_first),
        cmocka_unit_test(unknown_attributes), cmocka_unit_test(nonces),
        cmocka_unit_test(iterations),      cmocka_unit_test(not_base64),
        cmocka_unit_test(longest_first),   cmocka_unit_test(malformed_final),
        cmocka_unit_test(every_bit),       cmocka_unit_test(server_error),
        cmocka_unit_test(arguments),       cmocka_unit_test(long_names),
        cmocka_unit_test(failing_library), cmocka_unit_test(forgets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
