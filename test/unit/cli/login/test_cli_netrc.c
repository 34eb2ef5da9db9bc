/* test_cli_netrc.c - ~/.netrc into the password of a host and user. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "cmocka_all.h"

#include "login/netrc.h"

static char password[64];

static int find(const char *text)
{
    memset(password, 0, sizeof(password));
    return cli_netrc_find(text, strlen(text), "mail.example", "ada", password,
                          sizeof(password));
}

static void is(const char *text, const char *expected)
{
    assert_int_equal(find(text), 1);
    assert_string_equal(password, expected);
}

static void the_first_that_fits(void **state)
{
    (void)state;
    is("machine mail.example login ada password pw", "pw");
    is("machine MAIL.example\n\tlogin ada\n\tpassword pw\n", "pw");
    is("machine mail.example password any", "any");
    is("machine x login ada password 1\n"
       "machine mail.example login bob password 2\n"
       "machine mail.example login ada password 3\n"
       "machine mail.example login ada password 4\n", "3");
    is("machine x password 1 default login ada password 2", "2");
    is("machine mail.example login ada account a password pw", "pw");
}

static void none_that_fits(void **state)
{
    (void)state;
    assert_int_equal(find(""), 0);
    assert_int_equal(find("machine"), 0);
    assert_int_equal(find("machine mail.example login ada"), 0);
    assert_int_equal(find("machine mail.example login ADA password pw"), 0);
    assert_int_equal(find("machine mail.example.org password pw"), 0);
    assert_int_equal(find("default password pw"), 0);
    assert_int_equal(find("default login bob password pw"), 0);
    assert_int_equal(find("login ada password pw"), 0);
}

static void words(void **state)
{
    (void)state;
    is("machine mail.example login ada password \"a b\\\"c\\\\\"", "a b\"c\\");
    is("machine mail.example login ada password #1", "#1");
    is("# machine mail.example password no\n"
       "machine mail.example # really\nlogin ada password yes", "yes");
    is("macdef init\nmachine mail.example password no\n\n"
       "machine mail.example password yes", "yes");
}

static void too_much(void **state)
{
    char text[2000];

    (void)state;
    assert_int_equal(find("machine mail.example password \"open"), -1);
    memset(text, 'x', sizeof(text) - 1);
    text[sizeof(text) - 1] = '\0';
    memcpy(text, "machine mail.example password ", 30);
    assert_int_equal(find(text), -1);
    text[30 + sizeof(password)] = '\0';
    assert_int_equal(find(text), -1);
    text[30 + sizeof(password) - 1] = '\0';
    assert_int_equal(find(text), 1);
    assert_int_equal(strlen(password), sizeof(password) - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_that_fits),
        cmocka_unit_test(none_that_fits),
        cmocka_unit_test(words),
        cmocka_unit_test(too_much),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
