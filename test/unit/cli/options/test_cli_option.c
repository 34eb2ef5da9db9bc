/* test_cli_option.c - the tables of options, and how they are read. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <getopt.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include <cmocka.h>

#include "message/composed.h"
#include "options/merge_options.h"
#include "options/option.h"
#include "options/option_help.h"
#include "options/parameter_options.h"
#include "options/server_options.h"

struct values {
    uint8_t     flag, word;
    const char *text;
    uint32_t    number;
    struct cli_texts list, operands;
    const char *optional;
};

static const char *parse(void *values, const char *text)
{
    struct values *v = values;

    v->optional = text != NULL ? text : "none";
    return NULL;
}

static const char *operand(void *values, const char *text)
{
    struct values *v = values;

    return cli_texts_add(&v->operands, text) == 0 ? NULL : "not enough memory";
}

static const struct cli_option one[] = {
    { "flag", 'f', CLI_OPTION_FLAG, .place = offsetof(struct values, flag) },
    { "text", .kind = CLI_OPTION_TEXT, .place = offsetof(struct values, text),
      .excludes = "number word" },
    { "number", 'n', CLI_OPTION_NUMBER,
      .place = offsetof(struct values, number), .low = 2, .high = UINT32_MAX }
};
static const struct cli_option two[] = {
    { "word", .kind = CLI_OPTION_WORD, .place = offsetof(struct values, word),
      .words = "red green blue", .low = 5, .needs = "flag list" },
    { "list", .kind = CLI_OPTION_LIST, .place = offsetof(struct values, list) },
    { NULL, 'o', CLI_OPTION_PARSED, .parse = parse,
      .argument_kind = CLI_ARGUMENT_OPTIONAL },
    { NULL, 'x', .kind = CLI_OPTION_IGNORED }
};

static struct values v;
static const struct cli_option_table table[] = {
    CLI_TABLE("One", one, &v), CLI_TABLE("Two", two, &v),
    CLI_TABLE("Help", cli_help_option, NULL)
};
static const struct cli_command command = {
    "test", "[OPTION]...", NULL, table, 3, operand, &v, "operand", CLI_PUBLIC
};

/* Reads up to ten arguments, ended by NULL. */
static int read_all(const char *first, ...)
{
    char *argv[12] = { (char *)(uintptr_t)"test" };
    int argc = 1;
    va_list args;
    const char *text;

    cli_texts_free(&v.list);
    cli_texts_free(&v.operands);
    memset(&v, 0, sizeof(v));
    va_start(args, first);
    for (text = first; text != NULL; text = va_arg(args, const char *))
        argv[argc++] = (char *)(uintptr_t)text;
    va_end(args);
    optind = 1;
    return cli_arguments_read(&command, argc, argv);
}

static void test_values(void **state)
{
    (void)state;
    assert_int_equal(read_all("a", "-f", "--number=4294967295", "b", "--list",
                              "x", "--list=y", "--word", "green", "--", "-f",
                              NULL), 0);
    assert_int_equal(v.flag, 1);
    assert_int_equal(v.number, UINT32_MAX);
    assert_int_equal(v.word, 6);
    assert_int_equal(v.list.count, 2);
    assert_string_equal(v.list.text[1], "y");
    assert_int_equal(v.operands.count, 3);
    assert_string_equal(v.operands.text[2], "-f");
    assert_int_equal(read_all("--te", "", "-x", "-o", "-o7", NULL), 0);
    assert_string_equal(v.text, "");
    assert_int_equal(v.flag, 0);
    assert_string_equal(v.optional, "7"); /* the first is of -x */
    assert_int_equal(read_all("-xy", "-o", "-fo7", NULL), 0);
    assert_string_equal(v.optional, "7");
    assert_int_equal(v.flag, 1);
}

static void test_mistakes(void **state)
{
    static const char *const wrong[][3] = {
        { "--frob" }, { "-z" }, { "--text" }, { "--flag=x" },
        { "--number", "1" }, { "--number", "" }, { "--number", "4294967296" },
        { "-n", "99999999999999999999999" }, { "-n", "3x" }, { "-n", " 3" },
        { "-f", "--word", "re" }, { "-f", "--word", "" },
        { "--word", "red" },   /* needs --flag or --list */
        { "--text=a", "-n3" }  /* they exclude each other */
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        assert_int_equal(read_all(wrong[i][0], wrong[i][1], wrong[i][2], NULL),
                         EX_USAGE);
    assert_int_equal(read_all("--list=a", "--word=red", NULL), 0);
}

static void test_nearest(void **state)
{
    (void)state;
    assert_string_equal(cli_nearest_option(&command, "--numbre=3"), "number");
    assert_string_equal(cli_nearest_option(&command, "--txt"), "text");
    assert_null(cli_nearest_option(&command, "--something"));
    assert_null(cli_nearest_option(&command, "--x"));
    assert_string_equal(cli_nearest_option(&command, "--fl"), "flag");
    assert_int_equal(cli_spelling_distance("kitten", "sitting"), 3);
    assert_int_equal(cli_spelling_distance("", "ab"), 2);
}

static void check_table(const struct cli_option *o, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        assert_non_null(o[i].help);
        if (strlen(o[i].help) > 52)
            fail_msg("--%s: its help does not fit in a line", o[i].name);
    }
}

static void test_help_is_short(void **state)
{
    (void)state;
    check_table(cli_server_option, CLI_SERVER_OPTIONS);
    check_table(cli_login_option, CLI_LOGIN_OPTIONS);
    check_table(cli_tls_option, CLI_TLS_OPTIONS);
    check_table(cli_report_option, CLI_REPORT_OPTIONS);
    check_table(cli_help_option, CLI_HELP_OPTIONS);
    check_table(cli_parameter_option, CLI_PARAMETER_OPTIONS);
    check_table(cli_merge_option, CLI_MERGE_OPTIONS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_nearest),
        cmocka_unit_test(test_help_is_short)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
