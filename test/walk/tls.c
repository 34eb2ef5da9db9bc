/* tls.c - walks openssl.h, mbedtls.h and dkim_openssl.h. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "duva/dkim_openssl.h"
#include "duva/mbedtls.h"
#include "duva/openssl.h"

static const duva_tls_config nobody = { .dangerously_trust_everyone = 1 };

static int start_mbedtls(duva_mbedtls *t, const duva_tls_config *config)
{
    return duva_mbedtls_init(t, config, NULL, NULL);
}

/* What no adapter can use. */
#define WALK_CONFIGS(adapter, init, free)                                     \
    do {                                                                      \
        static const duva_pin pin;                                            \
        const duva_tls_config wrong[] = {                                     \
            { .pin_count = 1 }, { .cert_file = "x" }, { .key_file = "x" },    \
            { .ca = { NULL, 9 } }                                             \
        };                                                                    \
        const duva_tls_config bad[] = {                                       \
            { .ca = { "x", 1 } }, { .ca_file = "" },                          \
            { .ca_file = "/nonexistent/ca" },                                 \
            { .cert_file = "/nonexistent", .key_file = "/nonexistent",        \
              .pin = &pin }                                                   \
        };                                                                    \
        adapter t;                                                            \
        size_t  i;                                                            \
                                                                              \
        memset(&t, 0, sizeof(t));                                             \
        assert_int_equal(init(NULL, &nobody), DUVA_ERR_ARG);                  \
        assert_int_equal(init(&t, NULL), DUVA_ERR_ARG);                       \
        for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)                \
            assert_int_equal(init(&t, &wrong[i]), DUVA_ERR_ARG);              \
        for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {                  \
            assert_int_equal(init(&t, &bad[i]), DUVA_ERR_TLS);                \
            free(&t);                                                         \
        }                                                                     \
    } while (0)

#define WALK_CHAIN(adapter, init, chain, free)                                \
    do {                                                                      \
        adapter t;                                                            \
        uint8_t der[8];                                                       \
                                                                              \
        assert_int_equal(init(&t, &nobody), DUVA_OK);                         \
        assert_int_equal(chain(&t, 0, der, sizeof(der)), 0);                  \
        assert_int_equal(chain(&t, WALK_NONE, NULL, 0), 0);                   \
        free(&t);                                                             \
    } while (0)

#define WALK_WORDS(text)                                                      \
    do {                                                                      \
        char words[8] = "#######";                                            \
                                                                              \
        assert_string_equal(text(1, NULL, 9), "");                            \
        assert_string_equal(text(1, words, 0), "");                           \
        assert_int_equal(words[0], '#');                                      \
        assert_string_equal(text(INT32_MIN, words, 1), "");                   \
        assert_true(strlen(text(INT32_MAX, words, sizeof(words))) < 8);       \
    } while (0)

static void walk_duva_openssl_init(void **state)
{
    (void)state;
    WALK_CONFIGS(duva_openssl, duva_openssl_init, duva_openssl_free);
}

static void walk_duva_mbedtls_init(void **state)
{
    (void)state;
    WALK_CONFIGS(duva_mbedtls, start_mbedtls, duva_mbedtls_free);
}

static void walk_duva_openssl_init_like(void **state)
{
    duva_openssl t, like;

    (void)state;
    memset(&like, 0, sizeof(like));
    assert_int_equal(duva_openssl_init_like(NULL, &like), DUVA_ERR_ARG);
    assert_int_equal(duva_openssl_init_like(&t, NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_openssl_init_like(&t, &like), DUVA_ERR_ARG);
}

static void walk_duva_openssl_chain(void **state)
{
    (void)state;
    WALK_CHAIN(duva_openssl, duva_openssl_init, duva_openssl_chain,
               duva_openssl_free);
}

static void walk_duva_mbedtls_chain(void **state)
{
    (void)state;
    WALK_CHAIN(duva_mbedtls, start_mbedtls, duva_mbedtls_chain,
               duva_mbedtls_free);
}

static void walk_duva_openssl_free(void **state)
{
    duva_openssl t;

    (void)state;
    assert_int_equal(duva_openssl_init(&t, &nobody), DUVA_OK);
    duva_openssl_free(&t);
    duva_openssl_free(&t);
}

static void walk_duva_mbedtls_free(void **state)
{
    duva_mbedtls t;

    (void)state;
    assert_int_equal(start_mbedtls(&t, &nobody), DUVA_OK);
    duva_mbedtls_free(&t);
    duva_mbedtls_free(&t);
}

static void walk_duva_openssl_text(void **state)
{
    (void)state;
    WALK_WORDS(duva_openssl_text);
}

static void walk_duva_mbedtls_text(void **state)
{
    (void)state;
    WALK_WORDS(duva_mbedtls_text);
}

static void walk_duva_dkim_openssl_open(void **state)
{
    duva_dkim_openssl s;

    (void)state;
    memset(&s, 0, sizeof(s));
    assert_int_equal(duva_dkim_openssl_open(NULL, "", 0), DUVA_ERR_ARG);
    assert_int_equal(duva_dkim_openssl_open(&s, NULL, 0), DUVA_ERR_ARG);
    assert_int_equal(duva_dkim_openssl_open(&s, NULL, 9), DUVA_ERR_ARG);
    assert_int_equal(duva_dkim_openssl_open(&s, "", 0), DUVA_ERR_ARG);
    assert_int_equal(duva_dkim_openssl_open(&s, "x", 1), DUVA_ERR_ARG);
    assert_int_equal(duva_dkim_openssl_open(&s, "x", SIZE_MAX),
                     DUVA_ERR_ARG);
}

static void walk_duva_dkim_openssl_close(void **state)
{
    duva_dkim_openssl s;

    (void)state;
    memset(&s, 0, sizeof(s));
    duva_dkim_openssl_close(&s);
    duva_dkim_openssl_close(&s);
}

static const struct CMUnitTest tests[] = {
    WALK(duva_openssl_init), WALK(duva_openssl_init_like),
    WALK(duva_openssl_chain), WALK(duva_openssl_free),
    WALK(duva_openssl_text), WALK(duva_mbedtls_init),
    WALK(duva_mbedtls_chain), WALK(duva_mbedtls_free),
    WALK(duva_mbedtls_text), WALK(duva_dkim_openssl_open),
    WALK(duva_dkim_openssl_close)
};

const struct walk walk_tls = WALKED(tests);
