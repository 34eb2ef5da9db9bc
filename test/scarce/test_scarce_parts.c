/* test_scarce_parts.c - signing and preparing text, with little memory. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE
#include "duva/client.h"
#include "duva/dkim.h"
#include "duva/dkim_openssl.h"
#include "duva/idn.h"
#include "duva/openssl.h"
#include "duva/saslprep.h"

#include "../unit/support/cmocka_all.h"
#include "../unit/support/tls_authority.h"
#include "scarce.h"

static void nothing(void)
{
}

/* ---- DKIM ---- */

static char   key[4096];
static size_t key_len;
static int    signed_as, opened_as;
static char   message[4096];

static void make_key(EVP_PKEY *pkey)
{
    BIO *bio = BIO_new(BIO_s_mem());

    PEM_write_bio_PrivateKey(bio, pkey, NULL, NULL, 0, NULL, NULL);
    key_len = (size_t)BIO_read(bio, key, sizeof(key));
    BIO_free(bio);
    EVP_PKEY_free(pkey);
}

static void sign(void)
{
    static const char text[] = "From: ada@example.org\r\n\r\na line\r\n";
    duva_memory       source = { .data = text, .len = sizeof(text) - 1 };
    duva_dkim_openssl s;
    duva_dkim         d;
    size_t            len = 0;
    int               n;

    memset(&s, 0, sizeof(s));
    memset(&d, 0, sizeof(d));
    signed_as = DUVA_OK;
    opened_as = duva_dkim_openssl_open(&s, key, key_len);
    if (opened_as != DUVA_OK)
        return;
    d.source = duva_memory_read;
    d.source_ctx = &source;
    d.signer = &s.signer;
    d.domain = "example.org";
    d.selector = "s";
    while ((n = duva_dkim_read(&d, message + len, sizeof(message) - len)) > 0)
        len += (size_t)n;
    signed_as = n;
    message[len] = '\0';
    duva_dkim_openssl_close(&s);
}

static void check_signed(void)
{
    if (opened_as != DUVA_OK)
        assert_int_equal(opened_as, DUVA_ERR_RESOURCES);
    else if (signed_as != DUVA_OK)
        assert_int_equal(signed_as, DUVA_ERR_RESOURCES);
    else
        assert_memory_equal(message, "DKIM-Signature:", 15);
}

static void dkim(void **state)
{
    (void)state;
    make_key(EVP_RSA_gen(2048));
    scarce_memory("rsa", nothing, sign, check_signed);
    make_key(EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));
    scarce_memory("ed25519", nothing, sign, check_signed);
}

/* ---- names and passwords ---- */

static duva_reason reason;
static int         prepared;
static char        name[DUVA_IDN_SIZE], password[64];

static void prepare_text(void)
{
    reason = duva_idn_address("ada@b\xC3\xBC""cher.example", name);
    prepared = duva_saslprep("\xC2\xAA\xE2\x85\xA8", password,
                             sizeof(password));
}

static void check_text(void)
{
    if (reason == DUVA_REASON_NONE)
        assert_string_equal(name, "ada@xn--bcher-kva.example");
    else
        assert_int_equal(reason, DUVA_REASON_MEMORY);
    if (prepared == DUVA_OK)
        assert_string_equal(password, "aIX");
    else
        assert_int_equal(prepared, DUVA_ERR_RESOURCES);
}

static void text(void **state)
{
    (void)state;
    scarce_memory("text", nothing, prepare_text, check_text);
}

/* ---- digests ---- */

static int     digested[4];
static uint8_t digest[DUVA_DIGEST_MAX];

static void compute(void)
{
    const duva_crypto *c = &duva_crypto_openssl;
    const duva_span    octets = { "abc", 3 };

    digested[0] = c->hash(DUVA_SHA256, &octets, 1, digest);
    digested[1] = c->hmac(DUVA_SHA512, &octets, &octets, 1, digest);
    digested[2] = c->pbkdf2(DUVA_SHA1, &octets, &octets, 10, digest);
    digested[3] = c->random(digest, sizeof(digest));
}

static void check_digests(void)
{
    static const int good[] = { 32, 64, 20, DUVA_OK };
    unsigned i;

    for (i = 0; i < 4; i++)
        if (digested[i] != good[i])
            assert_int_equal(digested[i], DUVA_ERR_RESOURCES);
}

static void crypto(void **state)
{
    (void)state;
    scarce_memory("digests", nothing, compute, check_digests);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dkim),
        cmocka_unit_test(text),
        cmocka_unit_test(crypto),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
