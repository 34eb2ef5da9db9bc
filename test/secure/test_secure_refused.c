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

/* ---- certificates (RFC 5280, RFC 9525) ---- */

#define LABEL "a23456789-a23456789-a23456789-a23456789-a23456789-a23456789-a"
#define LONG LABEL "." LABEL "." LABEL ".example"
#define AUTHORITY .name = "Middle", .is_ca = 1

static CHAR *host = HOST;      /* the server that is wanted */

/* A mail to the server, whose certificate is good or is refused so. */
static void expect(UINT want, duva_reason reason)
{
    server.lenient = want != NX_SUCCESS;
    CHECK_STATUS(0, nx_smtp_client_secure_set(
                        &client, NX_SMTP_CLIENT_TLS_IMPLICIT, host,
                        device_setup));
    server_plan(by_implicit);
    CHECK_STATUS(want, nx_smtp_mail_send(&client, TO, 2, "Hi", BODY,
                                         sizeof(BODY) - 1));
    server_over();
    CHECK(server.failed == server.lenient);
    CHECK(why() == reason);
    device_is_clean();
}

/* With the dates of other certificates, and the name of the host. */
static struct wish dated(struct wish w)
{
    const struct wish usual = wish(NULL, NULL, -1, 1, 0);

    w.from = usual.from;
    w.to = usual.to;
    if (w.name == NULL && w.alt == NULL)
        w.alt = "DNS:" HOST;
    return w;
}

static void trust(struct wish root)
{
    forget_identity(&server.issuer);
    root.name = "Authority";
    server.issuer = make_identity(dated(root), NULL);
}

static void by_authority(struct wish leaf, UINT want, duva_reason reason)
{
    server_identify(dated(leaf), &server.issuer);
    expect(want, reason);
}

/* The server has its certificate from another that it sends too. */
static void by_middle(struct wish middle, struct wish leaf, UINT want,
                      duva_reason reason)
{
    struct identity by = make_identity(dated(middle), &server.issuer);

    server_identify(dated(leaf), &by);
    CHECK(SSL_CTX_add1_chain_cert(server.context, by.cert) == 1);
    forget_identity(&by);
    expect(want, reason);
}

static void by_lower(struct wish middle, UINT want, duva_reason reason)
{
    const struct wish low = { .name = "Lower", .is_ca = 1 }, leaf = { 0 };
    struct identity   by = make_identity(dated(middle), &server.issuer);
    struct identity   lower = make_identity(dated(low), &by);

    server_identify(dated(leaf), &lower);
    CHECK(SSL_CTX_add1_chain_cert(server.context, lower.cert) == 1);
    CHECK(SSL_CTX_add1_chain_cert(server.context, by.cert) == 1);
    forget_identity(&lower);
    forget_identity(&by);
    expect(want, reason);
}

SECURE_TEST(issuers)
{
    static const struct {
        struct wish middle;
        UINT        want;
        duva_reason reason;
    } each[] = {
        { { AUTHORITY }, 0, 0 },
        { { .name = "Middle", .alt = "DNS:other.example" },
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_ISSUER },
        { { AUTHORITY, .is_unlimited = 1 },
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_ISSUER },
        { { AUTHORITY, .limits = "DER:3003010100" }, /* FALSE, in full */
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_ISSUER },
        { { AUTHORITY, .limits = "DER:30040101FF" }, /* an octet is missing */
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_ISSUER },
        { { AUTHORITY, .limits = "DER:30" },
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_ISSUER },
        { { AUTHORITY, .limits = "DER:3080" },
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_ISSUER },
        { { AUTHORITY, .is_v1 = 1 },
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_ISSUER },
        { { AUTHORITY, .usage = "critical,cRLSign" },
          NX_SECURE_X509_KEY_USAGE_ERROR, DUVA_REASON_CERT_PURPOSE },
        { { AUTHORITY, .usage = "critical,keyAgreement,decipherOnly" },
          NX_SECURE_X509_KEY_USAGE_ERROR, DUVA_REASON_CERT_PURPOSE },
        { { AUTHORITY, .usage = "critical,keyCertSign,cRLSign" }, 0, 0 },
        { { AUTHORITY, .usage = "keyAgreement,decipherOnly,keyCertSign" },
          0, 0 },
        { { AUTHORITY, .purpose = "emailProtection" },
          NX_SECURE_X509_KEY_USAGE_ERROR, DUVA_REASON_CERT_PURPOSE },
        { { AUTHORITY, .purpose = "clientAuth,serverAuth" }, 0, 0 },
        { { AUTHORITY, .constraints = "critical,permitted;DNS:example.net" },
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_CONSTRAINT },
        { { AUTHORITY, .constraints = "excluded;DNS:example.org" },
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_CONSTRAINT },
        { { AUTHORITY, .policies = "critical,1.2.3.4" }, 0, 0 },
        { { AUTHORITY, .odd = 1 },
          NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_EXTENSION },
    };
    const struct wish leaf = { 0 };
    size_t i;

    for (i = 0; i < sizeof(each) / sizeof(each[0]); i++)
        by_middle(each[i].middle, leaf, each[i].want, each[i].reason);
    by_middle((struct wish){ .name = "Middle", .alt = "DNS:" HOST }, leaf,
              NX_SECURE_X509_CHAIN_VERIFY_FAILURE, DUVA_REASON_CERT_ISSUER);
    refuse(NX_SECURE_X509_CHAIN_VERIFY_FAILURE);
}

SECURE_TEST(path_length)
{
    const struct wish any = { AUTHORITY }, leaf = { 0 };
    const struct wish none = { AUTHORITY, .limits = "CA:TRUE,pathlen:0" };
    const struct wish one = { AUTHORITY, .limits = "CA:TRUE,pathlen:1" };
    const struct wish many = { AUTHORITY, .limits = "CA:TRUE,pathlen:200" };

    by_middle(none, leaf, 0, 0);
    by_lower(any, 0, 0);
    by_lower(one, 0, 0);
    by_lower(many, 0, 0);
    by_lower(none, NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
             DUVA_REASON_CERT_PATH);
    trust(none);
    by_authority(leaf, 0, 0);
    by_middle(any, leaf, NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
              DUVA_REASON_CERT_PATH);
}

/* A trust anchor of version 1 has no extensions; others have to be right. */
SECURE_TEST(trust_anchors)
{
    const struct wish leaf = { 0 }, middle = { AUTHORITY };

    trust((struct wish){ .is_v1 = 1 });
    by_authority(leaf, 0, 0);
    by_middle(middle, leaf, 0, 0);
    trust((struct wish){ .is_unlimited = 1 });
    by_authority(leaf, NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
                 DUVA_REASON_CERT_ISSUER);
    trust((struct wish){ .is_ca = 0 });
    by_authority(leaf, NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
                 DUVA_REASON_CERT_ISSUER);
}

SECURE_TEST(purposes)
{
    by_authority((struct wish){ .purpose = "clientAuth" },
                 NX_SECURE_X509_KEY_USAGE_ERROR, DUVA_REASON_CERT_PURPOSE);
    by_authority((struct wish){ .purpose = "critical,serverAuth" }, 0, 0);
    by_authority((struct wish){ .purpose = "clientAuth,serverAuth" }, 0, 0);
    by_authority((struct wish){ .purpose = "anyExtendedKeyUsage" }, 0, 0);
    by_authority((struct wish){ .usage = "critical,digitalSignature" }, 0, 0);
    by_authority((struct wish){ .policies = "1.2.3.4" }, 0, 0);
    by_authority((struct wish){ .is_unlimited = 1 }, 0, 0);
    by_authority((struct wish){ .odd = 1 },
                 NX_SECURE_X509_CHAIN_VERIFY_FAILURE,
                 DUVA_REASON_CERT_EXTENSION);
}

SECURE_TEST(names)
{
    static const struct wish good[] = {
        { .alt = "DNS:MAIL.EXAMPLE.NET" }, { .alt = "DNS:*.Example.net" },
        { .alt = "DNS:a.example,DNS:" HOST }, { .name = HOST },
        { .alt = "DNS:" LONG ",DNS:b" LONG ",DNS:c" LONG ",DNS:d" LONG
                 ",DNS:" HOST },
        { .name = "MAIL.example.NET" }, { .name = "*.example.net" },
        { .name = HOST, .alt = "email:ada@example.net" },
        { .name = HOST, .is_v1 = 1 },
    };
    static const struct wish bad[] = {
        { .name = HOST, .alt = "DNS:other.example" },
        { .name = HOST, .alt = "email:ada@example.net,DNS:other.example" },
        { .alt = "DNS:*" }, { .alt = "DNS:*.net" }, { .alt = "DNS:*." },
        { .alt = "DNS:m*.example.net" }, { .alt = "DNS:mail.*.net" },
        { .alt = "DNS:*.mail.example.net" }, { .alt = "DNS:example.net" },
        { .alt = "DNS:" HOST ".evil.example" }, { .alt = "DNS:x" HOST },
        { .alt = "DNS:.example.net" }, { .alt = "email:" HOST },
        { .name = "mail.example.ne" },
    };
    const struct wish top = { .alt = "DNS:*.net" };
    const struct wish deep = { .alt = "DNS:*.example.net" };
    size_t i;

    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        by_authority(good[i], 0, 0);
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        by_authority(bad[i], NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH,
                     DUVA_REASON_CERT_NAME);
    host = "example.net";
    by_authority(top, NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH,
                 DUVA_REASON_CERT_NAME);
    host = "a.mail.example.net";
    by_authority(deep, NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH,
                 DUVA_REASON_CERT_NAME);
    host = "MAIL.Example.net.";
    by_authority(deep, 0, 0);
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
        cmocka_unit_test(issuers),
        cmocka_unit_test(path_length),
        cmocka_unit_test(trust_anchors),
        cmocka_unit_test(purposes),
        cmocka_unit_test(names),
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
