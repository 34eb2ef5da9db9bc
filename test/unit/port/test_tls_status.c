/* test_tls_status.c - stapled OCSP responses. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "tls_client.h"

#include <openssl/ocsp.h>

static struct identity own;    /* the server's */

/* Who answers about whom, and what. */
struct answer {
    const char *name;
    const struct identity *about;  /* whom; NULL: the server */
    const struct identity *issuer; /* of that */
    const struct identity *signer;
    int         status;        /* V_OCSP_CERTSTATUS_* */
    long        from, to;      /* seconds from now; to 0: not said */
    const char *hash;          /* of the names; NULL: SHA1 */
    int         failure;       /* OCSP_RESPONSE_STATUS_*; 0: none */
    duva_reason reason;
};

static void fill(OCSP_BASICRESP *basic, const struct answer *a)
{
    ASN1_TIME *from = X509_gmtime_adj(NULL, a->from);
    ASN1_TIME *to = a->to != 0 ? X509_gmtime_adj(NULL, a->to) : NULL;
    const struct identity *about = a->about != NULL ? a->about : &own;
    OCSP_CERTID *id = OCSP_cert_to_id(
        EVP_get_digestbyname(a->hash != NULL ? a->hash : "SHA1"), about->cert,
        a->issuer->cert);

    assert_non_null(OCSP_basic_add1_status(basic, id, a->status,
                                           OCSP_REVOKED_STATUS_KEYCOMPROMISE,
                                           from, from, to));
    OCSP_CERTID_free(id);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
}

/* In DER; OPENSSL_free() it. */
static unsigned char *encode(const struct answer *a, size_t *len)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_RESPONSE  *response;
    unsigned char  *der = NULL;

    fill(basic, a);
    OCSP_basic_sign(basic, a->signer->cert, a->signer->key, EVP_sha256(), NULL,
                    0);
    response = OCSP_response_create(a->failure,
                                    a->failure != 0 ? NULL : basic);
    *len = (size_t)i2d_OCSP_RESPONSE(response, &der);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    return der;
}

static void expect(struct tls_server *server, duva_reason reason)
{
    if (reason == DUVA_REASON_NONE)
        expect_good(server, HOST);
    else
        expect_bad(server, HOST, reason);
}

static void try(const struct answer *a)
{
    size_t         len;
    unsigned char *der = encode(a, &len);
    int            version;

    print_message("%s\n", a->name);
    for (version = TLS1_2_VERSION; version <= NEWEST; version++) {
        struct tls_server server = { .self = &own, .max_version = version,
                                     .staple = der, .staple_len = len };

        trust_authority();
        begin();
        expect(&server, a->reason);
        expect(&server, a->reason); /* nor with a session of before */
        adapter_free(&tls);
        server_forget(&server);
    }
    OPENSSL_free(der);
}

static void answers(void **state)
{
    const struct wish for_it = { .name = "for answers",
                                 .purpose = "OCSPSigning" };
    const struct wish for_else = { .name = "for else" };
    struct identity   named = make_identity(for_it, &authority);
    struct identity   unnamed = make_identity(for_else, &authority);
    struct identity   foreign = make_identity(for_it, &stranger);
    const struct answer cases[] = {
        { "good", NULL, &authority, &authority, V_OCSP_CERTSTATUS_GOOD, -60,
          DAY, NULL, 0, DUVA_REASON_NONE },
        { "names by SHA-256", NULL, &authority, &authority,
          V_OCSP_CERTSTATUS_GOOD, -60, DAY, "SHA256", 0, DUVA_REASON_NONE },
        { "by one whom the authority named", NULL, &authority, &named,
          V_OCSP_CERTSTATUS_GOOD, -60, DAY, NULL, 0, DUVA_REASON_NONE },
        { "of now, without an end", NULL, &authority, &authority,
          V_OCSP_CERTSTATUS_GOOD, -60, 0, NULL, 0, DUVA_REASON_NONE },
        { "old, without an end", NULL, &authority, &authority,
          V_OCSP_CERTSTATUS_GOOD, -3 * DAY, 0, NULL, 0,
          DUVA_REASON_CERT_STATUS },
        { "revoked", NULL, &authority, &authority, V_OCSP_CERTSTATUS_REVOKED,
          -60, DAY, NULL, 0, DUVA_REASON_CERT_REVOKED },
        { "revoked, as was known", NULL, &authority, &authority,
          V_OCSP_CERTSTATUS_REVOKED, -9 * DAY, -DAY, NULL, 0,
          DUVA_REASON_CERT_REVOKED },
        { "unknown", NULL, &authority, &authority, V_OCSP_CERTSTATUS_UNKNOWN,
          -60, DAY, NULL, 0, DUVA_REASON_CERT_STATUS },
        { "expired", NULL, &authority, &authority, V_OCSP_CERTSTATUS_GOOD,
          -9 * DAY, -DAY, NULL, 0, DUVA_REASON_CERT_STATUS },
        { "of the future", NULL, &authority, &authority,
          V_OCSP_CERTSTATUS_GOOD, DAY, 9 * DAY, NULL, 0,
          DUVA_REASON_CERT_STATUS },
        { "about another", &good, &authority, &authority,
          V_OCSP_CERTSTATUS_GOOD, -60, DAY, NULL, 0, DUVA_REASON_CERT_STATUS },
        { "by the server itself", NULL, &authority, &own,
          V_OCSP_CERTSTATUS_GOOD, -60, DAY, NULL, 0, DUVA_REASON_CERT_STATUS },
        { "by one who is not named for it", NULL, &authority, &unnamed,
          V_OCSP_CERTSTATUS_GOOD, -60, DAY, NULL, 0, DUVA_REASON_CERT_STATUS },
        { "by a stranger", NULL, &stranger, &stranger, V_OCSP_CERTSTATUS_GOOD,
          -60, DAY, NULL, 0, DUVA_REASON_CERT_STATUS },
        { "revoked by a stranger", NULL, &authority, &foreign,
          V_OCSP_CERTSTATUS_REVOKED, -60, DAY, NULL, 0,
          DUVA_REASON_CERT_STATUS },
        { "no answer now", NULL, &authority, &authority,
          V_OCSP_CERTSTATUS_GOOD, -60, DAY, NULL,
          OCSP_RESPONSE_STATUS_TRYLATER, DUVA_REASON_CERT_STATUS }
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        try(&cases[i]);
    forget_identity(&named);
    forget_identity(&unnamed);
    forget_identity(&foreign);
}

static void no_answer_at_all(void **state)
{
    static const unsigned char noise[] = "\x30\x03\x0a\x01";
    struct tls_server server = { .self = &own, .staple = noise,
                                 .staple_len = sizeof(noise) - 1 };

    (void)state;
    trust_authority();
    begin();
    expect_bad(&server, HOST, DUVA_REASON_CERT_STATUS);
    server.staple = NULL;
    expect_good(&server, HOST);
    adapter_free(&tls);
    server_forget(&server);
}

/* A certificate that promises an answer is nothing without. */
static void promised(void **state)
{
    const struct wish w = { .alt = "DNS:" HOST, .feature = "status_request" };
    const struct wish other = { .alt = "DNS:" HOST, .feature = "20" };
    struct identity   self = make_identity(w, &authority);
    struct identity   else_ = make_identity(other, &authority);
    struct tls_server server = { .self = &self };
    struct tls_server elsewhere = { .self = &else_ };
    unsigned char *der = good_answer(&self, &authority, &server.staple_len);

    (void)state;
    trust_authority();
    begin();
    expect_bad(&server, HOST, DUVA_REASON_CERT_STATUS);
    server.staple = der;
    expect_good(&server, HOST);
    server.staple = NULL;      /* it was good when the session began */
    expect_good(&server, HOST);
    assert_int_equal(info.resumed, 1);
    adapter_free(&tls);
    begin();
    expect_good(&elsewhere, HOST);
    adapter_free(&tls);
    config.ca.len = 0;
    config.ca.data = NULL;
    config.dangerously_trust_everyone = 1;
    begin();
    expect_good(&server, HOST);
    adapter_free(&tls);
    OPENSSL_free(der);
    server_forget(&server);
    server_forget(&elsewhere);
    forget_identity(&self);
    forget_identity(&else_);
}

static int set_up_status(void **state)
{
    const struct wish w = { .alt = "DNS:" HOST };
    const int n = set_up(state);

    own = make_identity(w, &authority);
    return n;
}

static int tear_down_status(void **state)
{
    forget_identity(&own);
    return tear_down(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(no_answer_at_all),
        cmocka_unit_test(promised)
    };

    return cmocka_run_group_tests(tests, set_up_status, tear_down_status);
}
