/* test_cli_options.c - arguments into options, and what is not said. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <getopt.h>

#include "cli.h"

static struct cli_options o;

/* Reads up to ten arguments, ended by NULL. */
static int read_options(const char *first, ...)
{
    static char copy[10][64];
    char *argv[12] = { copy[0] };
    int argc = 1;
    va_list args;
    const char *text;

    strcpy(copy[0], "send");
    va_start(args, first);
    for (text = first; text != NULL; text = va_arg(args, const char *)) {
        strcpy(copy[argc], text);
        argv[argc] = copy[argc];
        argc++;
    }
    va_end(args);
    memset(&o, 0, sizeof(o));
    optind = 1;
    return cli_options_read(&o, argc, argv);
}

static void test_defaults(void **state)
{
    (void)state;
    unsetenv("DUVA_SERVER");
    assert_int_equal(read_options("--from", "a@b", "--to", "c@d", NULL), -1);
    assert_string_equal(o.server.host, "localhost");
    assert_string_equal(o.server.port, "25");
    assert_string_equal(o.body, "-");
    assert_null(o.raw);
    assert_null(o.subject);
    assert_null(o.user);
    assert_null(o.hello);
    assert_int_equal(o.timeout_s, 0);
    assert_false(o.trace || o.json || o.quiet || o.allow_clear_password
                 || o.all_or_nothing);
    assert_int_equal(o.rcpt_count, 1);
    assert_string_equal(o.rcpt[0].addr, "c@d");
    cli_options_free(&o);
}

static void test_environment(void **state)
{
    (void)state;
    setenv("DUVA_SERVER", "smtp://[::1]:2525/", 1);
    assert_int_equal(read_options("--from", "a@b", "c@d", NULL), -1);
    assert_string_equal(o.server.host, "::1");
    assert_string_equal(o.server.port, "2525");
    cli_options_free(&o);
    assert_int_equal(read_options("--from", "a@b", "c@d", "--server", "mx",
                                  NULL), -1);
    assert_string_equal(o.server.host, "mx");
    assert_string_equal(o.server.port, "25");
    cli_options_free(&o);
    setenv("DUVA_SERVER", "", 1);
    assert_int_equal(read_options("--from", "a@b", "c@d", NULL), -1);
    assert_string_equal(o.server.host, "localhost");
    cli_options_free(&o);
    unsetenv("DUVA_SERVER");
}

static void test_flags_and_values(void **state)
{
    (void)state;
    assert_int_equal(read_options("--from=a@b", "--to=c@d", "--timeout=86400",
                                  "--trace", "--json", "--quiet",
                                  "--all-or-nothing", "--allow-clear-password",
                                  "--raw=letter", NULL), -1);
    assert_int_equal(o.timeout_s, 86400);
    assert_true(o.trace && o.json && o.quiet && o.allow_clear_password
                && o.all_or_nothing);
    assert_string_equal(o.raw, "letter");
    assert_null(o.body);
    cli_options_free(&o);
}

static void test_recipients_in_order(void **state)
{
    (void)state;
    assert_int_equal(read_options("--to", "1@x", "--from", "a@b", "--to",
                                  "2@x", "--", "--to", "-f@x", NULL), -1);
    assert_int_equal(o.rcpt_count, 4);
    assert_string_equal(o.rcpt[0].addr, "1@x");
    assert_string_equal(o.rcpt[1].addr, "2@x");
    assert_string_equal(o.rcpt[2].addr, "--to");
    assert_string_equal(o.rcpt[3].addr, "-f@x");
    cli_options_free(&o);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_environment),
        cmocka_unit_test(test_flags_and_values),
        cmocka_unit_test(test_recipients_in_order)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
