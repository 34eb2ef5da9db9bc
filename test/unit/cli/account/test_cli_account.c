/* test_cli_account.c - servers by domain, and an account as text. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>

#include "account/account_add.h"
#include "account/provider.h"
#include "account/srv.h"
#include "cmocka_all.h"
#include "config/config.h"
#include "text/server.h"

static void test_providers(void **state)
{
    struct cli_server server;
    static const char *const domains[] = {
        "gmail.com", "GoogleMail.com", "outlook.com", "onmicrosoft.com",
        "me.com", "yahoo.com", "fastmail.com", "gmx.de", "gmx.com", "web.de",
        "posteo.de", "mailbox.org", "zoho.com", "proton.me", "mail.ru"
    };
    const struct cli_provider *p;
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(domains) / sizeof(domains[0]); i++) {
        p = cli_provider_of(domains[i]);
        assert_non_null(p);
        memset(&server, 0, sizeof(server));
        assert_null(cli_server_parse(&server, p->server));
        assert_true(server.port_given);
    }
    assert_null(cli_provider_of("example.org"));
    assert_null(cli_provider_of("mail.com"));
    assert_null(cli_provider_of(""));
    assert_null(cli_provider_of("gmail.com googlemail.com"));
}

static void test_within(void **state)
{
    (void)state;
    assert_true(cli_srv_is_within("example.org", "Example.ORG"));
    assert_true(cli_srv_is_within("mail.example.org", "example.org"));
    assert_false(cli_srv_is_within("badexample.org", "example.org"));
    assert_false(cli_srv_is_within("org", "example.org"));
    assert_false(cli_srv_is_within("example.org.net", "example.org"));
}

/* ---- answers of the DNS ---- */

struct answer {
    uint8_t data[1024];
    size_t  len;
};

static void put(struct answer *a, const void *data, size_t len)
{
    memcpy(a->data + a->len, data, len);
    a->len += len;
}

static void begin(struct answer *a, uint8_t records)
{
    const uint8_t head[12] = { 0, 1, 0x81, 0x80, 0, 1, 0, records };

    a->len = 0;
    put(a, head, sizeof(head));
    put(a, "\1a\1b\0\0\41\0\1", 9);
}

static void record(struct answer *a, uint8_t priority, uint8_t weight,
                   uint16_t port, const char *name, size_t len)
{
    const uint8_t fixed[] = {
        0xC0, 12, 0, 33, 0, 1, 0, 0, 0, 60, 0, (uint8_t)(6 + len),
        0, priority, 0, weight, (uint8_t)(port >> 8), (uint8_t)port
    };

    put(a, fixed, sizeof(fixed));
    put(a, name, len);
}

static void test_srv(void **state)
{
    struct cli_srv srv;
    struct answer a;
    size_t i;

    (void)state;
    begin(&a, 3);
    record(&a, 2, 9, 25, "\1f\0", 3);
    record(&a, 1, 1, 587, "\1l\0", 3);
    record(&a, 1, 5, 465, "\4mail\7example\3org\0", 18);
    assert_int_equal(cli_srv_parse(&srv, a.data, a.len), 1);
    assert_string_equal(srv.host, "mail.example.org");
    assert_int_equal(srv.port, 465);
    /* Cut anywhere it is no answer, and nothing is read behind it. */
    for (i = 0; i < a.len; i++) {
        uint8_t *copy = malloc(i + 1);

        assert_non_null(copy);
        memcpy(copy, a.data, i);
        assert_int_equal(cli_srv_parse(&srv, copy, i), -1);
        free(copy);
    }
    begin(&a, 1);
    record(&a, 0, 0, 0, "\0", 1);
    assert_int_equal(cli_srv_parse(&srv, a.data, a.len), 0);
    begin(&a, 0);
    assert_int_equal(cli_srv_parse(&srv, a.data, a.len), 0);
    /* A name that points to itself. */
    begin(&a, 1);
    record(&a, 0, 0, 25, "\xC0\x29", 2);
    assert_true(cli_srv_parse(&srv, a.data, a.len) <= 0);
}

static void test_write(void **state)
{
    static struct cli_new_account d;
    struct cli_config c = { 0 };
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    (void)state;
    assert_non_null(out);
    strcpy(d.name, "home");
    strcpy(d.addr, "ada@example.org");
    strcpy(d.full_name, "\"Ada\" ");
    assert_null(cli_server_parse(&d.server, "smtps://[2001:db8::1]:465"));
    strcpy(d.user, "# a");
    strcpy(d.password, " \"p\" ");
    cli_account_write(out, &d);
    fclose(out);
    /* Read again it is what was answered. */
    text = realloc(text, len + 1);
    assert_non_null(text);
    assert_int_equal(cli_config_parse(&c, "f", text, len, NULL), 0);
    assert_string_equal(cli_account_text(c.account, CLI_SET_HOST),
                        "2001:db8::1");
    assert_string_equal(cli_account_text(c.account, CLI_SET_PORT), "465");
    assert_string_equal(cli_account_text(c.account, CLI_SET_USER), d.user);
    assert_string_equal(cli_account_text(c.account, CLI_SET_PASSWORD),
                        d.password);
    assert_string_equal(cli_account_text(c.account, CLI_SET_FROM_FULL_NAME),
                        d.full_name);
    assert_false(cli_account_flag(c.account, CLI_SET_TLS_STARTTLS, 1));
    cli_config_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_providers),
        cmocka_unit_test(test_within),
        cmocka_unit_test(test_srv),
        cmocka_unit_test(test_write)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
