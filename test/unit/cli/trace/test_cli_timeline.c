/* test_cli_timeline.c - a conversation in pieces into timings and a chart. */
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

#include "../../support/trace_lines.h"
#include "trace/timeline.h"
#include "trace/timeline_svg.h"

static struct cli_timeline t;

/* The stages of commands that have no reply, in their order. */
static duva_stage asked[4000];
static size_t     first, last;

static duva_stage stage_of_command(const char *line, unsigned code)
{
    static const struct {
        const char *verb;
        duva_stage  stage;
    } known[] = {
        { "EHLO", DUVA_STAGE_EHLO }, { "AUTH", DUVA_STAGE_AUTH },
        { "RSET", DUVA_STAGE_RSET }, { "MAIL", DUVA_STAGE_MAIL },
        { "RCPT", DUVA_STAGE_RCPT }, { "DATA", DUVA_STAGE_DATA },
        { ".", DUVA_STAGE_END }, { "QUIT", DUVA_STAGE_QUIT }
    };
    size_t i;

    for (i = 0; code != 334 && i < sizeof known / sizeof known[0]; i++)
        if (strncmp(line, known[i].verb, strlen(known[i].verb)) == 0)
            return known[i].stage;
    return code == 334 ? DUVA_STAGE_AUTH : DUVA_STAGE_IDLE;
}

static void hear(void *timeline, const duva_trace_event *event)
{
    cli_timeline_hear(timeline, event);
}

static void connected(void)
{
    cli_timeline_start(&t);
    cli_timeline_connected(&t);
    asked[0] = DUVA_STAGE_GREETING;
    first = 0;
    last = 1;
}

/* Lines as "C text" or "S text", in pieces of so many octets. */
static void play(const char *const *line, size_t piece)
{
    unsigned code = 0;
    char text[600];

    connected();
    for (; *line != NULL; line++) {
        snprintf(text, sizeof text, "%s\r\n", *line + 2);
        if (line[0][0] == 'C') {
            asked[last++] = stage_of_command(text, code);
            trace_lines(hear, &t, 'C', asked[last - 1], text, piece);
            continue;
        }
        trace_lines(hear, &t, 'S', first < last ? asked[first]
                                                : DUVA_STAGE_IDLE,
                    text, piece);
        code = code_of_line(text);
        first += first < last && (code == 0 || text[3] != '-');
    }
    cli_timeline_end(&t);
}

static void assert_spans(const char *expected)
{
    char text[1000] = "";
    int64_t at = 0;
    size_t i, n = 0;

    for (i = 0; i < t.spans; i++) {
        const struct cli_span *s = &t.span[i];

        assert_int_equal(s->from, at);
        assert_true(s->to >= s->from);
        at = s->to;
        n += (size_t)snprintf(text + n, sizeof text - n, "%s%s %u x%u",
                              i > 0 ? ", " : "",
                              cli_step_name((enum cli_step)s->step), s->code,
                              (unsigned)s->count);
    }
    assert_int_equal(at, t.mark - t.start);
    assert_string_equal(text, expected);
}

static void assert_played(const char *const *line, const char *expected)
{
    size_t piece;

    for (piece = 1; piece < 9; piece++) {
        play(line, piece);
        assert_spans(expected);
    }
}

static void test_lock_step(void **state)
{
    static const char *const line[] = {
        "S 220-hi", "S 220 there", "C EHLO me", "S 250-x", "S 250 y",
        "C MAIL FROM:<a>", "S 250 Ok", "C RCPT TO:<b>", "S 550 No",
        "C RCPT TO:<c>", "S 250 Ok", "C DATA", "S 354 Go", "C .", "S 250 Ok",
        "C QUIT", "S 221 Bye", NULL
    };

    (void)state;
    assert_played(line, "greeting 220 x1, EHLO 250 x1, MAIL 250 x1, "
                        "RCPT 250 x2, DATA 354 x1, message 0 x1, "
                        "end of message 250 x1, QUIT 221 x1");
}

static void test_pipelining(void **state)
{
    static const char *const line[] = {
        "S 220 x", "C EHLO me", "S 250 x", "C MAIL FROM:<a>", "C RCPT TO:<b>",
        "C RCPT TO:<c>", "C DATA", "S 250 1", "S 250 2", "S 250 3", "S 354 4",
        "C .", "C QUIT", "S 250 5", "S 221 6", NULL
    };

    (void)state;
    assert_played(line, "greeting 220 x1, EHLO 250 x1, MAIL 250 x1, "
                        "RCPT 250 x2, DATA 354 x1, message 0 x1, "
                        "end of message 250 x1, QUIT 221 x1");
}

static void test_login(void **state)
{
    static const char *const line[] = {
        "S 220 x", "C EHLO me", "S 250 x", "C AUTH LOGIN", "S 334 a",
        "C MAIL", "S 334 b", "C QUIT", "S 235 Ok", "C RSET", "S 250 Ok", NULL
    };

    (void)state;
    assert_played(line, "greeting 220 x1, EHLO 250 x1, AUTH 235 x3, "
                        "RSET 250 x1");
}

static void test_unfinished(void **state)
{
    static const char *const silent[] = { NULL };
    static const char *const body[] = {
        "S 220 x", "C DATA", "S 354 x", NULL
    };
    static const char *const odd[] = {
        "S 220 x", "S 421 bye", "S ", "S x", "C NOOP", NULL
    };

    (void)state;
    assert_played(silent, "greeting 0 x1");
    assert_played(body, "greeting 220 x1, DATA 354 x1, message 0 x1");
    play(odd, 100);
    assert_spans("greeting 220 x1, other 0 x4");
}

/* More kinds of things than there is room for. */
static void test_endless(void **state)
{
    int i;

    (void)state;
    connected();
    trace_lines(hear, &t, 'S', DUVA_STAGE_GREETING, "220 x\n", 6);
    for (i = 0; i < 1000; i++) {
        trace_lines(hear, &t, 'C', DUVA_STAGE_MAIL, "MAIL\r\n", 18);
        trace_lines(hear, &t, 'C', DUVA_STAGE_RCPT, "RCPT\r\nRCPT\r\n", 18);
    }
    for (i = 0; i < 1000; i++) {
        trace_lines(hear, &t, 'S', DUVA_STAGE_MAIL, "250 x\n", 6);
        trace_lines(hear, &t, 'S', DUVA_STAGE_RCPT, "250 x\n250 x\n", 6);
    }
    cli_timeline_end(&t);
    assert_true(t.spans <= CLI_SPANS);
    for (i = 0; i < 1000; i++)
        cli_timeline_mark(&t, i % 2 ? CLI_STEP_TLS : CLI_STEP_DNS);
    assert_int_equal(t.spans, CLI_SPANS);
    assert_int_equal(t.span[CLI_SPANS - 1].to, t.mark - t.start);
}

static void test_picture(void **state)
{
    char *svg = NULL;
    size_t len;
    FILE *out = open_memstream(&svg, &len);

    (void)state;
    memset(&t, 0, sizeof t);
    cli_timeline_mark_at(&t, CLI_STEP_DNS, 1500);
    cli_timeline_mark_at(&t, CLI_STEP_CONNECT, 3000);
    cli_timeline_svg(out, &t, "a<b>&\"c");
    fclose(out);
    assert_non_null(strstr(svg, "<title id=\"title\">a&lt;b&gt;&amp;\"c: "
                                "3.000 ms</title>"));
    assert_non_null(strstr(svg, "DNS 1.500 ms; connect 1.500 ms"));
    assert_non_null(strstr(svg, "x=\"400.00\" y=\"106\" width=\"250.00\""));
    free(svg);
    memset(&t, 0, sizeof t);   /* nothing at all */
    out = open_memstream(&svg, &len);
    cli_timeline_svg(out, &t, "x");
    fclose(out);
    assert_non_null(strstr(svg, "</svg>"));
    free(svg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lock_step),
        cmocka_unit_test(test_pipelining),
        cmocka_unit_test(test_login),
        cmocka_unit_test(test_unfinished),
        cmocka_unit_test(test_endless),
        cmocka_unit_test(test_picture)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
