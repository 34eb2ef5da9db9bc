/* test_base64.c - octets as base64: base64.c. */
/* SPDX-License-Identifier: MIT */
#include "base64.h"

#include "cmocka_all.h"

/* RFC 4648 10. */
static void vectors(void **state)
{
    static const struct {
        const char *octets, *text;
    } want[] = {
        { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
        { "b", "Yg==" }, { "ba", "YmE=" }, { "bar", "YmFy" },
    };
    char   quad[4];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(want) / sizeof(want[0]); i++) {
        duva__base64_quad(quad, (const uint8_t *)want[i].octets,
                          strlen(want[i].octets));
        assert_memory_equal(quad, want[i].text, 4);
    }
}

static unsigned value(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char       *at = c != '\0' ? strchr(digits, c) : NULL;

    assert_non_null(at);
    return (unsigned)(at - digits);
}

/* Everything of one and two octets, and three with each of the octets in each
 * of the places, read back. */
static void there_and_back(void **state)
{
    uint8_t in[3];
    char    quad[4];
    size_t  len, i;

    (void)state;
    for (len = 1; len <= 3; len++)
        for (i = 0; i < 65536; i++) {
            uint8_t *octets = malloc(len);
            uint32_t bits = 0;
            size_t   k;

            assert_non_null(octets);
            in[0] = (uint8_t)(i >> 8);
            in[1] = (uint8_t)i;
            in[2] = (uint8_t)(i * 7 + (i >> 8));
            memcpy(octets, in, len);
            duva__base64_quad(quad, octets, len);
            free(octets);
            for (k = 0; k < 4; k++) {
                assert_true((quad[k] == '=') == (k > len));
                bits = bits << 6 | (k <= len ? value(quad[k]) : 0);
            }
            for (k = 0; k < 3; k++)
                assert_int_equal(bits >> (16 - 8 * k) & 255,
                                 k < len ? in[k] : 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors),
        cmocka_unit_test(there_and_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
