/* test_tls_reason.c - each cause of a TLS failure has its reason. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tls_client.h"

/* ---- certificates ---- */

struct flaw {
    const char *name;
    struct wish top, below, own; /* those of top and below may be unnamed */
    duva_reason reason;
};

/* The authority signs top, that below, and that the server's own; what has no
 * name is not there. */
static void try(const struct flaw *flaw)
{
    const struct wish     *wish[] = { &flaw->top, &flaw->below };
    const struct identity *issuer = &authority;
    struct identity        between[2], self;
    struct tls_server      server = { .self = &self };
    size_t                 i, n = 0;

    print_message("%s\n", flaw->name);
    for (i = 0; i < 2; i++)
        if (wish[i]->name != NULL) {
            between[n] = make_identity(*wish[i], issuer);
            issuer = &between[n++];
        }
    for (i = 0; i < n; i++)
        server.between[i] = &between[n - 1 - i];
    self = make_identity(flaw->own, issuer);
    trust_authority();
    begin();
    if (flaw->reason == DUVA_REASON_NONE)
        expect_good(&server, HOST);
    else
        expect_bad(&server, HOST, flaw->reason);
    adapter_free(&tls);
    server_forget(&server);
    forget_identity(&self);
    for (i = 0; i < n; i++)
        forget_identity(&between[i]);
}

#define ALT .alt = "DNS:" HOST

static void chains(void **state)
{
    static const struct flaw flaws[] = {
        { "good", { .name = "top", .is_ca = 1 },
          { .name = "below", .is_ca = 1 }, { ALT }, DUVA_REASON_NONE },
        { "own key", { 0 }, { 0 }, { ALT, .bits = 1024 },
          DUVA_REASON_CERT_KEY },
        { "key of an authority", { .name = "top", .is_ca = 1, .bits = 1024 },
          { 0 }, { ALT }, DUVA_REASON_CERT_KEY },
        { "SHA-1", { 0 }, { 0 }, { ALT, .hash = "SHA1" },
          DUVA_REASON_CERT_SIGNATURE },
        { "MD5", { .name = "top", .is_ca = 1, .bits = 2048 }, { 0 },
          { ALT, .hash = "MD5" }, DUVA_REASON_CERT_SIGNATURE },
        { "SHA-1 above", { .name = "top", .is_ca = 1, .hash = "SHA1" }, { 0 },
          { ALT }, DUVA_REASON_CERT_SIGNATURE },
        { "for servers", { 0 }, { 0 },
          { ALT, .purpose = "clientAuth,serverAuth" }, DUVA_REASON_NONE },
        { "for clients", { 0 }, { 0 }, { ALT, .purpose = "clientAuth" },
          DUVA_REASON_CERT_PURPOSE },
        { "an authority for clients",
          { .name = "top", .is_ca = 1, .purpose = "clientAuth" }, { 0 },
          { ALT }, DUVA_REASON_CERT_PURPOSE },
        { "odd", { 0 }, { 0 }, { ALT, .odd = 1 },
          DUVA_REASON_CERT_EXTENSION },
        { "odd authority", { .name = "top", .is_ca = 1, .odd = 1 }, { 0 },
          { ALT }, DUVA_REASON_CERT_EXTENSION },
        { "constrained", { .name = "top", .is_ca = 1, .constraints =
                           "critical,permitted;DNS:example.net" }, { 0 },
          { ALT }, CONSTRAINED },
        { "excluded", { .name = "top", .is_ca = 1, .constraints =
                        "critical,excluded;DNS:example.org" }, { 0 },
          { ALT }, CONSTRAINED },
        { "path", { .name = "top", .limits = "critical,CA:TRUE,pathlen:0" },
          { .name = "below", .is_ca = 1 }, { ALT }, DUVA_REASON_CERT_PATH },
        { "path just so",
          { .name = "top", .limits = "critical,CA:TRUE,pathlen:1" },
          { .name = "below", .is_ca = 1 }, { ALT }, DUVA_REASON_NONE },
        { "no authority", { .name = "top" }, { 0 }, { ALT },
          DUVA_REASON_CERT_ISSUER },
        { "no authority below", { .name = "top", .is_ca = 1 },
          { .name = "below" }, { ALT }, DUVA_REASON_CERT_ISSUER }
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(flaws) / sizeof(flaws[0]); i++)
        try(&flaws[i]);
}

/* A handshake that failed leaves what people may look at. */
static void refused_certificate(void **state)
{
    const struct wish w = { .alt = "DNS:other.example.org" };
    struct identity   self = make_identity(w, &authority);
    struct tls_server server = { .self = &self };
    unsigned char    *expected = NULL, der[4096];
    const int         len = i2d_X509(self.cert, &expected);

    (void)state;
    trust_authority();
    begin();
    assert_int_equal(shake(&server, HOST), DUVA_ERR_TLS);
    assert_int_equal(tls.tls.reason, DUVA_REASON_CERT_NAME);
    assert_int_equal(adapter_chain(&tls, 0, der, sizeof(der)), len);
    assert_memory_equal(der, expected, (size_t)len);
    assert_int_equal(adapter_chain(&tls, 0, der, (size_t)len - 1),
                     DUVA_ERR_SPACE);
    assert_int_equal(adapter_chain(&tls, 1, der, sizeof(der)), 0);
    hang_up(&server);
    assert_int_equal(adapter_chain(&tls, 0, der, sizeof(der)), 0);
    OPENSSL_free(expected);
    adapter_free(&tls);
    server_forget(&server);
    forget_identity(&self);
}

/* ---- handshakes ---- */

/* Ciphers that use the key of the certificate are not offered, others are. */
static void ciphers(void **state)
{
    static const struct {
        const char *name;
        duva_reason reason;
    } cases[] = {
        { "AES256-GCM-SHA384:AES128-SHA", DUVA_REASON_TLS_CIPHER },
        { "ECDHE-RSA-CHACHA20-POLY1305", DUVA_REASON_NONE },
        { "ECDHE-RSA-AES128-GCM-SHA256", DUVA_REASON_NONE },
        { "ECDHE-RSA-AES256-SHA", DUVA_REASON_NONE },
        { "ECDHE-RSA-NULL-SHA", DUVA_REASON_TLS_CIPHER }
    };
    const struct wish w = { ALT, .bits = 2048 };
    struct identity   self = make_identity(w, &authority);
    size_t            i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct tls_server server = { .self = &self, .ciphers = cases[i].name,
                                     .max_version = TLS1_2_VERSION };

        print_message("%s\n", cases[i].name);
        trust_authority();
        begin();
        if (cases[i].reason == DUVA_REASON_NONE)
            expect_good(&server, HOST);
        else
            expect_bad(&server, HOST, cases[i].reason);
        adapter_free(&tls);
        server_forget(&server);
    }
    forget_identity(&self);
}

static void renegotiation(void **state)
{
    struct tls_server server = { .self = &good, .behaviour = RENEGOTIATE,
                                 .max_version = TLS1_2_VERSION };
    char buf[8];

    (void)state;
    trust_authority();
    begin();
    assert_int_equal(shake(&server, HOST), 1);
    assert_int_equal(read_some(buf, sizeof(buf)), DUVA_ERR_TLS);
    assert_int_equal(tls.tls.reason, DUVA_REASON_RENEGOTIATION);
    hang_up(&server);
    adapter_free(&tls);
    server_forget(&server);
}

static void one_after_the_other(void **state)
{
    struct tls_server old = { .self = &good, .max_version = TLS1_VERSION };

    (void)state;
    trust_authority();
    begin();
    expect_bad(&old, HOST, DUVA_REASON_TLS_VERSION);
    old.behaviour = PLAINTEXT;
    expect_bad(&old, HOST, DUVA_REASON_NO_TLS);
    old.behaviour = ALERT;
    expect_bad(&old, HOST, DUVA_REASON_TLS_CIPHER);
    adapter_free(&tls);
    server_forget(&old);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains),
        cmocka_unit_test(refused_certificate),
        cmocka_unit_test(ciphers),
        cmocka_unit_test(renegotiation),
        cmocka_unit_test(one_after_the_other)
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
