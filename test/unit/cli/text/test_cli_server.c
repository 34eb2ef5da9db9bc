/* test_cli_server.c - a server in text into host and port. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "text/server.h"

static void test_good(void **state)
{
    static const struct {
        const char *text, *host, *port;
    } good[] = {
        { "mail.example.org", "mail.example.org", "25" },
        { "mail.example.org:587", "mail.example.org", "587" },
        { "smtp://mail.example.org", "mail.example.org", "25" },
        { "smtp://mail.example.org/", "mail.example.org", "25" },
        { "SMTP://Mail:2525/", "Mail", "2525" },
        { "192.0.2.1:1", "192.0.2.1", "1" },
        { "localhost:65535", "localhost", "65535" },
        { "localhost:0025", "localhost", "25" },
        { "[::1]", "::1", "25" },
        { "[192.0.2.1]", "192.0.2.1", "25" },
        { "[2001:db8::1]:2525", "2001:db8::1", "2525" },
        { "smtp://[fe80::1%eth0]:2525", "fe80::1%eth0", "2525" },
        { "under_score-1", "under_score-1", "25" },
        { "smtps://mail.example.org", "mail.example.org", "465" },
        { "SMTPS://[::1]:1465/", "::1", "1465" },
        { "lmtp://mail.example.org", "mail.example.org", "24" },
        { "LMTP://[::1]:2424/", "::1", "2424" },
        { "lmtp:///run/a b/lmtp", "/run/a b/lmtp", "" },
        { "smtp:///run/smtp", "/run/smtp", "" },
        { "/run/smtp", "/run/smtp", "" }
    };
    struct cli_server server;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        memset(&server, 0, sizeof(server));
        assert_null(cli_server_parse(&server, good[i].text));
        assert_string_equal(server.host, good[i].host);
        assert_string_equal(server.port, good[i].port);
    }
}

static void assert_bad(const char *text, const char *problem)
{
    struct cli_server server;
    const char *found = cli_server_parse(&server, text);

    assert_non_null(found);
    if (strstr(found, problem) == NULL)
        fail_msg("'%s': '%s', not '%s'", text, found, problem);
}

static void test_bad(void **state)
{
    (void)state;
    assert_bad("", "host is missing");
    assert_bad("smtp://", "host is missing");
    assert_bad("smtp:///run/\033[31m", "character");
    assert_bad("smtp:///", "host is missing");
    assert_bad(":25", "host is missing");
    assert_bad("[]:25", "host is missing");
    assert_bad("host:", "port");
    assert_bad("host:0", "port");
    assert_bad("host:65536", "port");
    assert_bad("host:99999999999999999999", "port");
    assert_bad("host:+25", "port");
    assert_bad("host:25x", "port");
    assert_bad("host: 25", "port");
    assert_bad("host:smtp", "port");
    assert_bad("[::1]:", "port");
    assert_bad("[::1]25", "after the ']'");
    assert_bad("[::1", "']' is missing");
    assert_bad("[%]", "character");
    assert_bad("::1", "brackets");
    assert_bad("2001:db8::1", "brackets");
    assert_bad("smtps://", "host is missing");
    assert_bad("imaps://host", "smtps://");
    assert_bad("smtps:///run/smtp", "Unix socket");
    assert_bad("smtp:///", "host is missing");
    assert_bad("lmtp://", "host is missing");
    assert_bad("http://host", "scheme");
    assert_bad("://host", "scheme");
    assert_bad("smtp://user@host", "--user");
    assert_bad("smtp://host/path", "a path");
    assert_bad("host\n", "character");
    assert_bad("ho st", "character");
    assert_bad("host\x01", "character");
    assert_bad("h\xC3\xB6st", "character");
    assert_bad("host\r\nEHLO x", "character");
}

static void test_length(void **state)
{
    struct cli_server server;
    char text[400];

    (void)state;
    memset(text, 'a', sizeof(text));
    text[255] = '\0';
    assert_null(cli_server_parse(&server, text));
    assert_int_equal(strlen(server.host), 255);
    text[255] = 'a';
    text[256] = '\0';
    assert_bad(text, "too long");
    text[256] = 'a';
    text[399] = '\0';
    assert_bad(text, "too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good),
        cmocka_unit_test(test_bad),
        cmocka_unit_test(test_length)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
