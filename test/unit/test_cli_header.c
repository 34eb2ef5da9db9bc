/* test_cli_header.c - subject, date and the rest of a header. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "cli.h"

static char *field_of(const char *subject)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    cli_subject(out, subject);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strlen(text), size);
    return text;
}

static void assert_field(const char *subject, const char *expected)
{
    char *field = field_of(subject);

    assert_string_equal(field, expected);
    free(field);
}

static void test_plain(void **state)
{
    (void)state;
    assert_field("", "Subject: \r\n");
    assert_field("Hello", "Subject: Hello\r\n");
    assert_field("Tank 3: 98 % = full?", "Subject: Tank 3: 98 % = full?\r\n");
    assert_field("a  b", "Subject: a  b\r\n");
}

static void test_folded(void **state)
{
    (void)state;
    assert_field("the quick brown fox jumps over the lazy dog and runs away "
                 "over the hill and far away",
                 "Subject: the quick brown fox jumps over the lazy dog and "
                 "runs away over the\r\n hill and far away\r\n");
    /* Several spaces are not a place to fold. */
    assert_field("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                 "  bbbbbbbb cc",
                 "Subject: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                 "aaaaaaaaaaaa  bbbbbbbb\r\n cc\r\n");
}

static void test_encoded(void **state)
{
    (void)state;
    assert_field("Gr\xC3\xBC\xC3\x9F" "e",
                 "Subject: =?utf-8?B?R3LDvMOfZQ==?=\r\n");
    /* These would not arrive as they are written. */
    assert_field("=?utf-8?B?QQ==?=",
                 "Subject: =?utf-8?B?PT91dGYtOD9CP1FRPT0/PQ==?=\r\n");
    assert_field(" x", "Subject: =?utf-8?B?IHg=?=\r\n");
    assert_field("x ", "Subject: =?utf-8?B?eCA=?=\r\n");
    assert_field(" ", "Subject: =?utf-8?B?IA==?=\r\n");
}

static int value_of(char c)
{
    static const char digit[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *at = strchr(digit, c);

    return at != NULL && c != '\0' ? (int)(at - digit) : -1;
}

/* Decodes the encoded words of a field, each of which must be whole
 * characters, and checks the lengths that RFC 2047 gives. */
static void decode_field(const char *field, char *dst)
{
    const char *p = field + strlen("Subject: "), *end, *line = field;
    unsigned bits;
    uint32_t point;
    size_t n, start;
    int i;

    for (;;) {
        assert_memory_equal(p, "=?utf-8?B?", 10);
        end = strstr(p, "?=");
        assert_non_null(end);
        assert_true(end + 2 - p <= 75);
        assert_true(end + 2 - line <= 76);
        start = n = 0;
        for (p += 10; p < end; p += 4) {
            for (bits = 0, i = 0; i < 4; i++)
                bits = bits << 6
                       | (p[i] == '=' ? 0u : (unsigned)value_of(p[i]));
            dst[n++] = (char)(bits >> 16);
            if (p[2] != '=')
                dst[n++] = (char)(bits >> 8);
            if (p[3] != '=')
                dst[n++] = (char)bits;
        }
        for (; start < n; start += i > 0 ? (size_t)i : 1) {
            i = (int)cli_utf8_next(dst + start, n - start, &point);
            assert_int_not_equal(i, 0);
        }
        dst += n;
        if (strcmp(end, "?=\r\n") == 0)
            break;
        assert_memory_equal(end, "?=\r\n =", 6);
        p = end + 5;
        line = end + 4;
    }
    *dst = '\0';
}

/* Characters of every length meet every place where a word may end. */
static void test_no_character_is_split(void **state)
{
    static const char *const unit[] = {
        "\xC3\xA9", "\xE2\x82\xAC", "\xF0\x9F\x95\x8A", "a\xF0\x9F\x95\x8A"
    };
    char subject[600], decoded[600], *field;
    size_t i, shift, n;

    (void)state;
    for (i = 0; i < sizeof(unit) / sizeof(unit[0]); i++)
        for (shift = 0; shift < 8; shift++) {
            memset(subject, 'x', shift);
            subject[shift] = '\0';
            for (n = 0; n < 100; n++)
                strcat(subject, unit[i]);
            field = field_of(subject);
            decode_field(field, decoded);
            assert_string_equal(decoded, subject);
            free(field);
        }
}

/* A word that no line can hold is encoded, since that can be folded. */
static void test_long_word(void **state)
{
    char subject[1100], decoded[1100], *field;

    (void)state;
    memset(subject, 'w', sizeof(subject));
    subject[989] = '\0';
    field = field_of(subject);
    assert_int_equal(strlen(field), 998 + 2);
    assert_non_null(strstr(field, "Subject: www"));
    free(field);
    subject[989] = 'w';
    subject[990] = '\0';
    field = field_of(subject);
    decode_field(field, decoded);
    assert_string_equal(decoded, subject);
    free(field);
}

static void test_subject_check(void **state)
{
    char control[4] = "a?b";
    int c;

    (void)state;
    assert_null(cli_subject_check(""));
    assert_null(cli_subject_check("plain and \xC3\xA9\xF0\x9F\x95\x8A"));
    for (c = 1; c < 32; c++) {
        control[1] = (char)c;
        assert_string_equal(cli_subject_check(control),
                            "a control character");
    }
    assert_string_equal(cli_subject_check("\x7F"), "a control character");
    assert_string_equal(cli_subject_check("\xC2\x85"), "a control character");
    assert_string_equal(cli_subject_check("\xE9t\xE9"), "it is not UTF-8");
}

static char *compose(const struct cli_letter *letter, const char *zone)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    setenv("TZ", zone, 1);
    tzset();
    cli_compose(out, letter);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void test_header(void **state)
{
    duva_rcpt rcpt[3] = { { .addr = "ada@example.org" },
                          { .addr = "\"b, c\"@example.org" },
                          { .addr = "dan@example.org" } };
    struct cli_letter letter = {
        .from = "pump@example.net", .subject = "Alarm", .rcpt = rcpt,
        .rcpt_count = 3, .domain = "unused.example", .now = 1,
        .id = { 1, UINT64_MAX }
    };
    char *text = compose(&letter, "CET-1");

    (void)state;
    assert_string_equal(text,
        "Date: Thu, 01 Jan 1970 01:00:01 +0100\r\n"
        "Message-ID: <0000000000000001ffffffffffffffff@example.net>\r\n"
        "From: pump@example.net\r\n"
        "To: ada@example.org,\r\n"
        " \"b, c\"@example.org,\r\n"
        " dan@example.org\r\n"
        "Subject: Alarm\r\n"
        "\r\n");
    free(text);
}

static void test_header_8bit_no_subject_no_domain(void **state)
{
    duva_rcpt rcpt = { .addr = "postmaster" };
    struct cli_letter letter = {
        .from = "root", .rcpt = &rcpt, .rcpt_count = 1,
        .domain = "host.example", .charset = "utf-8", .now = 1795390000
    };
    char *text = compose(&letter, "NST3:30");

    (void)state;
    assert_string_equal(text,
        "Date: Sun, 22 Nov 2026 19:56:40 -0330\r\n"
        "Message-ID: <00000000000000000000000000000000@host.example>\r\n"
        "From: root\r\n"
        "To: postmaster\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: 8bit\r\n"
        "\r\n");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain),
        cmocka_unit_test(test_folded),
        cmocka_unit_test(test_encoded),
        cmocka_unit_test(test_no_character_is_split),
        cmocka_unit_test(test_long_word),
        cmocka_unit_test(test_subject_check),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_header_8bit_no_subject_no_domain)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
