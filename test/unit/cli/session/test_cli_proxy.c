/* test_cli_proxy.c - URLs of proxies, valid and invalid. */
/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "session/proxy_url.h"

static void test_right(void **state)
{
    static const struct {
        const char *url;
        duva_proxy_kind kind;
        const char *host, *port, *user;
    } given[] = {
        { "socks5://p", DUVA_PROXY_SOCKS5, "p", "1080", "" },
        { "SOCKS5H://p:9050/", DUVA_PROXY_SOCKS5, "p", "9050", "" },
        { "http://[::1]:8888", DUVA_PROXY_HTTP, "::1", "8888", "" },
        { "http://ada@p:3128", DUVA_PROXY_HTTP, "p", "3128", "ada" },
        { "socks5://a%40b%3A%c3%A4@p", DUVA_PROXY_SOCKS5, "p", "1080",
          "a@b:\303\244" },
        { "socks5://a@b@p", DUVA_PROXY_SOCKS5, "p", "1080", "a@b" }
    };
    struct cli_proxy p;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(given) / sizeof(given[0]); i++) {
        assert_null(cli_proxy_parse(&p, given[i].url));
        assert_int_equal(p.given, 1);
        assert_int_equal(p.kind, given[i].kind);
        assert_string_equal(p.host, given[i].host);
        assert_string_equal(p.port, given[i].port);
        assert_string_equal(p.user, given[i].user);
    }
}

static void test_wrong(void **state)
{
    static const char *const url[] = {
        "", "p", "p:1080", "socks4://p", "https://p:1", "smtp://p:1",
        "socks5:/p", "socks5://", "socks5://:1", "socks5://p:x",
        "socks5://p:65536", "socks5://p:1/x", "socks5://p q", "http://p",
        "http://[::1", "socks5://@p", "socks5://a:b@p", "socks5://a%@p",
        "socks5://a%4@p", "socks5://a%zz@p", "socks5://a%00@p",
        "socks5://a%0A@p", "socks5://a\nb@p", "socks5://smtp://p"
    };
    char longest[400] = "socks5://";
    struct cli_proxy p;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(url) / sizeof(url[0]); i++) {
        if (cli_proxy_parse(&p, url[i]) == NULL)
            fail_msg("'%s' was taken", url[i]);
        assert_int_equal(p.given, 0);
    }
    memset(longest + 9, 'a', 256);
    strcpy(longest + 9 + 256, "@p");
    assert_string_equal(cli_proxy_parse(&p, longest), "the user is too long");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_right),
        cmocka_unit_test(test_wrong)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
