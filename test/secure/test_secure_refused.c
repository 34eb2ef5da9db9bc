/* test_secure_refused.c - tests that nothing is sent to a server that is not
 * secure. */
/* SPDX-License-Identifier: MIT */
#include "test_secure.h"

static const char *const by_starttls[] = { BY_STARTTLS };
static const char *const by_implicit[] = { BY_IMPLICIT };

/* The handshake fails, in both modes; a good server is served after it. */
static void refuse(UINT want)
{
    server.lenient = 1;
    CHECK_STATUS(0, nx_smtp_client_secure_set(
                        &client, NX_SMTP_CLIENT_TLS_STARTTLS, HOST,
                        device_setup));
    server_plan(by_starttls);
    CHECK_STATUS(want, nx_smtp_mail_send(&client, TO, 2, "Hi", BODY,
                                         sizeof(BODY) - 1));
    server_over();
    device_is_clean();
    CHECK_STATUS(0, nx_smtp_client_secure_set(
                        &client, NX_SMTP_CLIENT_TLS_IMPLICIT, HOST,
                        device_setup));
    server_plan(by_implicit);
    CHECK_STATUS(want, nx_smtp_mail_send(&client, TO, 2, "Hi", BODY,
                                         sizeof(BODY) - 1));
    server_over();
    device_is_clean();
    memset(&setup, 0, sizeof(setup));
    server.lenient = 0;
    server_identify(wish("other", "DNS:" HOST, -1, 1, 0), &server.issuer);
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls, NX_SUCCESS);
}

static duva_reason why(void)
{
    return client.nx_smtp_client_session.mail.result.reason;
}

SECURE_TEST(wrong_name)
{
    setup.callback = 1;
    server_identify(wish("other", "DNS:evil.example.net", -1, 1, 0),
                    &server.issuer);
    server.lenient = 1;
    server_plan(by_implicit);
    CHECK_STATUS(0, nx_smtp_client_secure_set(
                        &client, NX_SMTP_CLIENT_TLS_IMPLICIT, HOST,
                        device_setup));
    CHECK_STATUS(NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH,
                 nx_smtp_mail_send(&client, TO, 2, "Hi", BODY,
                                   sizeof(BODY) - 1));
    server_over();
    CHECK(why() == DUVA_REASON_CERT_NAME);
    CHECK(setup.seen == 0);    /* nobody is asked whether that is all right */
    refuse(NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH);
}

SECURE_TEST(unknown_authority)
{
    struct identity another = make_identity(wish("Another", NULL, -1, 1, 1),
                                            NULL);

    server_identify(wish("other", "DNS:" HOST, -1, 1, 0), &another);
    forget_identity(&another);
    refuse(NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
}

SECURE_TEST(nobody_trusted)
{
    setup.no_trust = 1;
    refuse(NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND);
}

SECURE_TEST(self_signed)
{
    server_identify(wish(HOST, "DNS:" HOST, -1, 1, 0), NULL);
    refuse(NX_SECURE_TLS_INVALID_SELF_SIGNED_CERT);
}

SECURE_TEST(expired)
{
    server_identify(wish("late", "DNS:" HOST, -3, -2, 0), &server.issuer);
    refuse(NX_SECURE_X509_CERTIFICATE_EXPIRED);
}

SECURE_TEST(not_yet)
{
    server_identify(wish("early", "DNS:" HOST, 2, 3, 0), &server.issuer);
    refuse(NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID);
}

SECURE_TEST(application_refuses)
{
    setup.callback = 1;
    setup.callback_status = 0x1234;
    refuse(0x1234);
}

/* A session whose certificate nobody has shown us is not taken for good. */
SECURE_TEST(unchecked)
{
    setup.unchecked = &client.nx_smtp_client_session.tls.session;
    refuse(NX_SECURE_TLS_CERTIFICATE_NOT_FOUND);
}

/* ---- tls_setup ---- */

SECURE_TEST(setup_fails)
{
    setup.status = 0x4321;
    refuse(0x4321);
}

SECURE_TEST(setup_fails_early)
{
    setup.status = 0x4321;
    setup.no_session = 1;
    refuse(0x4321);
}

SECURE_TEST(setup_forgets)
{
    setup.no_session = 1;
    refuse(NX_SECURE_TLS_SESSION_UNINITIALIZED);
}

/* ---- the server ---- */

SECURE_TEST(no_starttls)
{
    static const char *const script[] = {
        ">220 hi\r\n", EHLO, ">250-hi\r\n250 AUTH PLAIN\r\n", "<QUIT\r\n",
        ">221 bye\r\n", NULL
    };
    static const char *const helo[] = {
        ">220 hi\r\n", EHLO, ">502 what?\r\n", "<HELO " DOMAIN "\r\n",
        ">250 hi\r\n", "<QUIT\r\n", ">221 bye\r\n", NULL
    };

    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, script, NX_SMTP_TLS_NOT_OFFERED);
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, helo, NX_SMTP_TLS_NOT_OFFERED);
    CHECK(setup.calls == 0);
}

SECURE_TEST(starttls_refused)
{
    static const char *const later[] = {
        STARTTLS, ">454 not now\r\n", "<QUIT\r\n", ">221 bye\r\n", NULL
    };
    static const char *const strange[] = {
        STARTTLS, ">250 sure\r\n", "<QUIT\r\n", ">221 bye\r\n", NULL
    };

    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, later, NX_SMTP_TLS_REPLY_ERROR);
    CHECK(client.nx_smtp_client_reply_code_status == 454);
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, strange,
                NX_SMTP_TLS_REPLY_ERROR);
    CHECK(setup.calls == 0);
}

/* The connection is lost between the answer and the handshake: NX Secure does
 * not see it any more. */
SECURE_TEST(starttls_reset)
{
    static const char *const reset[] = { STARTTLS, ">220 go\r\n", "!", NULL };
    static const char *const ended[] = { STARTTLS, ">220 go\r\n", "|", NULL };
    const char *const *const scripts[] = { reset, ended };
    size_t i;

    for (i = 0; i < 2; i++) {
        setup.await_end = 1;
        device_send(NX_SMTP_CLIENT_TLS_STARTTLS, scripts[i],
                    NX_NOT_CONNECTED);
        setup.await_end = 0;
        CHECK(setup.calls == (int)i + 1);
    }
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, by_starttls, NX_SUCCESS);
}

#define X10 "xxxxxxxxxx"
#define MORE "220-" LINE
#define LINE "250 " X10 X10 X10 X10 X10 X10 "\r\n"

/* Octets between the answer and the handshake: with it, behind what we read at
 * once, and in a packet of their own. */
SECURE_TEST(injection)
{
    static const char *const same[] = {
        STARTTLS, ">220 go\r\n250 AUTH PLAIN\r\n", NULL
    };
    static const char *const many[] = {
        STARTTLS, ">220 go\r\n" LINE LINE LINE LINE, NULL
    };
    static const char *const behind[] = {
        STARTTLS, ">220-" LINE MORE MORE MORE MORE MORE
        "220 ends at the 512th octet, which ends our first read"
        X10 X10 X10 "xxxxxx\r\n" LINE, NULL
    };
    static const char *const later[] = {
        STARTTLS, ">220 go\r\n", ">" LINE, "*", NULL
    };

    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, same, NX_SMTP_TLS_REPLY_ERROR);
    CHECK(why() == DUVA_REASON_INJECTION);
    device_send(NX_SMTP_CLIENT_TLS_STARTTLS, many, NX_SMTP_TLS_REPLY_ERROR);
    CHECK(setup.calls == 0);
    CHECK_STATUS(0, nx_smtp_client_secure_set(
                        &client, NX_SMTP_CLIENT_TLS_STARTTLS, HOST,
                        device_setup));
    server_plan(behind);
    CHECK_STATUS(NX_SECURE_TLS_INVALID_PACKET,
                 nx_smtp_mail_send(&client, TO, 2, "Hi", BODY,
                                   sizeof(BODY) - 1));
    server_over();
    CHECK(setup.calls == 0);
    server_plan(later);
    CHECK(nx_smtp_mail_send(&client, TO, 2, "Hi", BODY, sizeof(BODY) - 1) != 0);
    server_over();
}

/* Port 465 that is not. */
SECURE_TEST(plain_port)
{
    static const char *const script[] = { ">220 hi\r\n", "*", NULL };

    device_send(NX_SMTP_CLIENT_TLS_IMPLICIT, script,
                NX_SECURE_TLS_UNKNOWN_TLS_VERSION);
    CHECK(why() == DUVA_REASON_HANDSHAKE);
}

/* The server goes once secured, in each place. */
SECURE_TEST(hang_up)
{
    const char *script[] = { BY_STARTTLS };
    const size_t steps = sizeof(script) / sizeof(script[0]) - 1;
    size_t i;

    server.lenient = 1;
    for (i = 6; i < steps - 4; i++) {
        const char *cut[sizeof(script) / sizeof(script[0])];
        UINT        status;

        if (script[i][0] != '>')
            continue;
        memcpy(cut, script, sizeof(cut));
        cut[i] = "|";
        cut[i + 1] = NULL;
        CHECK_STATUS(0, nx_smtp_client_secure_set(
                            &client, NX_SMTP_CLIENT_TLS_STARTTLS, HOST,
                            device_setup));
        server_plan(cut);
        status = nx_smtp_mail_send(&client, TO, 2, "Hi", BODY,
                                   sizeof(BODY) - 1);
        CHECK_STATUS(NX_NOT_CONNECTED, status);
        server_over();
        device_is_clean();
    }
}

/* ---- arguments ---- */

static void wrong(UINT mode, CHAR *name,
                  UINT (*tls_setup)(NX_SMTP_CLIENT *, NX_SECURE_TLS_SESSION *),
                  UINT want)
{
    CHECK_STATUS(want, nx_smtp_client_secure_set(&client, mode, name,
                                                 tls_setup));
    /* Nobody listens to it: nothing may be connected. */
    CHECK_STATUS(want, nx_smtp_mail_send(&client, TO, 2, "Hi", BODY,
                                         sizeof(BODY) - 1));
}

SECURE_TEST(arguments)
{
    static CHAR long_name[NX_SECURE_X509_DNS_NAME_MAX + 1];
    NX_SMTP_CLIENT *const nobody = NX_NULL;
    size_t i;

    for (i = 0; i < NX_SECURE_X509_DNS_NAME_MAX; i++)
        long_name[i] = i % 10 == 9 ? '.' : 'a';
    long_name[NX_SECURE_X509_DNS_NAME_MAX - 1] = 'a';
    close(server.listener);
    wrong(NX_SMTP_CLIENT_TLS_STARTTLS, NX_NULL, device_setup, NX_PTR_ERROR);
    wrong(NX_SMTP_CLIENT_TLS_IMPLICIT, HOST, NX_NULL, NX_PTR_ERROR);
    wrong(3, HOST, device_setup, NX_SMTP_INVALID_PARAM);
    wrong(NX_SMTP_CLIENT_TLS_STARTTLS, "", device_setup,
          NX_SMTP_INVALID_PARAM);
    wrong(NX_SMTP_CLIENT_TLS_STARTTLS, "a b", device_setup,
          NX_SMTP_INVALID_PARAM);
    wrong(NX_SMTP_CLIENT_TLS_STARTTLS, "[192.0.2.1]", device_setup,
          NX_SMTP_INVALID_PARAM);
    wrong(NX_SMTP_CLIENT_TLS_STARTTLS, long_name, device_setup,
          NX_SMTP_INVALID_PARAM);
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_secure_set(nobody, 0, HOST,
                                                         device_setup));
    CHECK(setup.calls == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_name),
        cmocka_unit_test(starttls_reset),
        cmocka_unit_test(unknown_authority),
        cmocka_unit_test(nobody_trusted),
        cmocka_unit_test(self_signed),
        cmocka_unit_test(expired),
        cmocka_unit_test(not_yet),
        cmocka_unit_test(application_refuses),
        cmocka_unit_test(unchecked),
        cmocka_unit_test(setup_fails),
        cmocka_unit_test(setup_fails_early),
        cmocka_unit_test(setup_forgets),
        cmocka_unit_test(no_starttls),
        cmocka_unit_test(starttls_refused),
        cmocka_unit_test(injection),
        cmocka_unit_test(plain_port),
        cmocka_unit_test(hang_up),
        cmocka_unit_test(arguments),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
