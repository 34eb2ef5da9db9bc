/* test_cli_oauth.c - OAuth without network: forms, PKCE, redirects, stored
 * logins. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>

#include "cmocka_all.h"
#include "login/token.h"
#include "oauth/oauth_response.h"
#include "oauth/oauth_form.h"
#include "oauth/oauth_http.h"
#include "oauth/oauth_poll.h"
#include "oauth/oauth_redirect.h"

/* RFC 7636 appendix B */
static void pkce(void **state)
{
    static const uint8_t octets[32] = {
        116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187,
        186, 22, 212, 37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141,
        121
    };
    uint8_t  digest[EVP_MAX_MD_SIZE];
    unsigned len;
    char     text[OAUTH_BASE64_SIZE(32)];

    (void)state;
    oauth_base64url(text, octets, 32);
    assert_string_equal(text, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    assert_int_equal(EVP_Digest(text, 43, digest, &len, EVP_sha256(), NULL),
                     1);
    oauth_base64url(text, digest, 32);
    assert_string_equal(text, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static void forms(void **state)
{
    static struct oauth_form f;
    static char long_value[OAUTH_FORM_SIZE];

    (void)state;
    oauth_form_start(&f, "");
    oauth_form_add(&f, "a", "x y&z=\xC3\xA5");
    oauth_form_add(&f, "none", "");
    oauth_form_add(&f, "b", "-._~");
    assert_string_equal(f.text, "a=x%20y%26z%3D%C3%A5&b=-._~");
    assert_int_equal(f.len, strlen(f.text));
    oauth_form_start(&f, "https://x.example/go");
    oauth_form_add(&f, "a", "1");
    assert_string_equal(f.text, "https://x.example/go?a=1");
    oauth_form_start(&f, "https://x.example/go?b=2");
    oauth_form_add(&f, "a", "1");
    assert_string_equal(f.text, "https://x.example/go?b=2&a=1");
    assert_false(f.too_long);
    memset(long_value, 'x', sizeof(long_value) - 1);
    oauth_form_add(&f, "c", long_value);
    assert_true(f.too_long);
    assert_true(f.len < sizeof(f.text));
}

static void redirects(void **state)
{
    static const struct {
        const char *request;
        int         status;
        const char *code;
    } known[] = {
        { "GET /?code=a%2Fb&state=s HTTP/1.1\r\n", 200, "a/b" },
        { "GET /?state=s&code=x HTTP/1.1\r\n", 200, "x" },
        { "GET /?state=s&error=access_denied HTTP/1.1\r\n", 200, "" },
        { "GET /?state=s HTTP/1.1\r\n", 0, "" },
        { "GET /?state=other&code=x HTTP/1.1\r\n", 0, "" },
        { "GET /?code=x HTTP/1.1\r\n", 0, "" },
        { "GET /?code=%0A&state=s HTTP/1.1\r\n", 0, "" },
        { "GET /favicon.ico HTTP/1.1\r\n", 404, "" },
        { "POST /?code=x&state=s HTTP/1.1\r\n", 405, "" },
        { "", 405, "" }
    };
    char code[32], why[OAUTH_PROBLEM_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        const int status = oauth_redirect(known[i].request, "s", code,
                                          sizeof(code), why);

        if (known[i].status != 0)
            assert_int_equal(status, known[i].status);
        assert_string_equal(code, known[i].code);
    }
}

static void kept(void **state)
{
    static struct cli_token t, again;
    static char text[CLI_TOKEN_FILE];
    size_t      len = 0;

    (void)state;
    strcpy(t.flow, "device");
    strcpy(t.token_url, "https://x.example/token");
    strcpy(t.client_id, "client");
    strcpy(t.scope, "mail.send offline");
    strcpy(t.access, "access-1");
    strcpy(t.refresh, "refresh-1");
    t.expires = 1000000;
    assert_null(cli_token_format(&t, text, sizeof(text), &len));
    assert_null(cli_token_parse(&again, text, len));
    assert_memory_equal(&t, &again, sizeof(t));
    assert_non_null(cli_token_parse(&again, "nonsense\n", 9));
    assert_true(cli_token_is_fresh(&t, 900000));
    assert_false(cli_token_is_fresh(&t, 999999));
    assert_false(cli_token_is_fresh(&t, 1000001));
}

/* When a token is over, by what its server says of it; 0: nobody knows. */
static void ends_of_tokens(void **state)
{
    static const struct {
        const char *text;
        int64_t expires;
    } said[] = {
        { "{}", -1 },          /* no token */
        { "{\"access_token\":\"a\"}", 0 },
        { "{\"access_token\":\"a\",\"expires_in\":60}", 1060 },
        { "{\"access_token\":\"a\",\"expires_in\":\"60\"}", 1060 },
        { "{\"access_token\":\"a\",\"expires_in\":59.9}", 1059 },
        { "{\"access_token\":\"a\",\"expires_in\":0}", 1000 },
        { "{\"access_token\":\"a\",\"expires_in\":-60}", 1000 },
        { "{\"access_token\":\"a\",\"expires_in\":1e300}", 0 },
        { "{\"access_token\":\"a\",\"expires_in\":\"1e300\"}", 0 },
        { "{\"access_token\":\"a\",\"expires_in\":\"soon\"}", 0 },
        { "{\"access_token\":\"a\",\"expires_in\":null}", 0 },
        { "{\"access_token\":\"a\",\"expires_in\":[60]}", 0 }
    };
    static struct oauth_response r;
    static struct cli_token t;
    char why[OAUTH_PROBLEM_SIZE];
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        t.expires = -1;
        r.status = 200;
        r.len = strlen(said[i].text);
        memcpy(r.text, said[i].text, r.len);
        assert_int_equal(oauth_token_response(&t, &r, 1000, why),
                         i == 0 ? OAUTH_MALFORMED : OAUTH_GRANTED);
        assert_int_equal(t.expires, said[i].expires);
    }
}

/* RFC 8628 3.5: five seconds more, for good; and none after its end. */
static void polls(void **state)
{
    const struct oauth_device d = { .interval_s = 5, .expires_s = 60 };
    enum oauth_outcome outcome = OAUTH_PENDING;
    struct oauth_poll p;

    (void)state;
    oauth_poll_start(&p, &d, 0);
    assert_int_equal(oauth_poll_next(&p, &outcome, 0), 5000);
    outcome = OAUTH_SLOW_DOWN;
    assert_int_equal(oauth_poll_next(&p, &outcome, 5000), 10000);
    outcome = OAUTH_PENDING;
    assert_int_equal(oauth_poll_next(&p, &outcome, 15000), 10000);
    outcome = OAUTH_LATER;
    assert_int_equal(oauth_poll_next(&p, &outcome, 25000), 20000);
    outcome = OAUTH_PENDING;
    assert_int_equal(oauth_poll_next(&p, &outcome, 45000), 10000);
    assert_int_equal(oauth_poll_next(&p, &outcome, 55000), -1);
    assert_int_equal(outcome, OAUTH_EXPIRED);
    outcome = OAUTH_REFUSED;
    assert_int_equal(oauth_poll_next(&p, &outcome, 0), -1);
    assert_int_equal(outcome, OAUTH_REFUSED);
}

static void names(void **state)
{
    static const char *const good[] = { "work", "ada@example.org", "a-b_c+d" };
    static const char *const bad[] = { "", ".x", "..", "a/b", "a b", "\xC3" };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        assert_null(cli_token_check_name(good[i]));
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        assert_non_null(cli_token_check_name(bad[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pkce),
        cmocka_unit_test(forms),
        cmocka_unit_test(redirects),
        cmocka_unit_test(kept),
        cmocka_unit_test(ends_of_tokens),
        cmocka_unit_test(polls),
        cmocka_unit_test(names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
