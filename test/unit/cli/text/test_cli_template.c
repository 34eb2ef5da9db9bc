/* test_cli_template.c - templates, and the rows that fill them. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "text/template.h"
#include "text/csv.h"

/* The first line names the columns, the second is the row. */
static struct rows {
    FILE *in;
    struct cli_csv csv;
    struct cli_columns columns;
    const char *problem;       /* of the names */
} r;

static void open_rows(const char *text)
{
    r.in = tmpfile();
    assert_non_null(r.in);
    fputs(text, r.in);
    rewind(r.in);
    cli_csv_open(&r.csv, r.in, ',');
    assert_int_equal(cli_csv_next(&r.csv), 1);
    r.problem = cli_columns_take(&r.columns, &r.csv);
    if (r.problem == NULL)
        assert_int_equal(cli_csv_next(&r.csv), 1);
}

static void close_rows(void)
{
    cli_columns_free(&r.columns);
    cli_csv_close(&r.csv);
    fclose(r.in);
}

/* What text becomes, or "!" and the problem. */
static void check(const char *text, enum cli_place place, const char *expected)
{
    struct cli_template t;
    struct cli_text out = { NULL, 0, 0 };
    char problem[CLI_PROBLEM_SIZE + 1] = "!";
    int failed = cli_template_parse(&t, text, strlen(text), &r.columns,
                                    problem + 1);

    if (failed == 0)
        failed = cli_template_fill(&t, &r.csv, &r.columns, place, &out,
                                   problem + 1);
    assert_string_equal(failed != 0 ? problem : out.text, expected);
    assert_true(failed != 0 || out.len == strlen(expected));
    cli_template_free(&t);
    cli_text_free(&out);
}

static void test_fields(void **state)
{
    (void)state;
    open_rows("name, email ,town\nAda,ada@example.org,\n");
    check("", CLI_PLACE_TEXT, "");
    check("No field", CLI_PLACE_TEXT, "No field");
    check("{{name}}", CLI_PLACE_TEXT, "Ada");
    check("Dear {{name}}, <{{ email }}>!", CLI_PLACE_TEXT,
          "Dear Ada, <ada@example.org>!");
    check("{{name}}{{name}}", CLI_PLACE_LINE, "AdaAda");
    check("{name} {{{name}}} }}", CLI_PLACE_TEXT, "{name} Ada }}");
    check("\\{{name}} {{name}}", CLI_PLACE_TEXT, "{{name}} Ada");
    check("\\{{", CLI_PLACE_TEXT, "{{");
    close_rows();
}

static void test_defaults(void **state)
{
    (void)state;
    open_rows("name,town\nAda,\n");
    check("{{town}}", CLI_PLACE_TEXT, "!{{town}} is empty");
    check("{{town|Turin}}", CLI_PLACE_TEXT, "Turin");
    check("{{town | over there }}", CLI_PLACE_TEXT, " over there ");
    check("a{{town|}}b", CLI_PLACE_TEXT, "ab");
    check("{{name|friend}}", CLI_PLACE_TEXT, "Ada");
    check("{{town|a|b}}", CLI_PLACE_TEXT, "a|b");
    check("{{{town|<hr>}}}", CLI_PLACE_HTML, "<hr>");
    close_rows();
}

static void test_problems(void **state)
{
    (void)state;
    open_rows("name,email\nAda,a@b\n");
    check("{{nmae}}", CLI_PLACE_TEXT,
          "!{{nmae}}: no such column; the columns are name, email");
    check("{{Name}}", CLI_PLACE_TEXT,
          "!{{Name}}: no such column; the columns are name, email");
    check("{{}}", CLI_PLACE_TEXT,
          "!{{}}: no such column; the columns are name, email");
    check("Dear {{name}", CLI_PLACE_TEXT,
          "!{{name}: the braces are not closed; write \\{{ for literal "
          "braces");
    check("{{{name}}", CLI_PLACE_HTML,
          "!{{{name}}: the braces are not closed; write \\{{ for literal "
          "braces");
    check("{{\x1B[2J}}", CLI_PLACE_TEXT,
          "!{{\\x1B[2J}}: no such column; the columns are name, email");
    close_rows();
}

static void test_places(void **state)
{
    (void)state;
    open_rows("name,break,tag\n\"O'Neil \\ \"\"A & B\"\"\","
              "\"a\r\nBcc: x@y\",<b>{{name}}\n");
    check("<p>{{name}}</p>", CLI_PLACE_HTML,
          "<p>O&#39;Neil \\ &quot;A &amp; B&quot;</p>");
    check("{{tag}}", CLI_PLACE_HTML, "&lt;b&gt;{{name}}");
    check("{{{tag}}}", CLI_PLACE_HTML, "<b>{{name}}");
    check("{{tag}}", CLI_PLACE_TEXT, "<b>{{name}}");
    check("{{break}}", CLI_PLACE_TEXT, "a\r\nBcc: x@y");
    check("{{break}}", CLI_PLACE_HTML, "a\r\nBcc: x@y");
    check("{{break}}", CLI_PLACE_LINE,
          "!{{break}} contains a line end or another control character");
    check("{{break}} <a@b>", CLI_PLACE_ADDRESS,
          "!{{break}} contains a line end or another control character");
    close_rows();
}

static void test_addresses(void **state)
{
    static const char not_one[] = "!{{list}} is not one address";

    (void)state;
    open_rows("first,name,email,user,list,none\n\"Ada \"\"A\\\"\"\","
              "\" Lovelace, A. \", ada@b.org ,ada,\"a@b, c@d\",\n");
    check("{{email}}", CLI_PLACE_ADDRESS, "ada@b.org");
    check("{{name}} <{{email}}>", CLI_PLACE_ADDRESS,
          "\"Lovelace, A.\" <ada@b.org>");
    check("{{first}} {{name}} <{{user}}@b.org>, {{email}}", CLI_PLACE_ADDRESS,
          "\"Ada \\\"A\\\\\\\"\" \"Lovelace, A.\" <ada@b.org>, ada@b.org");
    check("\"Dr. {{name}}\" <{{email}}>", CLI_PLACE_ADDRESS,
          "\"Dr. Lovelace, A.\" <ada@b.org>");
    check("\"\\\" {{first}}\" <{{email}}>", CLI_PLACE_ADDRESS,
          "\"\\\" Ada \\\"A\\\\\\\"\" <ada@b.org>");
    check("{{none|}} <{{email}}>", CLI_PLACE_ADDRESS, " <ada@b.org>");
    check("{{none|you}} <{{email}}>", CLI_PLACE_ADDRESS, "you <ada@b.org>");
    check("{{email}}, x <{{user}}@c>", CLI_PLACE_ADDRESS,
          "ada@b.org, x <ada@c>");
    check("{{none}} <{{email}}>", CLI_PLACE_ADDRESS, "!{{none}} is empty");
    check("{{list}}", CLI_PLACE_ADDRESS, not_one);
    check("<{{list}}>", CLI_PLACE_ADDRESS, not_one);
    check("{{list}}, x <{{email}}>", CLI_PLACE_ADDRESS, not_one);
    check("{{list}} <{{email}}>", CLI_PLACE_ADDRESS,
          "\"a@b, c@d\" <ada@b.org>");
    close_rows();
}

static void check_names(const char *text, const char *problem)
{
    open_rows(text);
    assert_string_equal(r.problem, problem);
    close_rows();
}

static void test_columns(void **state)
{
    (void)state;
    check_names("a,,b\n", "a column has no name");
    check_names("a, \n", "a column has no name");
    check_names("a,b,a \n", "two columns have the same name");
    check_names("a,b|c\n",
                "the name of a column contains a brace, a bar or a line end");
}

static void test_long_text(void **state)
{
    char text[2 * CLI_PROBLEM_SIZE];
    struct cli_text grown = { NULL, 0, 0 };
    size_t i;

    (void)state;
    memset(text, 'x', sizeof(text));
    for (i = 1; i <= 100; i++) {
        assert_int_equal(cli_text_put(&grown, text, sizeof(text)), 0);
        assert_int_equal(grown.len, i * sizeof(text));
        assert_int_equal(strlen(grown.text), grown.len);
    }
    cli_text_free(&grown);
    memcpy(text, "{{", 2);
    memcpy(text + sizeof(text) - 3, "}}", 3);
    open_rows("name\nAda\n");
    r.columns.name[0] = text + 4;
    {
        struct cli_template t;
        char problem[CLI_PROBLEM_SIZE];

        assert_int_equal(cli_template_parse(&t, text, strlen(text), &r.columns,
                                            problem), -1);
        assert_true(strlen(problem) < sizeof(problem));
        cli_template_free(&t);
    }
    close_rows();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields), cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_problems), cmocka_unit_test(test_places),
        cmocka_unit_test(test_addresses), cmocka_unit_test(test_columns),
        cmocka_unit_test(test_long_text)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
