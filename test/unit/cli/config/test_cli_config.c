/* test_cli_config.c - the syntax of the configuration. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config/config.h"

static const char *eval(const char *command, char *line, size_t size)
{
    if (strcmp(command, "fail") == 0)
        return "the command failed";
    snprintf(line, size, "%s", command);
    return NULL;
}

static int parse_as(struct cli_config *c, const char *name, const char *text)
{
    const size_t len = strlen(text);
    char *copy = malloc(len + 1);

    assert_non_null(copy);
    memcpy(copy, text, len + 1);
    return cli_config_parse(c, name, copy, len, eval);
}

static const char *said(const struct cli_config *c, const char *account,
                        enum cli_setting setting)
{
    const struct cli_account *found = cli_config_find(c, account);

    assert_non_null(found);
    return cli_account_text(found, setting);
}

static void test_language(void **state)
{
    struct cli_config c = { 0 };

    (void)state;
    assert_int_equal(parse_as(&c, "f",
                              "# a comment\r\n"
                              "   # another\n"
                              "\n"
                              "defaults\n"
                              "\ttls   on \r\n"
                              "port 587\n"
                              "account one\n"
                              "host mail.example.org\n"
                              "user \"ada \"\n"
                              "password \"a\"b\"\n"
                              "aliases \"\n"
                              "tls_starttls\n"
                              "from ada@example.org\n"
                              "defaults\n"
                              "port 2525\n"
                              "account two: one\n"
                              "user\n"
                              "account three\n"
                              "host other\n"
                              "account default : two , three"), 0);
    assert_string_equal(said(&c, "one", CLI_SET_PORT), "587");
    assert_string_equal(said(&c, "one", CLI_SET_TLS), "on");
    assert_string_equal(said(&c, "one", CLI_SET_USER), "ada ");
    assert_string_equal(said(&c, "one", CLI_SET_PASSWORD), "a\"b");
    assert_string_equal(said(&c, "one", CLI_SET_ALIASES), "\"");
    assert_string_equal(said(&c, "one", CLI_SET_TLS_STARTTLS), "on");
    assert_true(cli_account_flag(cli_config_find(&c, "one"),
                                 CLI_SET_TLS_STARTTLS, 0));
    assert_true(c.holds_secret);
    /* What a parent says goes before the defaults. */
    assert_string_equal(said(&c, "two", CLI_SET_PORT), "587");
    assert_null(said(&c, "two", CLI_SET_USER));
    assert_string_equal(said(&c, "two", CLI_SET_FROM), "ada@example.org");
    assert_string_equal(said(&c, "three", CLI_SET_PORT), "2525");
    assert_null(said(&c, "three", CLI_SET_FROM));
    assert_string_equal(said(&c, "default", CLI_SET_HOST), "other");
    assert_string_equal(said(&c, "default", CLI_SET_PORT), "2525");
    assert_string_equal(said(&c, "default", CLI_SET_FROM), "ada@example.org");
    assert_int_equal(c.account[0].value[CLI_SET_HOST].line, 8);
    cli_config_free(&c);
}

static void test_files(void **state)
{
    struct cli_config c = { 0 };

    (void)state;
    assert_int_equal(parse_as(&c, "system", "account a\nhost one\n"
                                            "account b : a\n"), 0);
    assert_int_equal(parse_as(&c, "user", "account a\nhost two\n"
                                          "account c : a,b\n"), 0);
    assert_string_equal(said(&c, "a", CLI_SET_HOST), "two");
    assert_string_equal(said(&c, "b", CLI_SET_HOST), "one");
    assert_string_equal(said(&c, "c", CLI_SET_HOST), "one");
    assert_string_equal(cli_page_name(cli_config_find(&c, "a")->page), "user");
    assert_false(c.holds_secret);
    assert_null(cli_config_find(&c, "d"));
    cli_config_free(&c);
}

static void test_eval(void **state)
{
    struct cli_config c = { 0 };

    (void)state;
    assert_int_equal(parse_as(&c, "f", "eval account x\n"
                                       "eval host mail.example.org\n"
                                       "eval password \"s e\"\n"
                                       "eval # nothing\n"), 0);
    assert_string_equal(said(&c, "x", CLI_SET_HOST), "mail.example.org");
    assert_string_equal(said(&c, "x", CLI_SET_PASSWORD), "s e");
    assert_false(c.holds_secret);
    cli_config_free(&c);
    assert_int_equal(parse_as(&c, "f", "account a\neval fail\n"), -1);
    assert_string_equal(c.problem, "f:2: eval: the command failed");
    cli_config_free(&c);
    assert_int_equal(parse_as(&c, "f", "eval eval eval\n"), -1);
    cli_config_free(&c);
}

static void test_every_command(void **state)
{
    static const char text[] =
        "account all\nhost h\nport 1\ntimeout off\npipelining mail\n"
        "domain %H\nproxy_host p\n"
        "proxy_port 1080\nauth scram-sha-256\nuser u\npassword p\n"
        "passwordeval echo\ntls off\ntls_starttls off\ntls_trust_file system\n"
        "tls_fingerprint 00\ntls_key_file k\ntls_cert_file c\n"
        "tls_certcheck off\ntls_host_override h\nfrom *@example.org\n"
        "from_full_name Ada\nallow_from_override off\n"
        "dsn_notify failure,delay\ndsn_return hdrs\nset_from_header on\n"
        "set_date_header off\nset_msgid_header auto\n"
        "add_missing_from_header\nadd_missing_date_header off\n"
        "remove_bcc_headers off\nundisclosed_recipients on\naliases a\n"
        "auto_from off\nmaildomain m\nlogfile -\nlogfile_time_format %s\n"
        "syslog LOG_MAIL\nprotocol lmtp\nsocket /run/s\nsource_ip\nntlmdomain\n"
        "tls_crl_file\ntls_priorities\ntls_min_dh_prime_bits\n";
    struct cli_config c = { 0 };
    int i;

    (void)state;
    assert_int_equal(parse_as(&c, "f", text), 0);
    for (i = 0; i < CLI_SETTINGS; i++) {
        assert_non_null(said(&c, "all", (enum cli_setting)i));
        assert_non_null(strstr(text, cli_setting_name((enum cli_setting)i)));
    }
    assert_string_equal(said(&c, "all", CLI_SET_FROM_HEADER), "auto");
    assert_string_equal(said(&c, "all", CLI_SET_DATE_HEADER), "off");
    cli_config_free(&c);
}

static void test_problems(void **state)
{
    static const struct {
        const char *text, *problem;
    } bad[] = {
        { "host x", "f:1: host: it must follow" },
        { "account a\nfrob x", "f:2: unknown command 'frob'" },
        { "account a\nPort 1", "f:2: unknown command 'Port'" },
        { "account a\npassword=secret x", "f:2: unknown command" },
        { "account a\npassword\"secret\"", "f:2: unknown command" },
        { "account a\nsecret", "f:2: unknown command" },
        { "account a\neval secret x", "f:2: unknown command" },
        { "account a\nport 0", "f:2: port: it must be a number from 1" },
        { "account a\nport 65536", "f:2: port" },
        { "account a\npipelining on",
          "f:2: pipelining: it must be one of: auto mail never" },
        { "account a\nport 1x", "f:2: port" },
        { "account a\nhost", "f:2: host: the value is missing" },
        { "account a\ntls maybe", "f:2: tls: it must be on or off" },
        { "account a\ntimeout never", "f:2: timeout: it must be off, or" },
        { "account a\nauth ntlm", "f:2: auth: that mechanism is not" },
        { "account a\nauth magic", "f:2: auth: it must be one of: on off" },
        { "account a\ndsn_notify never,delay", "f:2: dsn_notify" },
        { "account a\ndsn_notify delay,", "f:2: dsn_notify" },
        { "account a\ndsn_return all", "f:2: dsn_return: it must be one of" },
        { "account a\nset_date_header on", "f:2: set_date_header" },
        { "account a\nsyslog LOG_KERN", "f:2: syslog" },
        { "account a\nprotocol uucp", "f:2: protocol: it must be one of" },
        { "account a\nsource_ip 192.0.2.1", "f:2: source_ip" },
        { "account a\nntlmdomain d", "f:2: ntlmdomain" },
        { "account a\ntls_crl_file f", "f:2: tls_crl_file" },
        { "account a\ntls_priorities NORMAL", "f:2: tls_priorities: the" },
        { "account a\ntls_min_dh_prime_bits 512", "f:2: tls_min_dh" },
        { "account", "f:1: account: the name is missing" },
        { "account a b", "f:1: account: the name is missing" },
        { "account a\naccount a", "f:2: account: the name is used twice" },
        { "account a : b", "f:1: account: there is no account 'b' above" },
        { "account a : a", "f:1: account: there is no account 'a' above" },
        { "defaults x", "f:1: defaults: nothing may follow" }
    };
    struct cli_config c = { 0 };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(parse_as(&c, "f", bad[i].text), -1);
        assert_non_null(strstr(c.problem, bad[i].problem));
        assert_ptr_equal(strstr(c.problem, bad[i].problem), c.problem);
        assert_null(strstr(c.problem, "secret"));
        cli_config_free(&c);
    }
    assert_int_equal(cli_config_parse(&c, "f", calloc(1, 4), 3, NULL), -1);
    assert_string_equal(c.problem, "f:0: the file has a NUL");
    cli_config_free(&c);
}

/* Neither a value nor what could be one is in a message. */
static void test_secrets_stay(void **state)
{
    struct cli_config c = { 0 };

    (void)state;
    assert_int_equal(parse_as(&c, "f", "password hunter2"), -1);
    assert_null(strstr(c.problem, "hunter2"));
    cli_config_free(&c);
    assert_int_equal(parse_as(&c, "f", "account a\npasswrod hunter2"), -1);
    assert_null(strstr(c.problem, "hunter2"));
    cli_config_free(&c);
}

/* One account stays, with its name; of the others nothing does. */
static void test_settled(void **state)
{
    struct cli_config c = { 0 };
    struct cli_account *a;
    char *ours, *theirs;

    (void)state;
    assert_int_equal(parse_as(&c, "f", "defaults\nport 25\naccount one\n"
                                       "host a\npassword p1\n"
                                       "account two : one\n"
                                       "eval password p2\n"), 0);
    cli_config_keep(&c, strdup("kept"));
    ours = cli_config_find(&c, "two")->value[CLI_SET_PASSWORD].text;
    theirs = cli_config_find(&c, "one")->value[CLI_SET_PASSWORD].text;
    assert_string_equal(theirs, "p1");
    a = cli_config_settle(&c, cli_config_find(&c, "two"));
    assert_non_null(a);
    assert_ptr_equal(a, cli_config_find(&c, "two"));
    assert_null(cli_config_find(&c, "one"));
    assert_string_equal(said(&c, "two", CLI_SET_HOST), "a");
    assert_string_equal(said(&c, "two", CLI_SET_PORT), "25");
    assert_string_equal(said(&c, "two", CLI_SET_PASSWORD), "p2");
    assert_ptr_not_equal(said(&c, "two", CLI_SET_PASSWORD), ours);
    assert_string_equal(cli_page_name(a->page), "f");
    assert_null(cli_config_settle(&c, NULL));
    assert_null(cli_config_find(&c, "two"));
    cli_config_free(&c);
}

static void test_senders(void **state)
{
    (void)state;
    assert_true(cli_from_matches("ada@example.org", "ADA@Example.ORG"));
    assert_true(cli_from_matches("ada@example.org", "ada+x@example.org"));
    assert_true(cli_from_matches("*@example.org", "bob@example.org"));
    assert_true(cli_from_matches("a?a@example.*", "ada@example.net"));
    assert_true(cli_from_matches("ada@[192.0.2.1]", "ada@[192.0.2.1]"));
    assert_false(cli_from_matches("ada@example.org", "ida@example.org"));
    assert_false(cli_from_matches("ada@example.org", "ada@example.org.net"));
    assert_false(cli_from_matches("ada@example.org", ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_language),
        cmocka_unit_test(test_files),
        cmocka_unit_test(test_eval),
        cmocka_unit_test(test_every_command),
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_secrets_stay),
        cmocka_unit_test(test_settled),
        cmocka_unit_test(test_senders)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
