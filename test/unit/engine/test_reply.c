/* test_reply.c - replies, octet by octet: reply.c. */
/* SPDX-License-Identifier: MIT */
#include "syntax/reply.h"

#include "cmocka_all.h"

#include <stdio.h>

static duva_reply  reply;
static duva_result words;

static void fresh(void)
{
    memset(&reply, 0, sizeof(reply));
    memset(&words, 0, sizeof(words));
}

/* Reads until something is decided; *used counts the octets. */
static duva__reply_state read_all(const char *octets, size_t len,
                                  uint32_t options, size_t *used)
{
    duva__reply_state heard = DUVA__MORE;
    size_t      i;

    fresh();
    for (i = 0; i < len && heard < DUVA__DONE; i++)
        heard = duva__reply_octet(&reply, &words, options,
                                  (uint8_t)octets[i]);
    *used = i;
    return heard;
}

static void good_replies(void **state)
{
    static const struct {
        const char *octets;
        unsigned    code, lines;
        const char *text;
        unsigned    enhanced[3];
    } good[] = {
        { "250 ok\r\n", 250, 0, "ok", { 0, 0, 0 } },
        { "220\r\n", 220, 0, "", { 0, 0, 0 } },
        { "220 \r\n", 220, 0, "", { 0, 0, 0 } },
        { "299-\r\n299\r\n", 299, 1, "", { 0, 0, 0 } },
        { "354-a\r\n354-b\r\n354 c\r\n", 354, 2, "a\nb\nc", { 0, 0, 0 } },
        { "550 5.1.1 no\r\n", 550, 0, "no", { 5, 1, 1 } },
        { "550 5.7.26 no\r\n", 550, 0, "no", { 5, 7, 26 } },
        { "450-4.2.1 a\r\n450 4.2.1 b\r\n", 450, 1, "a\nb", { 4, 2, 1 } },
        { "450-4.2.1 a\r\n450 4.9.9 b\r\n", 450, 1, "a\nb", { 4, 2, 1 } },
        { "550 5.1.1\r\n", 550, 0, "", { 5, 1, 1 } },
        { "550 5.1.1  no\r\n", 550, 0, " no", { 5, 1, 1 } },
        { "550 5.1.1 5.7.1 no\r\n", 550, 0, "5.7.1 no", { 5, 1, 1 } },
        { "550 no 5.7.1 no\r\n", 550, 0, "no 5.7.1 no", { 0, 0, 0 } },
        { "550-no\r\n550 5.7.1 no\r\n", 550, 1, "no\nno", { 5, 7, 1 } },
        { "250 2.999.999 x\r\n", 250, 0, "x", { 2, 999, 999 } },
        { "250 2.1000.9 x\r\n", 250, 0, "2.1000.9 x", { 0, 0, 0 } },
        { "250 4.1.1 x\r\n", 250, 0, "4.1.1 x", { 0, 0, 0 } },
        { "250 2..1 x\r\n", 250, 0, "2..1 x", { 0, 0, 0 } },
        { "250 2.1.x\r\n", 250, 0, "2.1.x", { 0, 0, 0 } },
        { "250 2.1. x\r\n", 250, 0, "2.1. x", { 0, 0, 0 } },
        { "250 a\tb\r\n", 250, 0, "a?b", { 0, 0, 0 } },
        { "250 a\rb\r\n", 250, 0, "a?b", { 0, 0, 0 } },
        { "250 a\r\r\n", 250, 0, "a?", { 0, 0, 0 } },
    };
    size_t i, used;

    (void)state;
    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        const size_t len = strlen(good[i].octets);
        unsigned     k;

        assert_int_equal(read_all(good[i].octets, len, 0, &used), DUVA__DONE);
        assert_int_equal(used, len);
        assert_int_equal(reply.code, good[i].code);
        assert_int_equal(words.status.code, good[i].code);
        assert_int_equal(reply.lines, good[i].lines);
        assert_string_equal(words.text, good[i].text);
        for (k = 0; k < 3; k++)
            assert_int_equal(words.status.enhanced[k], good[i].enhanced[k]);
    }
}

static void bad_replies(void **state)
{
    static const struct {
        const char *octets;
        duva__reply_state why;
    } bad[] = {
        { "\r\n", DUVA__BAD_SYNTAX }, { "x", DUVA__BAD_SYNTAX },
        { " 250 ok\r\n", DUVA__BAD_SYNTAX }, { "199 ", DUVA__BAD_SYNTAX },
        { "600 ", DUVA__BAD_SYNTAX }, { "099 ", DUVA__BAD_SYNTAX },
        { "25\r\n", DUVA__BAD_SYNTAX }, { "25x", DUVA__BAD_SYNTAX },
        { "2500", DUVA__BAD_SYNTAX }, { "250x", DUVA__BAD_SYNTAX },
        { "250\n", DUVA__BAD_SYNTAX }, { "250 ok\n", DUVA__BAD_SYNTAX },
        { "250\rx", DUVA__BAD_SYNTAX }, { "250\r\r\n", DUVA__BAD_SYNTAX },
        { "250 a\nb\r\n", DUVA__BAD_SYNTAX },
        { "250-a\n250 b\r\n", DUVA__BAD_SYNTAX },
        { "250-a\r\n251 b\r\n", DUVA__BAD_CODES },
        { "250-a\r\n251-b\r\n", DUVA__BAD_CODES },
        { "250-a\r\n350\r\n", DUVA__BAD_CODES },
        { "250-a\r\n\r\n", DUVA__BAD_SYNTAX },
    };
    size_t i, used;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_int_equal(read_all(bad[i].octets, strlen(bad[i].octets), 0,
                                  &used),
                         bad[i].why);
}

/* Every octet in every place of "250 x". */
static void every_octet(void **state)
{
    char     line[] = "250 x\r\n";
    size_t   place, used;
    unsigned c;

    (void)state;
    for (place = 0; place < 5; place++)
        for (c = 0; c < 256; c++) {
            duva__reply_state heard;
            int         fine = 1;

            memcpy(line, "250 x\r\n", sizeof(line));
            line[place] = (char)c;
            heard = read_all(line, 7, 0, &used);
            if (place == 0)
                fine = c >= '2' && c <= '5';
            else if (place < 3)
                fine = c >= '0' && c <= '9';
            else if (place == 3)
                fine = c == ' ';
            else
                fine = c != '\n';
            if (place == 3 && c == '-')
                assert_int_equal(heard, DUVA__TEXT); /* more to come */
            else
                assert_int_equal(heard, fine ? DUVA__DONE : DUVA__BAD_SYNTAX);
            if (place == 4 && fine)
                assert_int_equal(
                    (uint8_t)words.text[0],
                    c < ' ' || c == 0x7F ? '?' : c);
        }
}

static void quirks(void **state)
{
    const uint32_t space = DUVA_QUIRK_LEADING_SPACE, lf = DUVA_QUIRK_BARE_LF;
    size_t         used;

    (void)state;
    assert_int_equal(read_all("  250 ok\r\n", 10, space, &used), DUVA__DONE);
    assert_int_equal(reply.code, 250);
    assert_string_equal(words.text, "ok");
    assert_int_equal(read_all(" 250-a\r\n 250 b\r\n", 16, space, &used),
                     DUVA__DONE);
    assert_int_equal(read_all("2 50 ok\r\n", 9, space, &used),
                     DUVA__BAD_SYNTAX);
    assert_int_equal(read_all("\t250 ok\r\n", 9, space, &used),
                     DUVA__BAD_SYNTAX);
    assert_int_equal(read_all("  250 ok\r\n", 10, lf, &used),
                     DUVA__BAD_SYNTAX);
    assert_int_equal(read_all("250 ok\n", 7, lf, &used), DUVA__DONE);
    assert_string_equal(words.text, "ok");
    assert_int_equal(read_all("250\n", 4, lf, &used), DUVA__DONE);
    assert_int_equal(read_all("250-a\n250 b\r\n", 13, lf, &used), DUVA__DONE);
    assert_string_equal(words.text, "a\nb");
    assert_int_equal(read_all("250 ok\n", 7, space, &used), DUVA__BAD_SYNTAX);
}

/* An endless run of spaces is not an endless reply. */
static void endless_spaces(void **state)
{
    duva__reply_state heard = DUVA__MORE;
    size_t      i;

    (void)state;
    fresh();
    for (i = 0; heard == DUVA__MORE && i < 100000; i++)
        heard = duva__reply_octet(&reply, &words, DUVA_QUIRK_LEADING_SPACE,
                                  ' ');
    assert_int_equal(heard, DUVA__BAD_LENGTH);
    assert_true(i <= DUVA__REPLY_OCTETS + 1);
}

static duva__reply_state read_line(size_t len)
{
    char       *line = malloc(len);
    size_t      used;
    duva__reply_state heard;

    assert_non_null(line);
    memset(line, 'x', len);
    memcpy(line, "250 ", 4);
    memcpy(line + len - 2, "\r\n", 2);
    heard = read_all(line, len, 0, &used);
    free(line);
    return heard;
}

static void limits(void **state)
{
    static const char more[] = "250-123456\r\n";
    duva__reply_state heard = DUVA__MORE;
    size_t            i, used;
    char              big[2000];

    (void)state;
    assert_int_equal(read_line(512), DUVA__DONE);
    assert_int_equal(read_line(513), DUVA__DONE);
    assert_int_equal(read_line(DUVA__REPLY_LINE), DUVA__DONE);
    assert_int_equal(read_line(DUVA__REPLY_LINE + 1), DUVA__BAD_LENGTH);
    assert_int_equal(read_line(1 << 20), DUVA__BAD_LENGTH);
    fresh();
    for (i = 0; heard < DUVA__DONE; i++)
        heard = duva__reply_octet(&reply, &words, 0,
                                  (uint8_t)more[i % (sizeof(more) - 1)]);
    assert_int_equal(heard, DUVA__BAD_LENGTH);
    assert_int_equal(i, DUVA__REPLY_LINES * (sizeof(more) - 1));
    memset(big, 'x', sizeof(big));
    memcpy(big, "250-", 4);
    memcpy(big + sizeof(big) - 2, "\r\n", 2);
    fresh();
    for (used = 0, heard = DUVA__MORE; heard < DUVA__DONE; used++)
        heard = duva__reply_octet(&reply, &words, 0,
                                  (uint8_t)big[used % sizeof(big)]);
    assert_int_equal(heard, DUVA__BAD_LENGTH);
    assert_int_equal(used, DUVA__REPLY_OCTETS + 1);
}

/* Long words are cut to fit, and nothing is written behind them. */
static void words_are_cut(void **state)
{
    char   line[DUVA_TEXT_SIZE * 3];
    size_t used;

    (void)state;
    memset(line, 'y', sizeof(line));
    memcpy(line, "250 2.0.0 ", 10);
    memcpy(line + sizeof(line) - 2, "\r\n", 2);
    assert_int_equal(read_all(line, sizeof(line), 0, &used), DUVA__DONE);
    assert_true(strlen(words.text) <= DUVA_TEXT_SIZE - 1);
    assert_true(strlen(words.text) >= DUVA_TEXT_SIZE - 8);
    assert_int_equal(words.text[0], 'y');
    assert_int_equal(words.status.enhanced[0], 2);
}

static void without_words(void **state)
{
    static const char line[] = "550-5.1.1 a\r\n550 5.1.1 b\r\n";
    duva__reply_state heard = DUVA__MORE;
    size_t            i;

    (void)state;
    fresh();
    for (i = 0; i < sizeof(line) - 1; i++)
        heard = duva__reply_octet(&reply, NULL, 0, (uint8_t)line[i]);
    assert_int_equal(heard, DUVA__DONE);
    assert_int_equal(reply.code, 550);
}

/* The words of a reply replace those of the last. */
static void words_are_replaced(void **state)
{
    size_t used;

    (void)state;
    assert_int_equal(read_all("550 5.1.1 long words\r\n", 22, 0, &used),
                     DUVA__DONE);
    memset(&reply, 0, sizeof(reply));
    for (used = 0; used < 5; used++)
        duva__reply_octet(&reply, &words, 0, (uint8_t)"250\r\n"[used]);
    assert_string_equal(words.text, "");
    assert_int_equal(words.status.code, 250);
    assert_int_equal(words.status.enhanced[0], 0);
}

/* A code behind words that leave no room for all of it is none. */
static void code_is_cut(void **state)
{
    char   line[DUVA_TEXT_SIZE + 40];
    size_t used, words_len;
    int    len;

    (void)state;
    for (words_len = DUVA_TEXT_SIZE - 12; words_len < DUVA_TEXT_SIZE;
         words_len++) {
        len = sprintf(line, "550-%0*d\r\n550 5.1.123 no\r\n",
                      (int)words_len, 0);
        assert_int_equal(read_all(line, (size_t)len, 0, &used), DUVA__DONE);
        if (words.status.enhanced[0] != 0)
            assert_int_equal(words.status.enhanced[2], 123);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_replies),    cmocka_unit_test(bad_replies),
        cmocka_unit_test(every_octet),     cmocka_unit_test(quirks),
        cmocka_unit_test(endless_spaces),  cmocka_unit_test(limits),
        cmocka_unit_test(words_are_cut),   cmocka_unit_test(without_words),
        cmocka_unit_test(words_are_replaced), cmocka_unit_test(code_is_cut),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
