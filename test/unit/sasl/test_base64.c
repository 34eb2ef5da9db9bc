/* test_base64.c - base64, to and fro: sasl/base64.c. */
/* SPDX-License-Identifier: MIT */
#include "sasl/base64.h"

#include "cmocka_all.h"

#include <openssl/evp.h>

static uint8_t out[16384];

static size_t decode_some(const char *text, size_t len, size_t size)
{
    duva_span s;

    s.data = text;
    s.len = len;
    memset(out, 0xEE, sizeof(out));
    return duva__base64_decode(&s, out, size);
}

static size_t decode(const char *text)
{
    return decode_some(text, strlen(text), sizeof(out));
}

/* RFC 4648 10 */
static void vectors(void **state)
{
    static const char *const both[][2] = {
        { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
        { "foobar", "Zm9vYmFy" }
    };
    struct duva__words w;
    duva_span          part[3];
    char               text[32];
    size_t             i, cut;

    (void)state;
    for (i = 0; i < sizeof(both) / sizeof(both[0]); i++) {
        const size_t len = strlen(both[i][0]);

        assert_int_equal(decode(both[i][1]), len);
        assert_memory_equal(out, both[i][0], len);
        for (cut = 0; cut <= len; cut++) {
            w.text = text;
            w.size = sizeof(text);
            w.len = 0;
            part[0].data = both[i][0];
            part[0].len = cut;
            part[1].data = NULL;
            part[1].len = 0;
            part[2].data = both[i][0] + cut;
            part[2].len = len - cut;
            duva__base64_put(&w, part, 3);
            assert_int_equal(w.len, strlen(both[i][1]));
            assert_memory_equal(text, both[i][1], w.len);
        }
    }
}

static void all_octets(void **state)
{
    uint8_t            in[256];
    char               text[400], want[400];
    struct duva__words w;
    duva_span          part;
    int                i;

    (void)state;
    for (i = 0; i < 256; i++)
        in[i] = (uint8_t)(i * 7 + 3);
    for (i = 0; i <= 256; i++) {
        w.text = text;
        w.size = sizeof(text);
        w.len = 0;
        part.data = in;
        part.len = (size_t)i;
        duva__base64_put(&w, &part, 1);
        assert_int_equal(w.len, EVP_EncodeBlock((unsigned char *)want, in, i));
        assert_memory_equal(text, want, w.len);
        assert_int_equal(decode_some(text, w.len, sizeof(out)), i);
        assert_memory_equal(out, in, (size_t)i);
    }
}

/* Every other character, at every place, white space and URL forms too. */
static void strangers(void **state)
{
    static const char good[] = "QUJDREVG";
    char              text[9];
    int               octet;
    size_t            at;

    (void)state;
    for (octet = 0; octet < 256; octet++)
        for (at = 0; at < 8; at++) {
            const int known = (octet >= 'A' && octet <= 'Z')
                              || (octet >= 'a' && octet <= 'z')
                              || (octet >= '0' && octet <= '9')
                              || octet == '+' || octet == '/';

            memcpy(text, good, 9);
            text[at] = (char)octet;
            if (octet == '=' && at == 7) /* a pad: see below */
                continue;
            assert_int_equal(decode_some(text, 8, sizeof(out)),
                             known ? 6 : DUVA__BASE64_BAD);
        }
}

static void padding(void **state)
{
    static const char *const bad[] = {
        "Z", "Zg", "Zg=", "Zm8", "Zg===", "Zg==Zg==", "Zm8=Zm8=", "=", "==",
        "===", "====", "Z===", "Zm9v====", "Zm9v=", "Z=g=", "Z=m8", "Zh==",
        "Zm9=", "Zv==", "Zm/=", "Zm9vYg==\n", "Zm9v Yg==", "Zm9v\r\n", "Zm-_"
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(decode(bad[i]), DUVA__BASE64_BAD);
    assert_int_equal(decode("REU="), 2);
}

/* All of it is counted, and no more than there is room for is written. */
static void room(void **state)
{
    size_t size;

    (void)state;
    for (size = 0; size < 8; size++) {
        assert_int_equal(decode_some("Zm9vYmFy", 8, size), 6);
        assert_memory_equal(out, "foobar", size < 6 ? size : 6);
        assert_int_equal(out[size < 6 ? size : 6], 0xEE);
    }
}

static void longest(void **state)
{
    static char text[12292];
    duva_span   none;

    (void)state;
    memset(text, 'A', sizeof(text));
    assert_int_equal(decode_some(text, 12288, sizeof(out)), 9216);
    assert_int_equal(decode_some(text, 12292, sizeof(out)), DUVA__BASE64_BAD);
    none.data = NULL;
    none.len = 64;
    assert_int_equal(duva__base64_decode(&none, out, sizeof(out)),
                     DUVA__BASE64_BAD);
}

static void words(void **state)
{
    char               text[16];
    struct duva__words w;

    (void)state;
    memset(text, '!', sizeof(text));
    w.text = text;
    w.size = 12;
    w.len = 0;
    duva__words_name(&w, "a,b=c");
    assert_int_equal(w.len, 9);
    duva__words_put(&w, "12345");
    assert_int_equal(w.len, 14);
    assert_memory_equal(text, "a=2Cb=3Dc123!!!!", 16);
    assert_int_equal(duva__words_check("a b\x80"), DUVA_REASON_NONE);
    assert_int_equal(duva__words_check("a\x7F"), DUVA_REASON_CONTROL);
    assert_int_equal(duva__words_check("\001"), DUVA_REASON_CONTROL);
    duva_wipe(text, 15);
    assert_memory_equal(text, "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0!", 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors), cmocka_unit_test(all_octets),
        cmocka_unit_test(strangers), cmocka_unit_test(padding),
        cmocka_unit_test(room), cmocka_unit_test(longest),
        cmocka_unit_test(words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
