/* test_caps.c - the lines of EHLO as capabilities: caps.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/engine.h"

#include "cmocka_all.h"

#include <stdio.h>

static duva_caps caps;
static char      said[1024];
static size_t    said_len;

/* An engine is told what the server has said so far: the caps that it takes
 * from there. */
static void learn(uint32_t options)
{
    static const char greeting[] = "220 x\r\n", host[] = "250-x\r\n";
    static const char last[] = "250 NOOP\r\n";
    duva_config config;
    duva_engine e;
    uint8_t     buf[DUVA_BUFFER_MIN];
    size_t      len;

    memset(&config, 0, sizeof(config));
    config.name = "client.example";
    config.tls = DUVA_TLS_NEVER;
    config.options = options;
    assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
    duva_feed(&e, greeting, sizeof(greeting) - 1);
    duva_pending(&e, &len);
    duva_sent(&e, len);
    duva_feed(&e, host, sizeof(host) - 1);
    duva_feed(&e, said, said_len);
    duva_feed(&e, last, sizeof(last) - 1);
    assert_int_equal(duva_next(&e), DUVA_AUTH);
    caps = *duva_server(&e);
    assert_true(caps.bits & DUVA_CAP_EHLO);
    caps.bits &= ~DUVA_CAP_EHLO;
}

static void octets(const char *text, size_t len, uint32_t options)
{
    assert_true(said_len + len + 6 <= sizeof(said));
    memcpy(said + said_len, "250-", 4);
    memcpy(said + said_len + 4, text, len);
    memcpy(said + said_len + 4 + len, "\r\n", 2);
    said_len += len + 6;
    learn(options);
}

static void line(const char *text, uint32_t options)
{
    octets(text, strlen(text), options);
}

static void only(const char *text, uint32_t options, uint32_t bits,
                 uint32_t auth)
{
    said_len = 0;
    line(text, options);
    assert_int_equal(caps.bits, bits);
    assert_int_equal(caps.auth, auth);
}

static const struct {
    const char *word;
    uint32_t    bit;
} keywords[] = {
    { "PIPELINING", DUVA_CAP_PIPELINING }, { "SIZE", DUVA_CAP_SIZE },
    { "8BITMIME", DUVA_CAP_8BITMIME },     { "STARTTLS", DUVA_CAP_STARTTLS },
    { "AUTH", DUVA_CAP_AUTH },
    { "REQUIRETLS", DUVA_CAP_REQUIRETLS },
    { "CHUNKING", DUVA_CAP_CHUNKING },     { "DSN", DUVA_CAP_DSN },
    { "BINARYMIME", DUVA_CAP_BINARYMIME }, { "RRVS", DUVA_CAP_RRVS },
    { "SMTPUTF8", DUVA_CAP_SMTPUTF8 },     { "ETRN", DUVA_CAP_ETRN },
    { "DELIVERBY", DUVA_CAP_DELIVERBY },   { "LIMITS", DUVA_CAP_LIMITS },
    { "FUTURERELEASE", DUVA_CAP_FUTURERELEASE },
    { "MT-PRIORITY", DUVA_CAP_MT_PRIORITY },
    { "NO-SOLICITING", DUVA_CAP_NO_SOLICITING },
    { "ENHANCEDSTATUSCODES", DUVA_CAP_ENHANCEDSTATUSCODES },
    { "BURL", DUVA_CAP_BURL },
};

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* A keyword counts in any case, and neither a beginning of it nor more than
 * it does. */
static void exact_keywords(void **state)
{
    char   text[32];
    size_t i, k, len;

    (void)state;
    for (i = 0; i < COUNT(keywords); i++) {
        len = strlen(keywords[i].word);
        only(keywords[i].word, 0, keywords[i].bit, 0);
        for (k = 0; k < len; k++) {
            strcpy(text, keywords[i].word);
            text[k] = (char)(text[k] | 0x20);
            only(text, 0, keywords[i].bit, 0);
            strcpy(text, keywords[i].word);
            text[k] = (char)(text[k] + 1);
            only(text, 0, 0, 0);
            text[k] = '\0';
            only(text, 0, 0, 0);
        }
        for (k = '!'; k < 0x7F; k++) {
            strcpy(text, keywords[i].word);
            text[len] = (char)k;
            text[len + 1] = '\0';
            only(text, 0, 0, 0);
            text[0] = (char)k;
            strcpy(text + 1, keywords[i].word);
            only(text, 0, 0, 0);
        }
    }
}

static void only_first_word(void **state)
{
    (void)state;
    only("X PIPELINING", 0, 0, 0);
    only("PIPELINING SIZE 5", 0, DUVA_CAP_PIPELINING, 0);
    assert_int_equal(caps.size_max, 0);
    only("STARTTLS AUTH PLAIN", 0, DUVA_CAP_STARTTLS, 0);
    only("", 0, 0, 0);
    only(" ", 0, 0, 0);
    only(" \t SIZE\t12 ", 0, DUVA_CAP_SIZE, 0);
    assert_int_equal(caps.size_max, 12);
}

static void mechanisms(void **state)
{
    const uint32_t both = DUVA_AUTH_PLAIN | DUVA_AUTH_LOGIN;

    (void)state;
    only("AUTH PLAIN", 0, DUVA_CAP_AUTH, DUVA_AUTH_PLAIN);
    only("AUTH LOGIN PLAIN", 0, DUVA_CAP_AUTH, both);
    only("auth\tlogin  plain ", 0, DUVA_CAP_AUTH, both);
    only("AUTH PLAINX XPLAIN PLAI LOGINS OGIN", 0, DUVA_CAP_AUTH, 0);
    only("AUTH CRAM-MD5 SCRAM-SHA-256-PLUS LOGIN", 0, DUVA_CAP_AUTH,
         DUVA_AUTH_CRAM_MD5 | DUVA_AUTH_SCRAM_SHA_256_PLUS | DUVA_AUTH_LOGIN);
    only("AUTH GSSAPI NTLM DIGEST-MD5 SCRAM-SHA-25 SCRAM-SHA-256-PLU", 0,
         DUVA_CAP_AUTH, 0);
    only("AUTH SIZE PLAIN", 0, DUVA_CAP_AUTH, DUVA_AUTH_PLAIN);
    only("PLAIN", 0, 0, 0);
    only("AUTHX PLAIN", 0, 0, 0);
    only("AUTH=PLAIN", 0, 0, 0);
    only("AUTH=PLAIN LOGIN", DUVA_QUIRK_AUTH_EQUALS, DUVA_CAP_AUTH, both);
    only("auth=login", DUVA_QUIRK_AUTH_EQUALS, DUVA_CAP_AUTH, DUVA_AUTH_LOGIN);
    only("AUTHX=PLAIN", DUVA_QUIRK_AUTH_EQUALS, 0, 0);
}

static void each_mechanism(void **state)
{
    static const char *const name[] = {
        "PLAIN", "LOGIN", "CRAM-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256",
        "SCRAM-SHA-512", "SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS",
        "SCRAM-SHA-512-PLUS", "OAUTHBEARER", "XOAUTH2", "EXTERNAL",
        "ANONYMOUS"
    };
    char   text[40];
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(name); i++) {
        snprintf(text, sizeof(text), "AUTH %s", name[i]);
        only(text, 0, DUVA_CAP_AUTH, 1u << i);
    }
    assert_int_equal(1u << (i - 1), DUVA_AUTH_ANONYMOUS);
}

static void sizes(void **state)
{
    static const struct {
        const char *text;
        uint32_t    max;
    } size[] = {
        { "SIZE", 0 },
        { "SIZE ", 0 },
        { "SIZE 0", 0 },
        { "SIZE 1", 1 },
        { "SIZE 0001", 1 },
        { "SIZE 35882577", 35882577 },
        { "SIZE 4294967280", 4294967280u },
        { "SIZE 4294967296", 0 },
        { "SIZE 4294967297", 0 },
        { "SIZE 42949672960", 0 },
        { "SIZE 18446744073709551616", 0 },
        { "SIZE 18446744073709551617", 0 },
        { "SIZE 99999999999999999999", 0 },
        { "SIZE 999999999999999999999999999999999999", 0 },
        { "SIZE -1", 0 },
        { "SIZE +1", 0 },
        { "SIZE 1x", 0 },
        { "SIZE x1", 0 },
        { "SIZE 0x10", 0 },
        { "SIZE 1 2", 1 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(size); i++) {
        only(size[i].text, 0, DUVA_CAP_SIZE, 0);
        assert_int_equal(caps.size_max, size[i].max);
    }
}

/* What was learned before stays; the last SIZE counts. */
static void lines_add_up(void **state)
{
    (void)state;
    only("SIZE 5", 0, DUVA_CAP_SIZE, 0);
    line("AUTH PLAIN", 0);
    line("AUTH LOGIN", 0);
    line("SIZE 7", 0);
    line("NOOP", 0);
    assert_int_equal(caps.bits, DUVA_CAP_SIZE | DUVA_CAP_AUTH);
    assert_int_equal(caps.auth, DUVA_AUTH_PLAIN | DUVA_AUTH_LOGIN);
    assert_int_equal(caps.size_max, 7);
}

/* No octet makes a keyword longer or shorter than it is. */
static void odd_octets(void **state)
{
    char     text[32];
    unsigned c;
    size_t   i;

    (void)state;
    for (i = 0; i < COUNT(keywords); i++)
        for (c = 0; c < 256; c++) {
            const size_t len = strlen(keywords[i].word);

            if (strchr(" \t\r\n", (int)c) != NULL && c != 0)
                continue;
            memcpy(text, keywords[i].word, len);
            text[len] = (char)c;
            text[len + 1] = 'X';
            said_len = 0;
            octets(text, len + 2, 0);
            assert_int_equal(caps.bits, 0);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_keywords), cmocka_unit_test(only_first_word),
        cmocka_unit_test(mechanisms),
        cmocka_unit_test(each_mechanism),     cmocka_unit_test(sizes),
        cmocka_unit_test(lines_add_up),   cmocka_unit_test(odd_octets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
