/* test_auth.c - AUTH in the engine, with any mechanism: say.c and listen.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/engine.h"
#include "duva/openssl.h"
#include "duva/scram.h"

#include "cmocka_all.h"

/* A mechanism that answers as it is told, and notes what it was asked. */
struct toy {
    duva_sasl base;
    int       answer[12];      /* spans, or an error, step by step */
    unsigned  steps;
    char      heard[12][128];
    int       with_data[12];
};

static struct toy   toy;
static duva_engine  e;
static duva_config  config;
static uint8_t      buf[DUVA_BUFFER_MIN];
static char         said[8192];
static size_t       said_len;

static int step(duva_sasl *base, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS])
{
    static const char *const parts[] = {
        "one", "", "two", "three", "four", "", "five"
    };
    struct toy *t = (struct toy *)base;
    int         i, n = t->answer[t->steps];

    t->with_data[t->steps] = challenge != NULL && challenge->data != NULL;
    if (t->with_data[t->steps])
        memcpy(t->heard[t->steps], challenge->data, challenge->len);
    else if (challenge != NULL)
        t->heard[t->steps][0] = (char)challenge->len;
    t->steps++;
    for (i = 0; i < n && i < DUVA_SASL_PARTS; i++) {
        part[i].data = parts[i];
        part[i].len = strlen(parts[i]);
    }
    return n;
}

static void take_all(void)
{
    size_t      len;
    const void *data;

    while (duva_next(&e) == DUVA_SEND) {
        data = duva_pending(&e, &len);
        assert_true(said_len + len < sizeof(said));
        memcpy(said + said_len, data, len);
        said_len += len;
        said[said_len] = '\0';
        duva_sent(&e, len);
    }
}

/* The client has said this since the last time. */
static void says(const char *want)
{
    said_len = 0;
    said[0] = '\0';
    take_all();
    assert_string_equal(said, want);
}

static void hears(const char *text)
{
    assert_int_equal(duva_feed(&e, text, strlen(text)), DUVA_OK);
}

static void begin(unsigned rounds)
{
    memset(&toy, 0, sizeof(toy));
    memset(&config, 0, sizeof(config));
    toy.base.name = "TOY";
    toy.base.step = step;
    toy.base.bit = DUVA_AUTH_PLAIN;
    toy.base.rounds = (uint8_t)rounds;
    config.name = "a";
    config.tls = DUVA_TLS_NEVER;
    assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
    hears("220 mx\r\n");
    says("EHLO a\r\n");
    hears("250-mx\r\n250 AUTH PLAIN\r\n");
}

/* A mechanism that hides the password is said on any link.  An empty first
 * response is a sign, an empty later one an empty line (RFC 4954 4). */
static void empty_responses(void **state)
{
    (void)state;
    begin(5);
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
    says("AUTH TOY =\r\n");
    hears("334 \r\n");
    says("\r\n");
    hears("235 ok\r\n");
    assert_int_equal(duva_next(&e), DUVA_IDLE);
    assert_int_equal(toy.steps, 2);
}

static void spans_are_joined(void **state)
{
    (void)state;
    begin(5);
    toy.answer[0] = 3;
    toy.answer[1] = 5;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
    says("AUTH TOY b25ldHdv\r\n");
    hears("334 YWJj\r\n");
    says("b25ldHdvdGhyZWVmb3Vy\r\n");
    assert_string_equal(toy.heard[1], "YWJj");
    hears("235 ok\r\n");
    assert_int_equal(duva_next(&e), DUVA_IDLE);
}

/* Challenges come to the mechanism as they are, all lines of them, and as
 * nothing when they do not fit. */
static void challenges(void **state)
{
    char line[200] = "334 ";

    (void)state;
    begin(9);
    toy.answer[0] = DUVA_SASL_NO_INITIAL;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
    says("AUTH TOY\r\n");
    hears("334\r\n");
    says("\r\n");
    assert_string_equal(toy.heard[1], "");
    hears("334 cXVlc3Rpb24=\r\n");
    says("\r\n");
    assert_string_equal(toy.heard[2], "cXVlc3Rpb24=");
    memset(line + 4, 'A', DUVA_BUFFER_MIN - 1);
    strcpy(line + 4 + DUVA_BUFFER_MIN - 1, "\r\n");
    hears(line);
    says("\r\n");
    assert_true(toy.with_data[3]);
    assert_int_equal(strlen(toy.heard[3]), DUVA_BUFFER_MIN - 1);
    strcpy(line + 4 + DUVA_BUFFER_MIN - 1, "A\r\n");
    hears(line);
    says("\r\n");
    assert_false(toy.with_data[4]);
    hears("235 ok\r\n");
    assert_int_equal(duva_next(&e), DUVA_IDLE);
}

/* It gives up, or answers what it may not: a star, and the session ends. */
static void giving_up(void **state)
{
    static const int answers[] = { DUVA_ERR_PROTOCOL, DUVA_ERR_ARG };
    size_t           i;

    (void)state;
    for (i = 0; i < 2; i++) {
        begin(5);
        toy.answer[1] = answers[i];
        assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
        says("AUTH TOY =\r\n");
        hears("334 x\r\n");
        says("*\r\n");
        hears("501 cancelled\r\n");
        says("QUIT\r\n");
        hears("221 bye\r\n");
        assert_int_equal(duva_next(&e), DUVA_CLOSED);
        assert_int_equal(duva_outcome(&e)->err, answers[i]);
        assert_int_equal(duva_outcome(&e)->verdict, DUVA_RETRY);
    }
}

static void rounds(void **state)
{
    unsigned most, i;

    (void)state;
    for (most = 1; most < 8; most++) {
        begin(most);
        assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
        says("AUTH TOY =\r\n");
        for (i = 0; i < most; i++) {
            hears("334 x\r\n");
            says("\r\n");
        }
        hears("334 x\r\n");
        says("*\r\n");
        assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_PROTOCOL);
        assert_int_equal(toy.steps, most + 1);
    }
}

static void cannot_begin(void **state)
{
    (void)state;
    begin(5);
    toy.answer[0] = DUVA_ERR_IO;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_ERR_IO);
    assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_IO);
    says("QUIT\r\n");
    begin(5);
    toy.base.bit = DUVA_AUTH_LOGIN;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_NO_AUTH);
    says("QUIT\r\n");
}

/* What the engine tells a mechanism, and what the mechanism tells of its
 * failure. */
static void told_and_telling(void **state)
{
    (void)state;
    begin(5);
    toy.answer[1] = DUVA_ERR_PROTOCOL;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
    assert_int_equal(toy.base.offered, DUVA_AUTH_PLAIN);
    assert_null(toy.base.tls);
    toy.base.reason = DUVA_REASON_ITERATIONS;
    says("AUTH TOY =\r\n");
    hears("334 x\r\n");
    says("*\r\n");
    assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_PROTOCOL);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_ITERATIONS);
}

/* RFC 5802 5: success that comes before the server's proof is none. */
static void success_too_early(void **state)
{
    (void)state;
    begin(5);
    toy.base.flags = DUVA_SASL_UNPROVEN;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
    says("AUTH TOY =\r\n");
    hears("235 ok\r\n");
    assert_int_equal(duva_next(&e), DUVA_CLOSED);
    assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_PROTOCOL);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_UNPROVEN);
    begin(5);
    toy.base.flags = DUVA_SASL_UNPROVEN;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
    says("AUTH TOY =\r\n");
    hears("334 x\r\n");
    toy.base.flags = 0;
    says("\r\n");
    hears("235 ok\r\n");
    assert_int_equal(duva_next(&e), DUVA_IDLE);
}

/* A mechanism that binds needs a TLS that can be bound to. */
static void binding(void **state)
{
    static duva_tls_info info;

    (void)state;
    begin(5);
    toy.base.flags = DUVA_SASL_BINDS;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_NO_BINDING);
    for (info.binding_type = NULL;; info.binding_type = "tls-exporter") {
        begin(5);
        config.tls = DUVA_TLS_IMPLICIT;
        assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
        assert_int_equal(duva_tls_done(&e, &info), DUVA_OK);
        hears("220 mx\r\n");
        says("EHLO a\r\n");
        hears("250-mx\r\n250 AUTH PLAIN\r\n");
        toy.base.flags = DUVA_SASL_BINDS;
        if (info.binding_type != NULL)
            break;
        assert_int_equal(duva_auth(&e, &toy.base), DUVA_ERR_UNSUPPORTED);
    }
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
    assert_ptr_equal(toy.base.tls, &info);
    says("AUTH TOY =\r\n");
}

static size_t token_len;

static int long_step(duva_sasl *base, const duva_span *challenge,
                     duva_span part[DUVA_SASL_PARTS])
{
    static char token[4096];

    (void)base;
    (void)challenge;
    memset(token, 'x', sizeof(token));
    part[0].data = token;
    part[0].len = token_len;
    return 1;
}

/* A first response goes with the command as long as both fit in 512 octets,
 * with CRLF (RFC 4954 4, RFC 5321 4.5.3.1.4). */
static void command_of_512(void **state)
{
    (void)state;
    for (token_len = 370; token_len < 382; token_len++) {
        const size_t len = strlen("AUTH TOYS ") + (token_len + 2) / 3 * 4 + 2;

        begin(5);
        toy.base.name = "TOYS";
        toy.base.step = long_step;
        assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
        said_len = 0;
        take_all();
        assert_int_equal(said_len, len <= 512 ? len : 11);
    }
}

/* A token of 4 KB through a buffer of 64 octets. */
static void long_token(void **state)
{
    size_t i;

    (void)state;
    begin(5);
    token_len = 4096;
    toy.base.step = long_step;
    assert_int_equal(duva_auth(&e, &toy.base), DUVA_OK);
    says("AUTH TOY\r\n");
    hears("334 \r\n");
    said_len = 0;
    take_all();
    assert_int_equal(said_len, (4096 + 2) / 3 * 4 + 2);
    for (i = 0; i + 6 < said_len; i += 4)
        assert_memory_equal(said + i, "eHh4", 4);
    assert_string_equal(said + said_len - 6, "eA==\r\n");
    hears("235 ok\r\n");
    assert_int_equal(duva_next(&e), DUVA_IDLE);
}

union any {
    duva_sasl          base;
    duva_sasl_password password;
    duva_sasl_name     name;
    duva_sasl_oauth    oauth;
    duva_sasl_scram    scram;
    duva_sasl_cram_md5 cram_md5;
};

static void init_plain(union any *m)
{
    duva_sasl_plain_init(&m->password, "ada", "x");
}

static void init_login(union any *m)
{
    duva_sasl_login_init(&m->password, "ada", "x");
}

static void init_external(union any *m)
{
    duva_sasl_external_init(&m->name, "ada");
}

static void init_anonymous(union any *m)
{
    duva_sasl_anonymous_init(&m->name, "ada");
}

static void init_oauthbearer(union any *m)
{
    duva_sasl_oauthbearer_init(&m->oauth, "ada", "x");
}

static void init_xoauth2(union any *m)
{
    duva_sasl_xoauth2_init(&m->oauth, "ada", "x");
}

static void init_scram(union any *m)
{
    duva_sasl_scram_init(&m->scram, &duva_crypto_openssl, DUVA_SHA1, 0, "ada",
                         "x");
}

static void init_cram_md5(union any *m)
{
    duva_sasl_cram_md5_init(&m->cram_md5, &duva_crypto_openssl, "ada", "x");
}

/* What was in its memory makes no difference to a mechanism. */
static void memory_of_before(void **state)
{
    static const struct {
        void (*init)(union any *m);
        size_t size;
    } kinds[] = {
        { init_plain, sizeof(duva_sasl_password) },
        { init_login, sizeof(duva_sasl_password) },
        { init_external, sizeof(duva_sasl_name) },
        { init_anonymous, sizeof(duva_sasl_name) },
        { init_oauthbearer, sizeof(duva_sasl_oauth) },
        { init_xoauth2, sizeof(duva_sasl_oauth) },
        { init_scram, sizeof(duva_sasl_scram) },
        { init_cram_md5, sizeof(duva_sasl_cram_md5) },
    };
    union any clean, used;
    size_t    i;

    (void)state;
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        memset(&clean, 0, sizeof(clean));
        memset(&used, 0xA5, sizeof(used));
        kinds[i].init(&clean);
        kinds[i].init(&used);
        assert_memory_equal(&clean, &used, kinds[i].size);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(empty_responses), cmocka_unit_test(spans_are_joined),
        cmocka_unit_test(challenges),      cmocka_unit_test(giving_up),
        cmocka_unit_test(rounds),          cmocka_unit_test(cannot_begin),
        cmocka_unit_test(long_token),      cmocka_unit_test(command_of_512),
        cmocka_unit_test(told_and_telling),
        cmocka_unit_test(success_too_early),
        cmocka_unit_test(memory_of_before),
        cmocka_unit_test(binding),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
