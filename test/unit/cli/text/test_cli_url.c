/* test_cli_url.c - a URL into its parts. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "text/url.h"

static void test_parts(void **state)
{
    static const struct {
        const char *text, *scheme, *user, *host, *port, *path;
    } given[] = {
        { "", "", NULL, "", "", "" },
        { "host", "", NULL, "host", "", "" },
        { "host:0025", "", NULL, "host", "25", "" },
        { "SMTP://Host/", "smtp", NULL, "Host", "", "/" },
        { "a://u:p@h:1/x@y", "a", "u:p@h:1/x", "y", "", "" },
        { "a://u@v@h", "a", "u@v", "h", "", "" },
        { "a://@h", "a", "", "h", "", "" },
        { "a://[fe80::1%eth0]:65535/b", "a", NULL, "fe80::1%eth0", "65535",
          "/b" },
        { "a:///b@c:d", "a", NULL, "", "", "/b@c:d" },
        { "/b://c", "", NULL, "", "", "/b://c" },
        { ":1", "", NULL, "", "1", "" }
    };
    struct cli_url url;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        assert_null(cli_url_parse(&url, given[i].text));
        assert_string_equal(url.scheme, given[i].scheme);
        if (given[i].user == NULL)
            assert_null(url.user);
        else {
            assert_int_equal(url.user_len, strlen(given[i].user));
            assert_memory_equal(url.user, given[i].user, url.user_len);
        }
        assert_string_equal(url.host, given[i].host);
        assert_string_equal(url.port, given[i].port);
        assert_string_equal(url.path, given[i].path);
    }
}

static void test_wrong(void **state)
{
    static const char *const text[] = {
        "://h", "a-scheme-that-is-long://h", "a://[::1", "a://[::1]2",
        "a://::1", "a://h:", "a://h:0", "a://h:65536", "a://h:1x", "a://h i",
        "a://h\n", "a://[%]", "a://h\303\266"
    };
    struct cli_url url;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(text) / sizeof(text[0]); i++)
        if (cli_url_parse(&url, text[i]) == NULL)
            fail_msg("'%s' was accepted", text[i]);
}

static void test_host_alone(void **state)
{
    char host[CLI_HOST_SIZE], port[CLI_PORT_SIZE];

    (void)state;
    assert_null(cli_host_parse(host, "::1"));
    assert_string_equal(host, "::1");
    assert_null(cli_host_parse(host, "[::1]"));
    assert_string_equal(host, "::1");
    assert_null(cli_host_parse(host, "a.example"));
    assert_non_null(cli_host_parse(host, ""));
    assert_non_null(cli_host_parse(host, "[]"));
    assert_non_null(cli_host_parse(host, "["));
    assert_non_null(cli_host_parse(host, "a b"));
    assert_non_null(cli_host_parse(host, "a/b"));
    assert_null(cli_port_parse(port, "024"));
    assert_string_equal(port, "24");
    assert_non_null(cli_port_parse(port, ""));
    assert_non_null(cli_port_parse(port, "-1"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_wrong),
        cmocka_unit_test(test_host_alone)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
