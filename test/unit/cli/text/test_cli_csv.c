/* test_cli_csv.c - CSV into rows and back. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmocka_all.h"
#include "text/csv.h"

/* Rows as "a|b/c|d/", and what is wrong behind a '!'. */
static char *read_all(const char *text, size_t len, char delimiter)
{
    FILE *in = tmpfile();
    static struct cli_csv c;
    char *shown = NULL;
    size_t shown_len, i;
    FILE *out = open_memstream(&shown, &shown_len);
    int found;

    assert_non_null(in);
    assert_int_equal(fwrite(text, 1, len, in), len);
    rewind(in);
    cli_csv_open(&c, in, delimiter);
    while ((found = cli_csv_next(&c)) > 0) {
        for (i = 0; i < c.count; i++)
            fprintf(out, "%s%s", i > 0 ? "|" : "", cli_csv_field(&c, i));
        putc('/', out);
    }
    if (found < 0)
        fprintf(out, "!%d %s", (int)c.line, c.problem);
    cli_csv_close(&c);
    fclose(in);
    fclose(out);
    return shown;
}

static void check(const char *text, const char *expected)
{
    char *shown = read_all(text, strlen(text), ',');

    assert_string_equal(shown, expected);
    free(shown);
}

static void test_rows(void **state)
{
    (void)state;
    check("", "");
    check("a", "a/");
    check("a,b\r\nc,d\r\n", "a|b/c|d/");
    check("a,b\nc,d", "a|b/c|d/");
    check("a,\n,\n", "a|/|/");
    check("a,b,,\n", "a|b||/");
    check(" a , b \n", " a | b /");
    check("\n\r\na,b\n\n\n", "a|b/");
    check("\"\"\n", "/");
    check("a\rb\n", "a\rb/");
    check("a\r", "a/");
}

static void test_quotes(void **state)
{
    (void)state;
    check("\"a\",\"b,c\"\n", "a|b,c/");
    check("\"a \"\"b\"\" c\"\n", "a \"b\" c/");
    check("\"a\r\nb\",c\n\"d\ne\"\n", "a\r\nb|c/d\ne/");
    check("\"\",\"\"\"\"\n", "|\"/");
    check("\"a\"", "a/");
    check("\"a\",", "a|/");
    check("a\"b\n",
          "!1 there is a quote in a field that does not begin with one");
    check("a\n\"b\"c\n",
          "a/!2 there is text behind the closing quote of a field");
    check("a\n\nb\n\"c\n\nd", "a/b/!4 a quote is not closed");
}

static void test_characters(void **state)
{
    char *shown;

    (void)state;
    check("\xEF\xBB\xBF" "a,b\n", "a|b/");
    check("\xEF\xBB" "a\n", "!1 it is not UTF-8");
    check("\xEF\xBC\xA1,b\n", "\xEF\xBC\xA1|b/");
    check("a\n\xEF\xBB\xBF" "b\n", "a/\xEF\xBB\xBF" "b/");
    check("Gr\xC3\xBC\xC3\x9F" "e\n", "Gr\xC3\xBC\xC3\x9F" "e/");
    check("a\nGr\xFC\xDF" "e\n", "a/!2 it is not UTF-8");
    check("a\n\xC3", "a/!2 it is not UTF-8");
    shown = read_all("a\nb\0c\n", 6, ',');
    assert_string_equal(shown, "a/!2 there is a NUL in it");
    free(shown);
}

static void test_delimiter(void **state)
{
    static const char text[] = "a;\"b;c\";d,e\n";
    char *shown = read_all(text, strlen(text), ';');

    (void)state;
    assert_string_equal(shown, "a|b;c|d,e/");
    free(shown);
    shown = read_all("a\tb\n", 4, '\t');
    assert_string_equal(shown, "a|b/");
    free(shown);
}

static void test_limits(void **state)
{
    const size_t size = CLI_CSV_ROW + 100;
    char *text = malloc(size), *shown;

    (void)state;
    assert_non_null(text);
    memset(text, 'x', size);
    text[CLI_CSV_ROW - 1] = '\n';
    shown = read_all(text, CLI_CSV_ROW, ',');
    assert_int_equal(strlen(shown), CLI_CSV_ROW);
    free(shown);
    memcpy(text, "a\n\"", 3);
    shown = read_all(text, size, ',');
    assert_string_equal(shown, "a/!2 the row is longer than a megabyte; is a "
                               "quote not closed?");
    free(shown);
    memset(text, ',', CLI_CSV_FIELDS - 1);
    shown = read_all(text, CLI_CSV_FIELDS - 1, ',');
    assert_int_equal(strlen(shown), CLI_CSV_FIELDS);
    free(shown);
    memset(text, ',', CLI_CSV_FIELDS);
    shown = read_all(text, CLI_CSV_FIELDS, ',');
    assert_string_equal(shown, "!1 the row has more than 1024 fields");
    free(shown);
    free(text);
}

static void test_write(void **state)
{
    static const char *const row[] = {
        "1", "a b", "c,d", "say \"no\"", "e\nf", "", NULL
    };
    static const char expected[] =
        "1,a b,\"c,d\",\"say \"\"no\"\"\",\"e\nf\",";
    char line[64], small[8];
    char *shown;

    (void)state;
    assert_int_equal(cli_csv_write(line, sizeof(line), row),
                     strlen(expected));
    assert_string_equal(line, expected);
    assert_int_equal(cli_csv_write(small, sizeof(small), row),
                     strlen(expected));
    assert_string_equal(small, "1,a b,\"");
    shown = read_all(line, strlen(line), ',');
    assert_string_equal(shown, "1|a b|c,d|say \"no\"|e\nf|/");
    free(shown);
}

/* No spreadsheet takes what a server or a row says for a formula. */
static void test_no_formulas(void **state)
{
    static const char *const row[] = {
        "=1+1", "+49", "-1", "@x", "\tx", "\r=\"x\"", "", "a=b", "'=x", NULL
    };
    char line[200];

    (void)state;
    cli_csv_write(line, sizeof(line), row);
    assert_string_equal(line, "'=1+1,'+49,'-1,'@x,'\tx,\"'\r=\"\"x\"\"\",,"
                              "a=b,'=x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_formulas), cmocka_unit_test(test_rows),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_characters), cmocka_unit_test(test_delimiter),
        cmocka_unit_test(test_limits), cmocka_unit_test(test_write)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
