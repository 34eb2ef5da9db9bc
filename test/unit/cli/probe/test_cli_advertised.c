/* test_cli_advertised.c - a conversation into what the server advertises. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/trace_lines.h"
#include "probe/advertised.h"

static struct cli_advertised o;

static void say(char from, duva_stage stage, const char *text, size_t piece)
{
    trace_lines(cli_advertised_hear, &o, from, stage, text, piece);
}

static void begin(void)
{
    memset(&o, 0, sizeof(o));
    cli_advertised_connected(&o);
}

static void line_is(const struct cli_reply_lines *w, size_t n, const char *text)
{
    size_t len;
    const char *line = cli_reply_lines_line(w, n, &len);

    assert_non_null(line);
    assert_int_equal(len, strlen(text));
    assert_memory_equal(line, text, len);
}

static void test_session(void **state)
{
    static const duva_trace_event tls
        = { .from = 'C', .stage = DUVA_STAGE_TLS, .text = "" };
    size_t piece, len;

    (void)state;
    for (piece = 1; piece < 200; piece += 7) {
        begin();
        say('S', DUVA_STAGE_GREETING,
            "220-one\r\n220 two\r\n", piece);
        say('C', DUVA_STAGE_EHLO,
            "EHLO x\r\n", piece);
        say('S', DUVA_STAGE_EHLO,
            "250-a\r\n250-SIZE 10\r\n250-X\r\n250 STARTTLS\r\n", piece);
        say('C', DUVA_STAGE_STARTTLS,
            "STARTTLS\r\n", piece);
        say('S', DUVA_STAGE_STARTTLS,
            "220 go\r\n", piece);
        cli_advertised_hear(&o, &tls);
        say('C', DUVA_STAGE_EHLO,
            "EHLO x\r\n", piece);
        say('S', DUVA_STAGE_EHLO,
            "250-b\r\n250 AUTH PLAIN  LOGIN\r\n", piece);
        say('C', DUVA_STAGE_QUIT,
            "QUIT\r\n", piece);
        say('S', DUVA_STAGE_QUIT,
            "221 bye\r\n", piece);
        assert_int_equal(o.greeting.code, 220);
        line_is(&o.greeting, 0, "one");
        line_is(&o.greeting, 1, "two");
        assert_null(cli_reply_lines_line(&o.greeting, 2, &len));
        assert_int_equal(o.clear.code, 250);
        line_is(&o.clear, 3, "STARTTLS");
        assert_null(cli_reply_lines_line(&o.clear, 4, &len));
        line_is(&o.secured, 0, "b");
        line_is(&o.secured, 1, "AUTH PLAIN  LOGIN");
        assert_null(cli_reply_lines_line(&o.secured, 2, &len));
    }
}

static void test_find(void **state)
{
    size_t len = 0;

    (void)state;
    begin();
    say('C', DUVA_STAGE_EHLO,
            "EHLO x\r\n", 100);
    say('S', DUVA_STAGE_EHLO,
            "250-SIZE 1\r\n250-size 20\r\n250-AUTHX\r\n250 auth a b\r\n", 9);
    assert_memory_equal(cli_reply_lines_find(&o.clear, "SIZE", &len), "20", 2);
    assert_int_equal(len, 2);
    assert_memory_equal(cli_reply_lines_find(&o.clear, "AUTH", &len), "a b", 3);
    assert_int_equal(len, 3);
    assert_non_null(cli_reply_lines_find(&o.clear, "AUTHX", &len));
    assert_int_equal(len, 0);
    assert_null(cli_reply_lines_find(&o.clear, "LIMITS", &len));
    assert_null(cli_reply_lines_find(&o.secured, "AUTH", &len));
}

/* The last answer counts, and what is no reply does not. */
static void test_again(void **state)
{
    (void)state;
    begin();
    say('S', DUVA_STAGE_GREETING,
            "hello\r\n", 3);
    assert_int_equal(o.greeting.code, 0);
    say('S', DUVA_STAGE_GREETING,
            "22\r\n\r\n220\r\n", 3);
    assert_int_equal(o.greeting.code, 220);
    say('C', DUVA_STAGE_EHLO,
            "EHLO x\r\n", 100);
    say('S', DUVA_STAGE_EHLO,
            "502 no\r\n", 100);
    assert_int_equal(o.clear.code, 502);
    say('C', DUVA_STAGE_EHLO,
            "HELO x\r\n", 100);
    say('S', DUVA_STAGE_EHLO,
            "250 yes\r\n", 100);
    assert_int_equal(o.clear.code, 250);
    line_is(&o.clear, 0, "yes");
    cli_advertised_connected(&o);
    say('S', DUVA_STAGE_GREETING,
            "220 again\n", 100);
    line_is(&o.greeting, 0, "again");
}

static void test_more_than_fits(void **state)
{
    static char line[400];
    size_t i, len;

    (void)state;
    memset(line, 'x', sizeof(line) - 1);
    memcpy(line, "250-", 4);
    line[sizeof(line) - 2] = '\n';
    begin();
    say('C', DUVA_STAGE_EHLO,
            "EHLO x\r\n", 100);
    for (i = 0; i < 100; i++)
        say('S', DUVA_STAGE_EHLO, line, 100);
    assert_true(o.clear.cut);
    assert_non_null(cli_reply_lines_line(&o.clear, 10, &len));
    assert_int_equal(len, sizeof(line) - 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_session),
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_more_than_fits)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
