/* test_cli_auth.c - credentials and capabilities into a mechanism. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "login/auth.h"
#include "login/login_options.h"

#define ALL 0xFFFFFFFFu

static struct cli_login_options a;

static void begin(const char *user, const char *token)
{
    memset(&a, 0, sizeof(a));
    a.user = user;
    a.token_file = token;
}

static void chooses(uint32_t offered, int safe, int may_show, int binds,
                    const char *name)
{
    const struct cli_auth_context on
        = { offered, (uint8_t)safe, (uint8_t)may_show, (uint8_t)binds };
    duva_reason why;

    assert_string_equal(cli_auth_name(cli_auth_choose(&a, &on, &why)), name);
    assert_int_equal(why, DUVA_REASON_NONE);
}

static void refuses(uint32_t offered, int safe, int may_show, int binds,
                    duva_reason reason)
{
    const struct cli_auth_context on
        = { offered, (uint8_t)safe, (uint8_t)may_show, (uint8_t)binds };
    duva_reason why;

    cli_auth_choose(&a, &on, &why);
    assert_int_equal(why, reason);
}

/* Takes away the strongest, one after the other. */
static void test_strength(void **state)
{
    static const struct {
        uint32_t    bit;
        const char *name;
    } order[] = {
        { DUVA_AUTH_SCRAM_SHA_512_PLUS, "SCRAM-SHA-512-PLUS" },
        { DUVA_AUTH_SCRAM_SHA_256_PLUS, "SCRAM-SHA-256-PLUS" },
        { DUVA_AUTH_SCRAM_SHA_1_PLUS, "SCRAM-SHA-1-PLUS" },
        { DUVA_AUTH_SCRAM_SHA_512, "SCRAM-SHA-512" },
        { DUVA_AUTH_SCRAM_SHA_256, "SCRAM-SHA-256" },
        { DUVA_AUTH_SCRAM_SHA_1, "SCRAM-SHA-1" },
        { DUVA_AUTH_PLAIN, "PLAIN" },
        { DUVA_AUTH_LOGIN, "LOGIN" },
        { DUVA_AUTH_CRAM_MD5, "CRAM-MD5" }
    };
    uint32_t offered = ALL;
    size_t i;

    (void)state;
    begin("ada", NULL);
    assert_null(cli_auth_check(&a, 0));
    for (i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
        chooses(offered, 1, 0, 1, order[i].name);
        offered &= ~order[i].bit;
    }
    refuses(offered, 1, 0, 1, DUVA_REASON_NO_AUTH);
    chooses(ALL, 1, 0, 0, "SCRAM-SHA-512");
}

static void test_readable_link(void **state)
{
    const uint32_t shown = DUVA_AUTH_PLAIN | DUVA_AUTH_LOGIN;

    (void)state;
    begin("ada", NULL);
    assert_null(cli_auth_check(&a, 0));
    refuses(shown, 0, 0, 0, DUVA_REASON_CLEAR_LINK);
    chooses(shown, 0, 1, 0, "PLAIN");
    chooses(shown | DUVA_AUTH_CRAM_MD5, 0, 0, 0, "CRAM-MD5");
    chooses(shown | DUVA_AUTH_CRAM_MD5, 0, 1, 0, "CRAM-MD5");
    chooses(shown | DUVA_AUTH_CRAM_MD5, 1, 0, 0, "PLAIN");
    refuses(DUVA_AUTH_SCRAM_SHA_1_PLUS, 1, 0, 0, DUVA_REASON_NO_BINDING);
    refuses(DUVA_AUTH_SCRAM_SHA_1_PLUS | shown, 0, 0, 0,
            DUVA_REASON_CLEAR_LINK);
}

static void test_own_order(void **state)
{
    (void)state;
    begin("ada", NULL);
    assert_null(cli_auth_parse(&a, "login,Plain"));
    assert_null(cli_auth_parse(&a, "CRAM-MD5,LOGIN"));
    assert_null(cli_auth_check(&a, 0));
    assert_int_equal(a.mechanisms, 3);
    chooses(ALL, 1, 0, 1, "LOGIN");
    chooses(ALL & ~DUVA_AUTH_LOGIN, 1, 0, 1, "PLAIN");
    chooses(ALL, 0, 1, 0, "LOGIN");
    chooses(ALL, 0, 0, 0, "CRAM-MD5");
    refuses(DUVA_AUTH_SCRAM_SHA_256, 1, 1, 1, DUVA_REASON_NO_AUTH);
}

static void test_tokens(void **state)
{
    (void)state;
    begin("ada", "file");
    assert_null(cli_auth_check(&a, 0));
    assert_int_equal(cli_auth_needs(&a), CLI_TOKEN);
    chooses(ALL, 1, 0, 1, "OAUTHBEARER");
    chooses(ALL & ~DUVA_AUTH_OAUTHBEARER, 1, 0, 1, "XOAUTH2");
    refuses(DUVA_AUTH_PLAIN, 1, 0, 1, DUVA_REASON_NO_AUTH);
    refuses(ALL, 0, 0, 1, DUVA_REASON_CLEAR_LINK);
    begin(NULL, "file");
    assert_null(cli_auth_check(&a, 0));
    refuses(DUVA_AUTH_XOAUTH2, 1, 0, 1, DUVA_REASON_NO_AUTH);
}

static void test_needs(void **state)
{
    (void)state;
    begin(NULL, NULL);
    assert_null(cli_auth_check(&a, 0));
    assert_int_equal(a.mechanisms, 0);
    assert_int_equal(cli_auth_needs(&a), CLI_NOTHING);
    begin("ada", NULL);
    assert_null(cli_auth_check(&a, 0));
    assert_int_equal(cli_auth_needs(&a), CLI_PASSWORD);
    begin("ada", NULL);
    assert_null(cli_auth_parse(&a, "anonymous"));
    assert_null(cli_auth_check(&a, 0));
    assert_int_equal(cli_auth_needs(&a), CLI_NOTHING);
    begin(NULL, NULL);
    assert_null(cli_auth_check(&a, 1));
    assert_int_equal(a.mechanisms, 0);
    assert_null(cli_auth_parse(&a, "external"));
    assert_null(cli_auth_check(&a, 1));
    chooses(ALL, 1, 0, 1, "EXTERNAL");
}

static void test_names(void **state)
{
    static const char *const bad[] = {
        "", ",", "PLAIN,", ",PLAIN", "PLAINT", "PLAI", "SCRAM", "PLAIN LOGIN",
        "SCRAM-SHA-256-PLUS-PLUS"
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        begin("ada", NULL);
        assert_non_null(cli_auth_parse(&a, bad[i]));
    }
    begin("ada", NULL);
    assert_null(cli_auth_parse(&a, "PLAIN,plain,PLAIN"));
    assert_int_equal(a.mechanisms, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_strength),
        cmocka_unit_test(test_readable_link),
        cmocka_unit_test(test_own_order),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_needs),
        cmocka_unit_test(test_names)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
