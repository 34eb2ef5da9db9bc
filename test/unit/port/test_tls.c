/* test_tls.c - which certificates a TLS adapter verifies, and which it refuses.
 * */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tls_client.h"

#include <sys/socket.h>
#include <unistd.h>

/* A server with such a certificate, and what comes of it for this host. */
static void try(struct wish w, const struct identity *issuer, const char *host,
                duva_reason reason)
{
    struct identity   self = make_identity(w, issuer);
    struct tls_server server = { .self = &self };

    trust_authority();
    begin();
    if (reason == DUVA_REASON_NONE)
        expect_good(&server, host);
    else
        expect_bad(&server, host, reason);
    adapter_free(&tls);
    server_forget(&server);
    forget_identity(&self);
}

/* ---- certificates ---- */

static void good_chain(void **state)
{
    struct tls_server server = { .self = &good };

    (void)state;
    trust_authority();
    begin();
    assert_int_equal(shake(&server, HOST), 1);
    assert_int_equal(info.verified, 1);
    assert_int_equal(info.resumed, 0);
    assert_string_equal(info.protocol, NEWEST_NAME);
    assert_non_null(strstr(info.cipher, CIPHER_PREFIX));
    talk(100000);
    hang_up(&server);
    assert_string_equal(server.sni, HOST);
    adapter_free(&tls);
    server_forget(&server);
}

/* What the server sent, for people to look at. */
static void shown_chain(void **state)
{
    struct tls_server server = { .self = &good };
    unsigned char *expected = NULL, der[4096];
    int len;

    (void)state;
    trust_authority();
    begin();
    assert_int_equal(adapter_chain(&tls, 0, der, sizeof(der)), 0);
    assert_int_equal(shake(&server, HOST), 1);
    len = i2d_X509(good.cert, &expected);
    assert_int_equal(adapter_chain(&tls, 0, der, sizeof(der)), len);
    assert_memory_equal(der, expected, (size_t)len);
    assert_int_equal(adapter_chain(&tls, 0, der, (size_t)len - 1),
                     DUVA_ERR_SPACE);
    assert_int_equal(adapter_chain(&tls, 9, der, sizeof(der)), 0);
    hang_up(&server);
    assert_int_equal(adapter_chain(&tls, 0, der, sizeof(der)), 0);
    OPENSSL_free(expected);
    adapter_free(&tls);
    server_forget(&server);
}

static void untrusted(void **state)
{
    const struct wish w = { .name = HOST, .alt = "DNS:" HOST };
    const struct wish below = { .name = "no authority's", .alt = "DNS:" HOST };

    (void)state;
    try(w, NULL, HOST, DUVA_REASON_CERT_SELF_SIGNED);
    try(w, &stranger, HOST, DUVA_REASON_CERT_UNTRUSTED);
    try(below, &good, HOST, DUVA_REASON_CERT_UNTRUSTED);
}

static void dates(void **state)
{
    const struct wish past = { .alt = "DNS:" HOST, .from = -9 * DAY,
                               .to = -DAY };
    const struct wish future = { .alt = "DNS:" HOST, .from = DAY,
                                 .to = 9 * DAY };

    (void)state;
    try(past, &authority, HOST, DUVA_REASON_CERT_EXPIRED);
    try(future, &authority, HOST, DUVA_REASON_CERT_NOT_YET);
}

static void names(void **state)
{
    static const struct {
        const char *name, *alt, *host;
        duva_reason reason;
    } cases[] = {
        { HOST, "DNS:other.example.org", HOST, DUVA_REASON_CERT_NAME },
        { HOST, NULL, HOST, DUVA_REASON_CERT_NO_NAME },
        { NULL, "DNS:MAIL.Example.ORG", HOST, DUVA_REASON_NONE },
        { NULL, "DNS:" HOST, HOST ".", DUVA_REASON_NONE },
        { NULL, "DNS:a.example,DNS:" HOST, HOST, DUVA_REASON_NONE },
        { NULL, "DNS:*.example.org", HOST, DUVA_REASON_NONE },
        { NULL, "DNS:*.example.org", "example.org", DUVA_REASON_CERT_NAME },
        { NULL, "DNS:*.example.org", "a.mail.example.org",
          DUVA_REASON_CERT_NAME },
        { NULL, "DNS:m*.example.org", HOST, DUVA_REASON_CERT_NAME },
        { NULL, "DNS:mail.*.org", HOST, DUVA_REASON_CERT_NAME },
        { NULL, "DNS:*.org", "example.org", DUVA_REASON_CERT_NAME },
        { NULL, "DNS:*", "localhost", DUVA_REASON_CERT_NAME },
        { NULL, "DNS:" HOST ".evil.example", HOST, DUVA_REASON_CERT_NAME },
        { NULL, "IP:192.0.2.7", "192.0.2.7", DUVA_REASON_NONE },
        { NULL, "IP:192.0.2.7", "192.0.2.8", DUVA_REASON_CERT_NAME },
        { NULL, "IP:2001:db8::7", "2001:db8:0:0::7", DUVA_REASON_NONE },
        { "192.0.2.7", "DNS:192.0.2.7", "192.0.2.7", DUVA_REASON_CERT_NAME },
        { NULL, "DNS:*.0.2.7", "192.0.2.7", DUVA_REASON_CERT_NAME }
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct wish w = { .name = cases[i].name, .alt = cases[i].alt };

        print_message("%s for %s\n", cases[i].alt, cases[i].host);
        try(w, &authority, cases[i].host, cases[i].reason);
    }
}

/* An address is no name to ask for (RFC 6066 3), nor is a name too long. */
static void odd_hosts(void **state)
{
    const struct wish w = { .alt = "IP:192.0.2.7" };
    struct identity   self = make_identity(w, &authority);
    struct tls_server server = { .self = &self };
    char              longest[300];

    (void)state;
    trust_authority();
    begin();
    expect_good(&server, "192.0.2.7");
    assert_string_equal(server.sni, "");
    memset(longest, 'a', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    expect_bad(&server, longest, DUVA_REASON_HANDSHAKE);
    expect_bad(&server, "", DUVA_REASON_HANDSHAKE);
    expect_bad(&server, ".", DUVA_REASON_HANDSHAKE);
    expect_bad(&server, NULL, DUVA_REASON_HANDSHAKE);
    expect_good(&server, "192.0.2.7");
    adapter_free(&tls);
    server_forget(&server);
    forget_identity(&self);
}

/* ---- handshakes ---- */

static void versions(void **state)
{
    struct tls_server old = { .self = &good, .max_version = TLS1_1_VERSION };
    struct tls_server fair = { .self = &good, .max_version = TLS1_2_VERSION };

    (void)state;
    trust_authority();
    begin();
    expect_bad(&old, HOST, DUVA_REASON_TLS_VERSION);
    expect_good(&fair, HOST);
    assert_string_equal(info.protocol, "TLSv1.2");
    adapter_free(&tls);
    server_forget(&old);
    server_forget(&fair);
}

static void no_tls_there(void **state)
{
    struct tls_server clear = { .behaviour = PLAINTEXT };
    struct tls_server alert = { .behaviour = ALERT };
    struct tls_server gone = { .behaviour = HANG_UP };
    char              words[80];

    (void)state;
    trust_authority();
    begin();
    expect_bad(&clear, HOST, DUVA_REASON_NO_TLS);
    assert_string_equal(adapter_text(tls.tls.link.cause, words, sizeof(words)),
                        WORDS_OF_NO_TLS);
    assert_string_equal(adapter_text(tls.tls.link.cause, NULL, 9), "");
    assert_string_equal(adapter_text(tls.tls.link.cause, words, 0), "");
    assert_int_equal(strlen(adapter_text(tls.tls.link.cause, words, 4)), 3);
    expect_bad(&alert, HOST, DUVA_REASON_TLS_CIPHER);
    assert_int_equal(shake(&gone, HOST), DUVA_ERR_CLOSED);
    hang_up(&gone);
    adapter_free(&tls);
    server_forget(&clear);
    server_forget(&alert);
    server_forget(&gone);
}

/* What closes a connection in the middle of a handshake frees it.  The peer is
 * one that never answers. */
static void left_unfinished(void **state)
{
    struct tls_server server = { .self = &good };
    int               pair[2];

    (void)state;
    trust_authority();
    begin();
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    adopt(pair[0]);
    assert_int_equal(tls.tls.handshake(&tls.tls, &wire.link, HOST, &info), 0);
    assert_ptr_equal(tls.tls.under, &wire.link);
    tls.tls.link.ops->close(&tls.tls.link);
    assert_null(tls.tls.under);
    close(pair[1]);
    expect_good(&server, HOST);
    adapter_free(&tls);
    server_forget(&server);
}

/* ---- pins ---- */

static void pins(void **state)
{
    duva_pin          pin[2];
    struct tls_server server = { .self = &good };

    (void)state;
    trust_authority();
    config.pin = pin;
    config.pin_count = 2;
    memset(pin, 0, sizeof(pin));
    begin();
    expect_bad(&server, HOST, DUVA_REASON_CERT_PIN);
    /* nor with a session that the server gave meanwhile */
    expect_bad(&server, HOST, DUVA_REASON_CERT_PIN);
    pin_of(&good, pin[1].sha256);
    expect_good(&server, HOST);
    expect_good(&server, HOST);
    assert_int_equal(info.resumed, 1);
    adapter_free(&tls);

    pin_of(&authority, pin[1].sha256);
    begin();
    expect_good(&server, HOST);
    adapter_free(&tls);
    server_forget(&server);
}

/* With TLS 1.2 the session comes before the pins are looked at. */
static void pins_and_early_sessions(void **state)
{
    duva_pin          pin;
    struct tls_server server = { .self = &good,
                                 .max_version = TLS1_2_VERSION };

    (void)state;
    trust_authority();
    memset(&pin, 0, sizeof(pin));
    config.pin = &pin;
    config.pin_count = 1;
    begin();
    expect_bad(&server, HOST, DUVA_REASON_CERT_PIN);
    expect_bad(&server, HOST, DUVA_REASON_CERT_PIN);
    adapter_free(&tls);
    server_forget(&server);
}

/* Without a verified chain only the server's own key is proved. */
static void pins_without_trust(void **state)
{
    duva_pin          pin;
    struct tls_server server = { .self = &good };

    (void)state;
    trust_authority();
    config.dangerously_trust_everyone = 1;
    config.pin = &pin;
    config.pin_count = 1;
    pin_of(&authority, pin.sha256);
    begin();
    expect_bad(&server, HOST, DUVA_REASON_CERT_PIN);
    pin_of(&good, pin.sha256);
    expect_good(&server, HOST);
    assert_int_equal(info.verified, 0);
    adapter_free(&tls);
    server_forget(&server);
}

static void everyone_trusted(void **state)
{
    const struct wish w = { .alt = "DNS:other.example", .from = -9 * DAY,
                            .to = -DAY };
    struct identity   self = make_identity(w, NULL);
    struct tls_server server = { .self = &self };

    (void)state;
    memset(&config, 0, sizeof(config));
    config.dangerously_trust_everyone = 1;
    begin();
    expect_good(&server, HOST);
    assert_int_equal(info.verified, 0);
    expect_good(&server, HOST);
    assert_int_equal(info.resumed, 1);
    assert_int_equal(info.verified, 0);
    adapter_free(&tls);
    server_forget(&server);
    forget_identity(&self);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_chain),
        cmocka_unit_test(shown_chain),
        cmocka_unit_test(untrusted),
        cmocka_unit_test(dates),
        cmocka_unit_test(names),
        cmocka_unit_test(odd_hosts),
        cmocka_unit_test(versions),
        cmocka_unit_test(no_tls_there),
        cmocka_unit_test(left_unfinished),
        cmocka_unit_test(pins),
        cmocka_unit_test(pins_and_early_sessions),
        cmocka_unit_test(pins_without_trust),
        cmocka_unit_test(everyone_trusted),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
