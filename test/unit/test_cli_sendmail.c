/* test_cli_sendmail.c - what a sendmail reads: lines, header, aliases. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE 1

#include <stdio.h>

#include "alias.h"
#include "cmocka_all.h"
#include "header.h"
#include "intake.h"
#include "submit.h"

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
static void assert_lines(const char *text, size_t len, uint8_t dots,
                         uint8_t stuffed, const char *expected)
{
    static const size_t pieces[] = { 1, 7, 65536 };
    static char got[65536];
    struct cli_intake in;
    size_t i, n, total;
    FILE *lines;

    for (i = 0; i < 3; i++) {
        memset(&in, 0, sizeof(in));
        in.in = stream(text, len);
        in.dot_ends = dots;
        in.stuffed = stuffed;
        lines = cli_intake_open(&in);
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

static void test_lines(void **state)
{
    (void)state;
    assert_lines("a\r\nb\nc\rd\r\r\ne", 12, 0, 0, "a\nb\nc\nd\n\ne");
    assert_lines("a\0b\n", 4, 0, 0, "a b\n");
    assert_lines("a\n.\nb\n", 6, 1, 0, "a\n");
    assert_lines("a\r\n.\r\nb", 8, 1, 0, "a\n");
    assert_lines("a\n..\n.b\n.\n", 10, 1, 0, "a\n..\n.b\n");
    assert_lines("a\n..\n.b\n.\n", 10, 1, 1, "a\n.\nb\n");
    assert_lines("a\n.\nb\n", 6, 0, 0, "a\n.\nb\n");
    /* A CR alone after a dot does not end it. */
    assert_lines(".\rb\n.\n", 6, 1, 1, ".\nb\n");
    assert_lines("a.\nb\n", 5, 1, 1, "a.\nb\n");
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

    memset(h, 0, sizeof(*h));
    assert_int_equal(cli_header_read(h, in), 0);
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
    const struct cli_aliases aliases = { text, domain };
    struct cli_people p = { 0 };
    char all[512] = "";
    size_t i;

    assert_null(cli_people_resolve(&p, &aliases, name));
    for (i = 0; i < p.count; i++) {
        strcat(all, p.addr[i]);
        strcat(all, " ");
    }
    assert_string_equal(all, expected);
    cli_people_free(&p);
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
    assert_people(NULL, "m.example", "any", "any@m.example ");
    assert_people("a:\n", NULL, "a", "");
}

static void test_bad_aliases(void **state)
{
    static const char *const bad[] = {
        NULL, "a: b\n", "a: b\nb: a\n", "a: |x", "a: /x", "a: :include:/x",
        "a: \"|x y\"", "a: \\a"
    };
    struct cli_people p = { 0 };
    struct cli_aliases aliases = { NULL, NULL };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        aliases.text = bad[i];
        assert_non_null(cli_people_resolve(&p, &aliases, "a"));
    }
    assert_int_equal(p.count, 0);
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
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_header),
        cmocka_unit_test(test_recipients),
        cmocka_unit_test(test_aliases),
        cmocka_unit_test(test_bad_aliases),
        cmocka_unit_test(test_dsn)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
