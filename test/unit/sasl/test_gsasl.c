/* test_gsasl.c - each mechanism against GNU SASL as the server, behind a small
 * SMTP server. */
/* SPDX-License-Identifier: MIT */
#include "duva/engine.h"
#include "duva/openssl.h"
#include "duva/saslprep.h"
#include "duva/scram.h"

#include "cmocka_all.h"

#include <stdio.h>

#include <gsasl.h>
#include <openssl/evp.h>

/* What the server knows, and what it has found out. */
struct server {
    Gsasl         *library;
    Gsasl_session *session;
    const char    *offers;     /* words after AUTH in EHLO */
    const char    *user, *pass, *binding;
    unsigned       iterations;
    int            asks_first; /* it knows no initial response */
    char           authid[512], authzid[512], token[512];
    int            accepts;    /* said 235 */
    int            done;       /* the rest is to say so */
    char           line[8192];
    size_t         length;
};

static duva_engine   engine;
static duva_config   config;
static duva_tls_info tls;
static uint8_t       buffer[2048];
static struct server server;
static uint32_t      seed;

static uint32_t random_below(uint32_t most)
{
    seed = seed * 1664525u + 1013904223u;
    return (seed >> 8) % most;
}

/* ---- GNU SASL ---- */

static void note(char *copy, Gsasl_session *session, Gsasl_property property)
{
    const char *value = gsasl_property_fast(session, property);

    snprintf(copy, 512, "%s", value != NULL ? value : "");
}

static int answer(Gsasl *library, Gsasl_session *session,
                  Gsasl_property property)
{
    char number[16];

    (void)library;
    note(server.authid, session, GSASL_AUTHID);
    note(server.authzid, session, GSASL_AUTHZID);
    note(server.token, session, GSASL_ANONYMOUS_TOKEN);
    switch (property) {
    case GSASL_PASSWORD:
        if (strcmp(server.authid, server.user) != 0)
            return GSASL_NO_PASSWORD;
        gsasl_property_set(session, property, server.pass);
        return GSASL_OK;
    case GSASL_SCRAM_ITER:
        sprintf(number, "%u", server.iterations);
        gsasl_property_set(session, property, number);
        return GSASL_OK;
    case GSASL_CB_TLS_EXPORTER:
        if (server.binding == NULL)
            return GSASL_NO_CB_TLS_EXPORTER;
        gsasl_property_set(session, property, server.binding);
        return GSASL_OK;
    case GSASL_VALIDATE_EXTERNAL:
        return strcmp(server.authzid, server.user) == 0
                   ? GSASL_OK : GSASL_AUTHENTICATION_ERROR;
    case GSASL_VALIDATE_ANONYMOUS:
        return GSASL_OK;
    default:
        return GSASL_NO_CALLBACK;
    }
}

/* ---- the SMTP server around it ---- */

static void say(const char *form, const char *words)
{
    char line[8192];

    sprintf(line, form, words);
    assert_int_equal(duva_feed(&engine, line, strlen(line)), DUVA_OK);
}

static void advance(const char *text)
{
    char *out = NULL;
    int   n;

    if (server.done) {
        assert_string_equal(text, "");
        server.accepts = 1;
        say("235 2.7.0 %s\r\n", "welcome");
        return;
    }
    n = gsasl_step64(server.session, text, &out);
    if (n != GSASL_OK && n != GSASL_NEEDS_MORE) {
        say("535 5.7.8 %s\r\n", gsasl_strerror_name(n));
    } else if (n == GSASL_OK && (out == NULL || *out == '\0')) {
        server.accepts = 1;
        say("235 2.7.0 %s\r\n", "welcome");
    } else {
        server.done = n == GSASL_OK;
        say("334 %s\r\n", out);
    }
    gsasl_free(out);
}

static void start(char *words)
{
    char *initial = strchr(words, ' ');

    if (initial != NULL)
        *initial++ = '\0';
    if (initial != NULL && server.asks_first) {
        say("501 5.5.4 %s\r\n", "one word only");
        return;
    }
    if (server.session != NULL)
        gsasl_finish(server.session);
    assert_int_equal(gsasl_server_start(server.library, words,
                                        &server.session), GSASL_OK);
    if (initial != NULL)
        advance(strcmp(initial, "=") == 0 ? "" : initial);
    else if (strcmp(words, "LOGIN") == 0 || strcmp(words, "CRAM-MD5") == 0)
        advance(NULL);
    else
        say("334 %s\r\n", "");
}

static void hear(char *line)
{
    if (strncmp(line, "EHLO ", 5) == 0)
        say("250-mx.example\r\n250 AUTH %s\r\n", server.offers);
    else if (strncmp(line, "AUTH ", 5) == 0)
        start(line + 5);
    else if (strcmp(line, "QUIT") == 0)
        say("221 %s\r\n", "bye");
    else if (strcmp(line, "*") == 0)
        say("501 5.0.0 %s\r\n", "cancelled");
    else
        advance(line);
}

static void take(void)
{
    size_t      len, i;
    const char *data = duva_pending(&engine, &len);
    char        copy[sizeof(buffer)];

    memcpy(copy, data, len);
    duva_sent(&engine, len);
    for (i = 0; i < len; i++) {
        assert_in_range(server.length, 0, sizeof(server.line) - 1);
        server.line[server.length++] = copy[i];
        if (copy[i] != '\n')
            continue;
        server.line[server.length - 2] = '\0';
        server.length = 0;
        hear(server.line);
    }
}

/* One session; what became of it on both sides is the same. */
static const duva_result *run(duva_sasl *mechanism)
{
    int tried = 0;

    memset(&config, 0, sizeof(config));
    config.name = "client.example";
    config.tls = DUVA_TLS_IMPLICIT;
    tls.verified = 1;
    server.accepts = server.done = 0;
    server.length = 0;
    server.session = NULL;
    server.authid[0] = server.authzid[0] = server.token[0] = '\0';
    assert_int_equal(duva_init(&engine, &config, buffer, sizeof(buffer)),
                     DUVA_OK);
    assert_int_equal(duva_tls_done(&engine, &tls), DUVA_OK);
    say("220 %s\r\n", "mx.example");
    while (duva_next(&engine) != DUVA_CLOSED) {
        if (duva_next(&engine) == DUVA_SEND) {
            take();
        } else if (duva_next(&engine) == DUVA_AUTH) {
            duva_auth(&engine, mechanism);
            tried = 1;
        } else {
            assert_int_equal(duva_next(&engine), DUVA_IDLE);
            assert_true(tried);
            assert_true(server.accepts);
            duva_quit(&engine);
        }
    }
    if (server.session != NULL)
        gsasl_finish(server.session);
    return duva_outcome(&engine);
}

static void succeeds(duva_sasl *mechanism)
{
    const duva_result *r = run(mechanism);

    if (r->err != DUVA_OK)
        print_message("%s: %s %s %s\n", mechanism->name, duva_err_name(r->err),
                      duva_reason_name(r->reason), r->text);
    assert_int_equal(r->err, DUVA_OK);
    assert_true(server.accepts);
}

/* The server refuses. */
static void is_refused(duva_sasl *mechanism)
{
    const duva_result *r = run(mechanism);

    assert_int_equal(r->err, DUVA_ERR_REJECTED);
    assert_int_equal(r->status.code, 535);
    assert_false(server.accepts);
}

static void set_up(const char *user, const char *pass)
{
    server.user = user;
    server.pass = pass;
    server.binding = NULL;
    server.iterations = 4096;
    server.asks_first = 0;
    server.offers = "PLAIN LOGIN CRAM-MD5 SCRAM-SHA-1 SCRAM-SHA-256 "
                    "EXTERNAL ANONYMOUS";
    memset(&tls, 0, sizeof(tls));
}

static void set_up_bound(const char *user, const char *pass)
{
    static const uint8_t binding[32] = { 1, 2, 3, 250, 0, 7 };
    static char          text[48];

    set_up(user, pass);
    EVP_EncodeBlock((unsigned char *)text, binding, sizeof(binding));
    server.binding = text;
    server.offers = "SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-1-PLUS "
                    "SCRAM-SHA-256-PLUS";
    tls.binding_type = "tls-exporter";
    tls.binding.data = binding;
    tls.binding.len = sizeof(binding);
}

/* ---- mechanism by mechanism ---- */

static void plain_and_login(void **state)
{
    duva_sasl_password s;

    (void)state;
    set_up("ada", "open sesame");
    duva_sasl_plain_init(&s, "ada", "open sesame");
    succeeds(&s.base);
    s.authzid = "bob";
    succeeds(&s.base);
    assert_string_equal(server.authid, "ada");
    assert_string_equal(server.authzid, "bob");
    server.asks_first = 1;
    succeeds(&s.base);
    s.pass = "open barley";
    is_refused(&s.base);
    server.asks_first = 0;
    duva_sasl_login_init(&s, "ada", "open sesame");
    succeeds(&s.base);
    s.pass = "open barley";
    is_refused(&s.base);
    s.user = "eve";
    is_refused(&s.base);
}

static void cram_md5(void **state)
{
    duva_sasl_cram_md5 s;

    (void)state;
    set_up("ada", "open sesame");
    duva_sasl_cram_md5_init(&s, &duva_crypto_openssl, "ada", "open sesame");
    succeeds(&s.base);
    succeeds(&s.base);
    s.pass = "open barley";
    is_refused(&s.base);
    s.user = "eve";
    is_refused(&s.base);
}

static void external_and_anonymous(void **state)
{
    duva_sasl_name s;

    (void)state;
    set_up("ada@example.org", "");
    duva_sasl_external_init(&s, "ada@example.org");
    succeeds(&s.base);
    server.asks_first = 1;
    succeeds(&s.base);
    s.name = "eve";
    is_refused(&s.base);
    server.user = "";
    s.name = NULL;
    succeeds(&s.base);
    server.asks_first = 0;
    duva_sasl_anonymous_init(&s, "p\xC3\xA4m@example.org");
    succeeds(&s.base);
    assert_string_equal(server.token, "p\xC3\xA4m@example.org");
}

static const duva_digest digests[] = { DUVA_SHA1, DUVA_SHA256 };

static void scram(void **state)
{
    duva_sasl_scram s;
    int             i;

    (void)state;
    for (i = 0; i < 2; i++) {
        set_up("a,b=c", "pencil");
        duva_sasl_scram_init(&s, &duva_crypto_openssl, digests[i], 0, "a,b=c",
                             "pencil");
        succeeds(&s.base);
        assert_string_equal(server.authid, "a,b=c");
        assert_string_equal(server.authzid, "");
        s.authzid = "=,=";
        succeeds(&s.base);
        assert_string_equal(server.authzid, "=,=");
        server.asks_first = 1;
        succeeds(&s.base);
        s.pass = "pencils";
        is_refused(&s.base);
        s.user = "eve";
        is_refused(&s.base);
    }
}

static void scram_iterations(void **state)
{
    duva_sasl_scram s;

    (void)state;
    set_up("ada", "pencil");
    duva_sasl_scram_init(&s, &duva_crypto_openssl, DUVA_SHA256, 0, "ada",
                         "pencil");
    server.iterations = 4095;
    assert_int_equal(run(&s.base)->reason, DUVA_REASON_ITERATIONS);
    server.iterations = 1000001;
    assert_int_equal(run(&s.base)->reason, DUVA_REASON_ITERATIONS);
    assert_false(server.accepts);
    server.iterations = 20000;
    succeeds(&s.base);
}

static void scram_plus(void **state)
{
    static const uint8_t other[32] = { 1, 2, 3, 251, 0, 7 };
    duva_sasl_scram      s;
    int                  i;

    (void)state;
    for (i = 0; i < 2; i++) {
        set_up_bound("ada", "pencil");
        duva_sasl_scram_init(&s, &duva_crypto_openssl, digests[i], 1, "ada",
                             "pencil");
        succeeds(&s.base);
        s.authzid = "b,b";
        succeeds(&s.base);
        assert_string_equal(server.authzid, "b,b");
        server.asks_first = 1;
        succeeds(&s.base);
        s.pass = "pen";
        is_refused(&s.base);
        s.pass = "pencil";
        tls.binding.data = other; /* somebody sits between */
        is_refused(&s.base);
        /* The plain form beside it, chosen all the same. */
        set_up_bound("ada", "pencil");
        duva_sasl_scram_init(&s, &duva_crypto_openssl, digests[i], 0, "ada",
                             "pencil");
        succeeds(&s.base);
    }
}

/* Somebody took -PLUS out of EHLO: the server hears that we could. */
static void stripped(void **state)
{
    duva_sasl_scram s;

    (void)state;
    set_up_bound("ada", "pencil");
    server.offers = "SCRAM-SHA-1 SCRAM-SHA-256";
    duva_sasl_scram_init(&s, &duva_crypto_openssl, DUVA_SHA256, 0, "ada",
                         "pencil");
    is_refused(&s.base);
    server.binding = NULL;     /* and one that never had it does not mind */
    succeeds(&s.base);
}

/* ---- any names, passwords and iterations ---- */

static void random_text(char *out, int utf8)
{
    static const char *const letters[] = {
        "\xC3\xA4", "\xC2\xA0", "\xE2\x85\xA8", "a\xCC\x88", "\xE2\x82\xAC",
        "\xF0\x9D\x94\xB8", "\xC2\xAD", ",", "=", "=2C", ",,", " "
    };
    const uint32_t len = 1 + random_below(20);
    uint32_t       i;

    *out = '\0';
    strcat(out, "x");          /* never empty when all else is mapped away */
    for (i = 0; i < len; i++) {
        char letter[2] = { 0, 0 };

        letter[0] = (char)(33 + random_below(94));
        strcat(out, random_below(3) == 0
                        ? letters[utf8 ? random_below(12)
                                       : 7 + random_below(4)]
                        : letter);
    }
}

static void random_scram(void **state)
{
    char            user[256], pass[256], name[256], secret[256], whom[256];
    duva_sasl_scram s;
    int             i;

    (void)state;
    seed = 20261123;
    for (i = 0; i < 400; i++) {
        const int plus = (int)random_below(2);

        random_text(user, 1);
        random_text(pass, 1);
        random_text(whom, 0);
        assert_int_equal(duva_saslprep(user, name, sizeof(name)), DUVA_OK);
        assert_int_equal(duva_saslprep(pass, secret, sizeof(secret)),
                         DUVA_OK);
        if (plus)
            set_up_bound(name, pass); /* the server prepares by itself */
        else
            set_up(name, pass);
        server.iterations = 1 + random_below(3000);
        server.asks_first = (int)random_below(2);
        duva_sasl_scram_init(&s, &duva_crypto_openssl,
                             digests[random_below(2)], plus, name, secret);
        s.prepared = 1;
        s.iterations_min = 1;
        if (random_below(2))
            s.authzid = whom;
        succeeds(&s.base);
        assert_string_equal(server.authid, name);
        assert_string_equal(server.authzid, s.authzid != NULL ? whom : "");
        strcat(secret, "x");
        is_refused(&s.base);
    }
}

static void random_cram_md5(void **state)
{
    char               user[256], pass[256];
    duva_sasl_cram_md5 s;
    int                i;

    (void)state;
    seed = 1;
    for (i = 0; i < 200; i++) {
        random_text(user, 0);
        random_text(pass, 0);
        set_up(user, pass);
        duva_sasl_cram_md5_init(&s, &duva_crypto_openssl, user, pass);
        succeeds(&s.base);
        assert_string_equal(server.authid, user);
    }
}

static int open_library(void **state)
{
    (void)state;
    if (gsasl_init(&server.library) != GSASL_OK)
        return 1;
    gsasl_callback_set(server.library, answer);
    return 0;
}

static int close_library(void **state)
{
    (void)state;
    gsasl_done(server.library);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_and_login), cmocka_unit_test(cram_md5),
        cmocka_unit_test(external_and_anonymous), cmocka_unit_test(scram),
        cmocka_unit_test(scram_iterations), cmocka_unit_test(scram_plus),
        cmocka_unit_test(stripped),        cmocka_unit_test(random_scram),
        cmocka_unit_test(random_cram_md5),
    };

    return cmocka_run_group_tests(tests, open_library, close_library);
}
