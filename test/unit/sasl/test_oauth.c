/* test_oauth.c - OAUTHBEARER and XOAUTH2: sasl/oauth.c. */
/* SPDX-License-Identifier: MIT */
#include "exchange.h"

#define TOKEN "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="

static duva_sasl_oauth s;

/* RFC 7628 4.1 and 4.2 */
static void bearer(void **state)
{
    (void)state;
    duva_sasl_oauthbearer_init(&s, "user@example.com", TOKEN);
    assert_string_equal(s.base.name, "OAUTHBEARER");
    assert_int_equal(s.base.bit, DUVA_AUTH_OAUTHBEARER);
    assert_int_equal(s.base.flags, DUVA_SASL_SHOWS_PASSWORD);
    s.host = "server.example.com";
    s.port = 587;
    assert_true(exchange_start(&s.base) > 0);
    SAYS("n,a=user@example.com,\001host=server.example.com\001port=587\001"
         "auth=Bearer " TOKEN "\001\001");
    s.port = 65535;
    s.host = "";
    exchange_start(&s.base);
    SAYS("n,a=user@example.com,\001port=65535\001auth=Bearer " TOKEN
         "\001\001");
    s.port = 0;
    s.host = NULL;
    s.user = NULL;
    exchange_start(&s.base);
    SAYS("n,,\001auth=Bearer " TOKEN "\001\001");
    s.user = "";
    exchange_start(&s.base);
    SAYS("n,,\001auth=Bearer " TOKEN "\001\001");
    s.user = "a,b=c";
    exchange_start(&s.base);
    SAYS("n,a=a=2Cb=3Dc,\001auth=Bearer " TOKEN "\001\001");
}

static void xoauth2(void **state)
{
    (void)state;
    duva_sasl_xoauth2_init(&s, "a,b=c@example.com", "ya29.vF9dft4qmTc2Nvb3Rlc");
    assert_string_equal(s.base.name, "XOAUTH2");
    assert_int_equal(s.base.bit, DUVA_AUTH_XOAUTH2);
    assert_int_equal(s.base.flags, DUVA_SASL_SHOWS_PASSWORD);
    s.host = "never said";
    s.port = 25;
    exchange_start(&s.base);
    SAYS("user=a,b=c@example.com\001auth=Bearer ya29.vF9dft4qmTc2Nvb3Rlc"
         "\001\001");
}

#define REFUSAL "{\"status\":\"invalid_token\",\n\"scope\":\"x\x7Fy\"}"
#define SHOWN "{\"status\":\"invalid_token\",?\"scope\":\"x?y\"}"

/* RFC 7628 4.3: the refusal is answered, then the server says it in SMTP. */
static void refused(void **state)
{
    char said[64];

    (void)state;
    duva_sasl_oauthbearer_init(&s, "u", "t");
    s.said = said;
    s.said_size = sizeof(said);
    strcpy(said, "of before");
    exchange_start(&s.base);
    assert_string_equal(said, "");
    assert_int_equal(exchange_text(&s.base, REFUSAL), 1);
    SAYS("\001");
    assert_string_equal(said, SHOWN);
    exchange_fails(&s.base, exchange_text(&s.base, REFUSAL),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_UNEXPECTED);
    exchange_start(&s.base);
    exchange_text(&s.base, "\x1B[2J\n");
    assert_string_equal(said, "?[2J?");
    duva_sasl_xoauth2_init(&s, "u", "t");
    exchange_start(&s.base);
    assert_int_equal(exchange_text(&s.base, REFUSAL), 0);
    exchange_start(&s.base);
    assert_int_equal(exchange_text(&s.base, REFUSAL), 0);
}

/* Whatever room there is for it, as much of it is kept. */
static void refusal_cut(void **state)
{
    char   said[sizeof(REFUSAL) + 4], want[sizeof(said)];
    size_t size;

    (void)state;
    duva_sasl_oauthbearer_init(&s, "u", "t");
    s.said = said;
    for (size = 0; size < sizeof(said); size++) {
        s.said_size = size;
        memset(said, '!', sizeof(said));
        exchange_start(&s.base);
        assert_int_equal(exchange_text(&s.base, REFUSAL), 1);
        memset(want, '!', sizeof(want));
        if (size > 0) {
            strncpy(want, SHOWN, size - 1);
            want[size - 1 < strlen(SHOWN) ? size - 1 : strlen(SHOWN)] = '\0';
            assert_string_equal(said, want);
        }
        assert_int_equal(said[size], '!');
    }
}

static void refusal_unread(void **state)
{
    char      said[8];
    duva_span c = { NULL, 64 };

    (void)state;
    duva_sasl_oauthbearer_init(&s, "u", "t");
    s.said = said;
    s.said_size = sizeof(said);
    exchange_start(&s.base);
    assert_int_equal(s.base.step(&s.base, &c, exchange_part), 1);
    assert_string_equal(said, "");
    exchange_start(&s.base);
    assert_int_equal(exchange_raw(&s.base, "", 0), 1);
    assert_string_equal(said, "");
    exchange_start(&s.base);
    exchange_fails(&s.base, exchange_raw(&s.base, "YWJj*mJj", 8),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
    assert_string_equal(said, "");
    s.said = NULL;             /* nobody wants to know */
    exchange_start(&s.base);
    exchange_fails(&s.base, exchange_raw(&s.base, "YWJj*mJj", 8),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
    s.said = said;
    s.said_size = 0;
    said[0] = '!';
    exchange_start(&s.base);
    exchange_fails(&s.base, exchange_raw(&s.base, "YWJj*mJj", 8),
                   DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
    assert_int_equal(said[0], '!');
}

static void fails(duva_reason reason)
{
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG, reason);
}

static void tokens(void **state)
{
    char token[] = "a?b";
    int  octet;

    (void)state;
    for (octet = 0; octet < 256; octet++) {
        const int letter = octet | 0x20;
        const int good = (letter >= 'a' && letter <= 'z' && octet < 128)
                         || (octet >= '0' && octet <= '9')
                         || (octet != 0 && strchr("-._~+/", octet) != NULL);

        duva_sasl_oauthbearer_init(&s, "u", NULL);
        token[1] = (char)octet;
        s.token.data = token;
        s.token.len = 3;
        if (good)
            assert_true(exchange_start(&s.base) > 0);
        else
            fails(octet >= 128 ? DUVA_REASON_NOT_ASCII
                  : octet < ' ' || octet == 0x7F ? DUVA_REASON_CONTROL
                                                 : DUVA_REASON_CHARACTER);
    }
    duva_sasl_oauthbearer_init(&s, "u", "=");
    fails(DUVA_REASON_CHARACTER);
    duva_sasl_oauthbearer_init(&s, "u", "a=b");
    fails(DUVA_REASON_CHARACTER);
    duva_sasl_oauthbearer_init(&s, "u", "a==");
    assert_true(exchange_start(&s.base) > 0);
}

static void arguments(void **state)
{
    (void)state;
    duva_sasl_oauthbearer_init(&s, "u", NULL);
    fails(DUVA_REASON_MISSING);
    duva_sasl_oauthbearer_init(&s, "u", "");
    fails(DUVA_REASON_MISSING);
    duva_sasl_xoauth2_init(&s, NULL, "t");
    fails(DUVA_REASON_MISSING);
    duva_sasl_xoauth2_init(&s, "", "t");
    fails(DUVA_REASON_MISSING);
    duva_sasl_xoauth2_init(&s, "u\001auth=Bearer x", "t");
    fails(DUVA_REASON_CONTROL);
    duva_sasl_oauthbearer_init(&s, "u\001", "t");
    fails(DUVA_REASON_CONTROL);
    duva_sasl_oauthbearer_init(&s, "u", "t");
    s.host = "h\001";
    fails(DUVA_REASON_CONTROL);
}

/* A name and a host of the greatest lengths fit, longer ones say so. */
static void room(void **state)
{
    char   user[DUVA_OAUTH_SIZE + 1];
    size_t len;

    (void)state;
    for (len = 1; len < sizeof(user); len++) {
        memset(user, 'u', len);
        user[len] = '\0';
        duva_sasl_xoauth2_init(&s, user, "t");
        if (len + 18 <= DUVA_OAUTH_SIZE)
            assert_true(exchange_start(&s.base) > 0);
        else
            exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_SPACE,
                           DUVA_REASON_NONE);
    }
}

static int asked;

static int get(void *ctx, duva_span *token)
{
    asked++;
    token->data = ctx;
    token->len = 5;
    return DUVA_OK;
}

static int get_nothing(void *ctx, duva_span *token)
{
    (void)token;
    return *(int *)ctx;
}

/* The token is asked for each time, when it is needed. */
static void callback(void **state)
{
    char token[] = "token";
    int  answer = DUVA_ERR_TIMEOUT;

    (void)state;
    duva_sasl_oauthbearer_init(&s, NULL, NULL);
    s.get = get;
    s.get_ctx = token;
    assert_int_equal(asked, 0);
    exchange_start(&s.base);
    SAYS("n,,\001auth=Bearer token\001\001");
    token[0] = 'T';
    exchange_start(&s.base);
    SAYS("n,,\001auth=Bearer Token\001\001");
    assert_int_equal(asked, 2);
    token[0] = '\n';
    fails(DUVA_REASON_CONTROL);
    s.get = get_nothing;
    s.get_ctx = &answer;
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_TIMEOUT,
                   DUVA_REASON_NONE);
    answer = 3;                /* which is no answer */
    exchange_fails(&s.base, exchange_start(&s.base), DUVA_ERR_ARG,
                   DUVA_REASON_NONE);
    answer = DUVA_OK;
    fails(DUVA_REASON_MISSING);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bearer),         cmocka_unit_test(xoauth2),
        cmocka_unit_test(refused),        cmocka_unit_test(refusal_cut),
        cmocka_unit_test(refusal_unread), cmocka_unit_test(tokens),
        cmocka_unit_test(arguments),      cmocka_unit_test(room),
        cmocka_unit_test(callback),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
