/* test_cli_sendmail.c - the input of sendmail: lines, header, aliases. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdint.h>
#include <stdio.h>
#include <sysexits.h>

#include "cmocka_all.h"
#include "envelope/parameters.h"
#include "envelope/mailbox.h"
#include "message/header.h"
#include "sendmail/header_addresses.h"
#include "sendmail/aliases.h"
#include "sendmail/input_lines.h"
#include "sendmail/submission.h"

/* ---- lines ---- */

static FILE *stream(const char *text, size_t len)
{
    FILE *f = tmpfile();

    assert_non_null(f);
    assert_int_equal(fwrite(text, 1, len, f), len);
    rewind(f);
    return f;
}

/* What is left of text; the number of octets that are asked for at once must
 * not matter. */
static void assert_taken(const struct cli_input_lines *as, const char *text,
                         size_t len, const char *expected)
{
    static const size_t pieces[] = { 1, 7, 65536 };
    static char got[65536];
    struct cli_input_lines in;
    size_t i, n, total;
    FILE *lines;

    for (i = 0; i < 3; i++) {
        in = *as;
        in.in = stream(text, len);
        lines = cli_input_lines_open(&in);
        assert_non_null(lines);
        setvbuf(lines, NULL, _IOFBF, pieces[i] < 64 ? 64 : pieces[i]);
        for (total = 0; (n = fread(got + total, 1, pieces[i] < 1000
                                                       ? pieces[i] : 1000,
                                   lines)) > 0; total += n)
            ;
        got[total] = '\0';
        assert_string_equal(got, expected);
        fclose(lines);
        fclose(in.in);
    }
}

static void assert_lines(const char *text, size_t len, uint8_t dots,
                         uint8_t stuffed, const char *expected)
{
    const struct cli_input_lines as = { .dot_ends = dots, .stuffed = stuffed };

    assert_taken(&as, text, len, expected);
}

static void test_lines(void **state)
{
    (void)state;
    assert_lines("a\r\nb\nc\rd\r\n\ne", 12, 0, 0, "a\nb\nc\nd\n\ne");
    assert_lines("a\r\r\n\r\r\nb\r\r\r\n", 12, 0, 0, "a\n\nb\n");
    assert_lines("a\r\rb\r", 5, 0, 0, "a\n\nb\n");
    assert_lines("a\0b\n", 4, 0, 0, "a b\n");
    assert_lines("a\n.\nb\n", 6, 1, 0, "a\n");
    assert_lines("a\r\n.\r\nb", 8, 1, 0, "a\n");
    assert_lines("a\r\r\n.\r\r\nb", 10, 1, 0, "a\n");
    assert_lines("a\n..\n.b\n.\n", 10, 1, 0, "a\n..\n.b\n");
    assert_lines("a\n..\n.b\n.\n", 10, 1, 1, "a\n.\nb\n");
    assert_lines("a\n.\nb\n", 6, 0, 0, "a\n.\nb\n");
    assert_lines("a\n.", 3, 1, 0, "a\n");
    /* A CR alone before a dot, or behind it, does not make it the end. */
    assert_lines("a\r.\n.\n", 6, 1, 0, "a\n.\n");
    assert_lines(".\rb\n.\n", 6, 1, 0, ".\nb\n");
    assert_lines("a.\nb\n", 5, 1, 1, "a.\nb\n");
}

#define BINARY "Content-Transfer-Encoding:\n BINARY\n\n"

/* Octets that are all to be kept, whichever way they are asked for. */
static void assert_exact(uint8_t line_end, const char *text, size_t len)
{
    struct cli_input_lines in;
    char got[4096];
    FILE *lines;

    memset(&in, 0, sizeof(in));
    in.in = stream(text, len);
    in.line_end = line_end;
    in.dot_ends = 1;
    lines = cli_input_lines_open(&in);
    assert_non_null(lines);
    assert_int_equal(fread(got, 1, sizeof(got), lines), len);
    assert_memory_equal(got, text, len);
    assert_int_equal(in.exact, 1);
    assert_int_equal(in.nul_line, 0);
    fclose(lines);
    fclose(in.in);
}

static void test_binary(void **state)
{
    static const char some[] = BINARY "a\0b\rc\r\r\nd\n..\n.\r\r\n\r\r.e\r";
    char text[3000];
    size_t n = sizeof(BINARY) - 1;

    (void)state;
    assert_exact(CLI_LF_END, some, sizeof(some) - 1);
    memcpy(text, BINARY, n);
    memset(text + n, '.', sizeof(text) - n);
    assert_exact(CLI_ANY_END, text, sizeof(text));
    /* Other labels, and a word in the text, mean nothing. */
    assert_lines("Content-Type: x\n binary\n\na\rb", 28, 1, 0,
                 "Content-Type: x\n binary\n\na\nb");
}

static void test_nul(void **state)
{
    static const char text[] = "a: b\r\n\n\rx\n\0\n\0";
    struct cli_input_lines in;
    FILE *lines;

    (void)state;
    memset(&in, 0, sizeof(in));
    in.in = stream(text, sizeof(text) - 1);
    lines = cli_input_lines_open(&in);
    while (getc(lines) != EOF)
        ;
    assert_int_equal(in.nul_line, 4);
    fclose(lines);
    fclose(in.in);
}

/* In a header a CR alone cannot begin a field. */
static void test_lines_of_a_header(void **state)
{
    const struct cli_input_lines any = { .in_header = 1 };
    const struct cli_input_lines crlf
        = { .in_header = 1, .line_end = CLI_CRLF_END };

    (void)state;
    assert_taken(&any, "a\rb\r\rc\n\r\nd", 10, "a b  c\n\nd");
    assert_taken(&any, "a\r\r\nb\n", 6, "a\nb\n");
    assert_taken(&crlf, "a\nb\r\nc\rd\n\n\r\n", 12, "a b\nc d  \n");
}

/* All that could stand around a dot: RFC 5321 2.3.8 and 4.1.1.4 know one end
 * of DATA, which a session by LF has in its own line ends. */
static void test_end_of_data(void **state)
{
    static const char *const end[] = { "\r\n", "\n", "\r", "\r\r\n",
                                       "\n\r", "\t", " ", "" };
    char text[64];
    size_t before, after, i, n;
    struct cli_input_lines in;
    FILE *lines;
    int ends;

    (void)state;
    for (i = CLI_CRLF_END; i <= CLI_LF_END; i++)
        for (before = 0; before < 8; before++)
            for (after = 0; after < 8; after++) {
                n = (size_t)snprintf(text, sizeof(text), "a%s.%sRSET%s.%s",
                                     end[before], end[after], end[i - 1],
                                     end[i - 1]);
                memset(&in, 0, sizeof(in));
                in.in = stream(text, n);
                in.line_end = (uint8_t)i;
                in.dot_ends = in.stuffed = 1;
                lines = cli_input_lines_open(&in);
                while (getc(lines) != EOF)
                    ;
                ends = i == CLI_CRLF_END
                           ? (before == 0 || before == 3) && after == 0
                           : before == 1 && (after == 1 || after == 4);
                assert_int_equal(in.cut_off, 0);
                assert_int_equal(ftell(in.in) != (long)n, ends);
                fclose(lines);
                fclose(in.in);
            }
}

static void test_long_lines(void **state)
{
    char text[4096], expected[4096];
    size_t at;

    (void)state;
    memset(text, 'x', sizeof(text));
    text[998] = '\n';
    memcpy(expected, text, 999);
    expected[999] = '\0';
    assert_lines(text, 999, 1, 0, expected);
    /* At a space. */
    memset(text, 'x', sizeof(text));
    text[900] = ' ';
    text[1200] = '\n';
    memcpy(expected, text, 1201);
    expected[900] = '\n';
    memcpy(expected + 901, text + 900, 301);
    expected[1202] = '\0';
    assert_lines(text, 1201, 1, 0, expected);
    /* Before a character; a dot is no end there. */
    memset(text, 'x', sizeof(text));
    memcpy(text + 996, "\xC3\xA4", 2);
    memcpy(text + 998, "y.\n", 3);
    memcpy(expected, text, 996);
    memcpy(expected + 996, "x", 1);
    at = 997;
    memcpy(text + 996, "x\xC3\xA4.\n", 6);
    memcpy(expected + at, "\n \xC3\xA4.\n", 7);
    assert_lines(text, 1001, 1, 0, expected);
}

/* ---- the header ---- */

static void read_header(struct cli_header *h, const char *text)
{
    FILE *in = stream(text, strlen(text));
    const char *problem;

    memset(h, 0, sizeof(*h));
    assert_int_equal(cli_header_read(h, in, &problem), 0);
    assert_null(problem);
    fclose(in);
}

static void assert_written(struct cli_header *h, const char *expected)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    assert_non_null(out);
    cli_header_write(h, out);
    fclose(out);
    assert_string_equal(text, expected);
    free(text);
    cli_header_free(h);
}

static void test_header(void **state)
{
    struct cli_header h;

    (void)state;
    read_header(&h, "From me Mon\nTo: a@b,\n\tc@d\nBCC : e@f\nbcc: g@h\n"
                    "Subject:\n\nTo: body\n");
    assert_int_equal(h.count, 4);
    assert_null(h.behind);
    assert_non_null(cli_header_find(&h, "to"));
    assert_null(cli_header_find(&h, "T"));
    cli_header_drop(&h, "Bcc");
    assert_written(&h, "To: a@b,\r\n\tc@d\r\nSubject:\r\n");
    read_header(&h, "From : a@b\n\n"); /* a field, as RFC 5322 4.5 has it */
    assert_written(&h, "From : a@b\r\n");
    read_header(&h, "To: a@b\nnot a field\nTo: body\n");
    assert_string_equal(h.behind, "not a field\n");
    assert_written(&h, "To: a@b\r\n");
    read_header(&h, " folded\n");
    assert_string_equal(h.behind, " folded\n");
    cli_header_free(&h);
}

static void assert_text(const char *text, const char *behind)
{
    struct cli_header h;

    read_header(&h, text);
    assert_int_equal(h.count, 0);
    if (behind != NULL)
        assert_string_equal(h.behind, behind);
    else
        assert_null(h.behind);
    cli_header_free(&h);
}

/* What mailboxes and editors put before a header, and what only looks so. */
static void test_before_the_header(void **state)
{
    static const char line[] = "From root Mon Nov 14 23:42 UTC 2016\n";
    char text[400];
    struct cli_header h;
    const char *problem;
    FILE *in;

    (void)state;
    snprintf(text, sizeof(text), "%s>%s\xEF\xBB\xBFTo: a@b\n\n", line, line);
    read_header(&h, text);
    assert_written(&h, "To: a@b\r\n");
    read_header(&h, "\xEF\xBB\xBF>From me\nTo: a@b\n>From x\n");
    assert_string_equal(h.behind, ">From x\n");
    assert_written(&h, "To: a@b\r\n");
    assert_text(line, NULL);
    snprintf(text, sizeof(text), "%s\nx\n", line);
    assert_text(text, NULL);
    assert_text("From now on\nit leaks\n", "From now on\nit leaks\n");
    assert_text("From now on\n\nTo: it leaks\n", "From now on\n\n");
    assert_text("From now on", "From now on");
    assert_text("\xEF\xBB\xBFWater\n", "Water\n");
    in = stream("\xFF\xFET o", 5);
    memset(&h, 0, sizeof(h));
    assert_int_equal(cli_header_read(&h, in, &problem), EX_DATAERR);
    assert_non_null(strstr(problem, "UTF-16"));
    cli_header_free(&h);
    fclose(in);
}

static void test_drop_recipients(void **state)
{
    struct cli_header h;

    (void)state;
    read_header(&h, "Resent-To: a@b\nresent-cc: a@b\nResent-Bcc : a@b\n"
                    "To: a@b\nCC: a@b\nBcc: a@b\nApparently-To: a@b\n"
                    "Delivered-To: a@b\nX-Original-To: a@b\n"
                    "Mail-Followup-To: a@b\nReply-To: c@d\nTopic: x\n\n");
    cli_header_drop_recipients(&h);
    assert_written(&h, "Reply-To: c@d\r\nTopic: x\r\n");
}

static void assert_recipients(const char *text, const char *expected)
{
    struct cli_mailboxes m = { 0 };
    struct cli_header h;
    const char *field = "";
    char all[512] = "";
    size_t i;

    read_header(&h, text);
    assert_null(cli_header_recipients(&h, &m, &field));
    for (i = 0; i < m.count; i++)
        if (m.list[i].addr != NULL) {
            strcat(all, m.list[i].addr);
            strcat(all, " ");
        }
    assert_string_equal(all, expected);
    cli_mailboxes_free(&m);
    cli_header_free(&h);
}

static void test_recipients(void **state)
{
    (void)state;
    assert_recipients("To: a@b\nCc: X <c@d>, g: e@f, h@i;\nBcc:\n k@l\nTo:\n"
                      "From: z@z\n\n", "a@b c@d e@f h@i k@l ");
    assert_recipients("To: root\n\n", "root ");
    assert_recipients("To:\ta@b,\n\tc@d\nCc:\n\t\"B\"\t<e@f>\n\n",
                      "a@b c@d e@f ");
    assert_recipients("To: undisclosed-recipients:;\nBcc: a @ b\n\n", "a@b ");
    /* The last resending only. */
    assert_recipients("Resent-To: a@b\nResent-Cc: c@d\nResent-To: e@f\n"
                      "Received: x\nResent-To: g@h\nTo: i@j\n\n",
                      "a@b c@d e@f ");
    assert_recipients("Resent-Date: x\nResent-To: a@b\nResent-Date: y\n"
                      "Resent-To: c@d\nTo: e@f\n\n", "a@b ");
    assert_recipients("To: e@f\nResent-From: a@b\n\n", "");
}

/* ---- aliases ---- */

static void assert_people(const char *text, const char *domain,
                          const char *name, const char *expected)
{
    struct cli_aliases aliases = { .domain = domain };
    struct cli_address_set p = { 0 };
    char all[512] = "";
    size_t i;

    assert_int_equal(cli_aliases_read(&aliases, text), 0);
    assert_null(cli_aliases_resolve(&p, &aliases, name));
    for (i = 0; i < p.count; i++) {
        strcat(all, p.addr[i]);
        strcat(all, " ");
    }
    assert_string_equal(all, expected);
    cli_aliases_free(&aliases);
    cli_address_set_free(&p);
}

static void test_aliases(void **state)
{
    static const char text[] = "# x: y@z\n\nroot : a@b,c@d # e@f\n"
                               "  , g@h\nrooter: i@j\nchain: ROOT, k@l";

    (void)state;
    assert_people(text, NULL, "root", "a@b c@d g@h ");
    assert_people(text, NULL, "Rooter", "i@j ");
    assert_people(text, NULL, "chain", "a@b c@d g@h k@l ");
    assert_people(text, "m.example", "x", "x@m.example ");
    assert_people(text, NULL, "x@y", "x@y ");
    assert_people("default: a@b", NULL, "any", "a@b ");
    assert_people("", "m.example", "any", "any@m.example ");
    assert_people("a: b@c\nA: d@e\n", NULL, "a", "b@c ");
    assert_people("a:\n", NULL, "a", "");
    assert_people("a: Ada L <a@b>, \"#\" <c@d>#\r\n\t,(x) e @ f", NULL, "a",
                  "a@b c@d e@f ");
    assert_people("a: g: b@c, d@e;", NULL, "a", "b@c d@e ");
    assert_people("a: b@c\n", NULL, "\"a@x\"@d", "\"a@x\"@d ");
}

static void test_bad_aliases(void **state)
{
    static const char *const bad[] = {
        "", "a: b\n", "a: b\nb: a\n", "a: |x", "a: /x", "a: :include:/x",
        "a: \"|x y\"", "a: \\a", "a: \"b@c\"", "a: <b@c", "a: b@c, :include:/x",
        "a: \"b\"\ndefault: c@d"
    };
    struct cli_address_set p = { 0 };
    struct cli_aliases aliases = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(cli_aliases_read(&aliases, bad[i]), 0);
        assert_non_null(cli_aliases_resolve(&p, &aliases, "a"));
        cli_aliases_free(&aliases);
    }
    assert_int_equal(p.count, 0);
}

/* What somebody else makes long takes time in proportion. */
static void test_many(void **state)
{
    enum { MANY = 100000 };
    struct cli_address_set p = { 0 };
    struct cli_header h;
    char *text = malloc(MANY * 10), *to = text, addr[32];
    size_t i, pass;

    (void)state;
    assert_non_null(text);
    to += sprintf(to, "To: a@b\nX: a\n");
    for (i = 0; i < MANY; i++)
        to += sprintf(to, " a\n");
    for (i = 0; i < MANY; i++)
        to += sprintf(to, "A: b\n");
    read_header(&h, text);
    assert_int_equal(h.count, MANY + 2);
    assert_int_equal(h.field[1].len, 5 + 3 * MANY);
    cli_header_free(&h);
    free(text);
    for (pass = 0; pass < 2; pass++)
        for (i = 0; i < MANY; i++) {
            sprintf(addr, "u%zu@x.example", i);
            assert_int_equal(cli_address_set_add(&p, addr), 0);
        }
    assert_int_equal(p.count, MANY);
    assert_string_equal(p.addr[77], "u77@x.example");
    cli_address_set_free(&p);
}

static void test_dsn(void **state)
{
    uint8_t got;

    (void)state;
    assert_int_equal(cli_notify_parse(&got, "Never"), 0);
    assert_int_equal(got, DUVA_NOTIFY_NEVER);
    assert_int_equal(cli_notify_parse(&got, "delay,SUCCESS"), 0);
    assert_int_equal(got, DUVA_NOTIFY_DELAY | DUVA_NOTIFY_SUCCESS);
    assert_int_equal(cli_notify_parse(&got, "failure,never"), -1);
    assert_int_equal(cli_notify_parse(&got, ""), -1);
    assert_int_equal(cli_notify_parse(&got, "delay,"), -1);
    assert_int_equal(cli_return_parse(&got, "HDRS"), 0);
    assert_int_equal(got, DUVA_RET_HDRS);
    assert_int_equal(cli_return_parse(&got, "none"), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_binary),
        cmocka_unit_test(test_nul),
        cmocka_unit_test(test_lines_of_a_header),
        cmocka_unit_test(test_end_of_data),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_before_the_header),
        cmocka_unit_test(test_drop_recipients),
        cmocka_unit_test(test_recipients),
        cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_bad_aliases),
        cmocka_unit_test(test_many),
        cmocka_unit_test(test_dsn)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
