/* test_secure_mail.c - tests mails that arrive by TLS. */
/* SPDX-License-Identifier: MIT */
#include "test_secure.h"

static const char *const by_starttls[] = { BY_STARTTLS };
static const char *const by_implicit[] = { BY_IMPLICIT };

SECURE_TEST(starttls)
{
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls, NX_SUCCESS);
    CHECK(setup.calls == 1);
    CHECK(strcmp(server.sni, HOST) == 0);
    CHECK(strstr(server.message, "\r\n\r\n" BODY) != NULL);
    CHECK(client.nx_smtp_client_authentication_state
          == NX_SMTP_AUTHENTICATION_SUCCEEDED);
}

SECURE_TEST(implicit)
{
    device_send(NX_SMTP_CLIENT_TLS_IMPLICIT, by_implicit, NX_SUCCESS);
    CHECK(setup.calls == 1);
    CHECK(strcmp(server.sni, HOST) == 0);
    CHECK(strstr(server.message, "\r\n\r\n" BODY) != NULL);
}

/* One mail after the other, each with a session of its own. */
SECURE_TEST(several)
{
    int i;

    for (i = 0; i < 2; i++) {
        device_send(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls, NX_SUCCESS);
        device_send(NX_SMTP_CLIENT_TLS_IMPLICIT, by_implicit, NX_SUCCESS);
    }
    CHECK(setup.calls == 4);
}

/* More than one record can hold, in packets of 512 octets. */
SECURE_TEST(large)
{
    static CHAR body[20000];
    size_t      i;

    for (i = 0; i < sizeof(body); i++)
        body[i] = i % 50 == 49 ? '\n' : (CHAR)('a' + i % 26);
    CHECK_STATUS(0, nx_smtp_client_secure_set(
                        &client, NX_SMTP_CLIENT_TLS_STARTTLS, HOST,
                        device_setup));
    server_plan(by_starttls);
    CHECK_STATUS(0, nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_LOW,
                                      "Hi", body, sizeof(body)));
    server_over();
    CHECK(!server.failed);
    CHECK(server.message_size > sizeof(body) + sizeof(body) / 50);
}

/* What tls_setup has set stays: another name to ask for, and a callback, which
 * comes after our check. */
SECURE_TEST(own_choices)
{
    setup.own_name = setup.callback = 1;
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls, NX_SUCCESS);
    CHECK(strcmp(server.sni, "own.example") == 0);
    CHECK(setup.seen == 1);
}

/* Names in other letters, and with the dot of the root. */
SECURE_TEST(spelling)
{
    CHECK_STATUS(0, nx_smtp_client_secure_set(
                        &client, NX_SMTP_CLIENT_TLS_IMPLICIT,
                        "Mail.EXAMPLE.net", device_setup));
    server_plan(by_implicit);
    CHECK_STATUS(0, nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_HIGH,
                                      "Hi", BODY, sizeof(BODY) - 1));
    server_over();
    CHECK(strcmp(server.sni, HOST) == 0);
}

/* A chain of three, and a wildcard in its last. */
SECURE_TEST(chain)
{
    struct identity middle = make_identity(wish("Middle", NULL, -1, 1, 1),
                                           &server.issuer);

    server_identify(wish("any", "DNS:*.example.net", -1, 1, 0), &middle);
    CHECK(SSL_CTX_add1_chain_cert(server.context, middle.cert) == 1);
    forget_identity(&middle);
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls, NX_SUCCESS);
}

/* Without a clock NX Secure takes what was valid once. */
SECURE_TEST(no_clock)
{
    server_identify(wish("late", "DNS:" HOST, -3, -2, 0), &server.issuer);
    setup.no_time = 1;
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls, NX_SUCCESS);
}

/* TLS is taken away again, and the password then goes in the clear. */
SECURE_TEST(none)
{
    static const char *const script[] = {
        ">220 hi\r\n", EHLO, AUTH, MAIL, NULL
    };

    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls, NX_SUCCESS);
    CHECK_STATUS(0, nx_smtp_client_secure_set(
                        &client, NX_SMTP_CLIENT_TLS_NONE, NX_NULL, NX_NULL));
    server_plan(script);
    CHECK_STATUS(0, nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_HIGH,
                                      "Hi", BODY, sizeof(BODY) - 1));
    while (!__atomic_load_n(&server.done, __ATOMIC_SEQ_CST))
        tx_thread_sleep(1);
    CHECK(!server.failed);
    CHECK(server_heard(BOTH64));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starttls),   cmocka_unit_test(implicit),
        cmocka_unit_test(several),    cmocka_unit_test(large),
        cmocka_unit_test(own_choices), cmocka_unit_test(spelling),
        cmocka_unit_test(chain),      cmocka_unit_test(no_clock),
        cmocka_unit_test(none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
