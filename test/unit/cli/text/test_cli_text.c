/* test_cli_text.c - octets into characters, terminal text and JSON. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdint.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/escape.h"
#include "text/json_text.h"
#include "text/utf8.h"

static void test_characters(void **state)
{
    static const struct {
        const char *text;
        size_t octets;
        uint32_t point;
    } good[] = {
        { "A", 1, 'A' },
        { "\x7F", 1, 0x7F },
        { "\xC2\x80", 2, 0x80 },
        { "\xDF\xBF", 2, 0x7FF },
        { "\xE0\xA0\x80", 3, 0x800 },
        { "\xED\x9F\xBF", 3, 0xD7FF },
        { "\xEE\x80\x80", 3, 0xE000 },
        { "\xF0\x90\x80\x80", 4, 0x10000 },
        { "\xF4\x8F\xBF\xBF", 4, 0x10FFFF },
        { "\xE2\x82\xAC and more", 3, 0x20AC }
    };
    static const char *const bad[] = {
        "\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41",
        "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82", "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "\xF0\x90\x80"
    };
    uint32_t point;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        point = 0;
        assert_int_equal(cli_utf8_next(good[i].text, strlen(good[i].text),
                                       &point), good[i].octets);
        assert_int_equal(point, good[i].point);
    }
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(cli_utf8_next(bad[i], strlen(bad[i]), &point), 0);
    assert_int_equal(cli_utf8_next("", 0, &point), 0);
}

static void assert_escaped(const char *src, size_t len, const char *expected)
{
    char shown[256];

    assert_int_equal(cli_escape(shown, sizeof(shown), src, len),
                     strlen(expected));
    assert_string_equal(shown, expected);
}

static void test_escape(void **state)
{
    (void)state;
    assert_escaped("", 0, "");
    assert_escaped("plain \\ \"text\"", 14, "plain \\ \"text\"");
    assert_escaped("a\0b", 3, "a\\x00b");
    assert_escaped("\r\n\t", 3, "\\x0D\\x0A\\x09");
    assert_escaped("\x1B[31mred", 8, "\\x1B[31mred");
    assert_escaped("\x7F", 1, "\\x7F");
    assert_escaped("\xC3\xA9", 2, "\xC3\xA9");
    /* C1: a terminal may take U+009B for ESC [. */
    assert_escaped("\xC2\x9B", 2, "\\xC2\\x9B");
    assert_escaped("\xC2\xA0", 2, "\xC2\xA0");
    assert_escaped("\x9B", 1, "\\x9B");
    assert_escaped("\xE2\x82", 2, "\\xE2\\x82");
    /* Right-to-left override, a byte order mark. */
    assert_escaped("\xE2\x80\xAE", 3, "\\xE2\\x80\\xAE");
    assert_escaped("\xEF\xBB\xBF", 3, "\\xEF\\xBB\\xBF");
    assert_escaped("\xF0\x9F\x95\x8A", 4, "\xF0\x9F\x95\x8A");
    /* A soft hyphen, a tag: nobody sees them. */
    assert_escaped("\xC2\xAD", 2, "\\xC2\\xAD");
    assert_escaped("\xF3\xA0\x81\x81", 4, "\\xF3\\xA0\\x81\\x81");
}

static void test_escape_cut(void **state)
{
    char shown[32];
    size_t cap, len;

    (void)state;
    for (cap = 4; cap < sizeof(shown); cap++) {
        memset(shown, '#', sizeof(shown));
        len = cli_escape(shown, cap, "ab\x1B" "cd\xC3\xA9" "fgh", 10);
        assert_true(len < cap);
        assert_int_equal(strlen(shown), len);
        if (cap < sizeof("ab\\x1B" "cd\xC3\xA9" "fgh"))
            assert_string_equal(shown + len - 3, "...");
        else
            assert_string_equal(shown, "ab\\x1B" "cd\xC3\xA9" "fgh");
        if (cap < sizeof(shown) - 1)
            assert_int_equal(shown[cap], '#');
    }
    cli_escape(shown, 8, "ab\x1B" "cd", 5);
    assert_string_equal(shown, "ab...");
    cli_escape(shown, 5, "abcd", 4);
    assert_string_equal(shown, "abcd");
    cli_escape(shown, 5, "abcde", 5);
    assert_string_equal(shown, "a...");
}

static void assert_json(const char *src, size_t len, const char *expected)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    cli_json_string(out, src, len);
    assert_int_equal(fclose(out), 0);
    assert_string_equal(text, expected);
    free(text);
}

static void test_json_string(void **state)
{
    (void)state;
    assert_json("", 0, "\"\"");
    assert_json("a/b", 3, "\"a/b\"");
    assert_json("\"\\", 2, "\"\\\"\\\\\"");
    assert_json("a\0\n\x1F\x7F", 5, "\"a\\u0000\\u000a\\u001f\\u007f\"");
    assert_json("\xC3\xA9\xF0\x9F\x95\x8A", 6,
                "\"\xC3\xA9\xF0\x9F\x95\x8A\"");
    assert_json("\xC2\x9B", 2, "\"\\u009b\"");
    assert_json("\xE2\x80\xAE\xF3\xA0\x81\x81", 7,
                "\"\\u202e\\udb40\\udc41\"");
    assert_json("\xFFx\xE2\x82", 4, "\"\\ufffdx\\ufffd\\ufffd\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_characters),
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_escape_cut),
        cmocka_unit_test(test_json_string)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
