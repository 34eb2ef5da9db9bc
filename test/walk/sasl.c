/* sasl.c - walks sasl.h, scram.h and saslprep.h. */
/* SPDX-License-Identifier: MIT */
#include "walk.h"

#include "duva/openssl.h"
#include "duva/saslprep.h"
#include "duva/scram.h"

static duva_span part[DUVA_SASL_PARTS];

static int first_step(duva_sasl *base)
{
    return base->step(base, NULL, part);
}

static void gives_up(duva_sasl *base, duva_reason reason)
{
    assert_int_equal(first_step(base), DUVA_ERR_ARG);
    if (reason != DUVA_REASON_NONE)
        assert_int_equal(base->reason, reason);
}

/* A challenge that is no base64, one that is empty, and one that did not fit.
 * Whatever comes of it, the mechanism is there for another exchange. */
static void hears_anything(duva_sasl *base)
{
    static const duva_span said[] = { { "*", 1 }, { "", 0 }, { NULL, 64 } };
    size_t i;

    for (i = 0; i < 3; i++) {
        first_step(base);
        base->round = 1;
        assert_in_range(base->step(base, &said[i], part) + 64, 0,
                        64 + DUVA_SASL_NO_INITIAL);
    }
}

static void walk_duva_sasl_plain_init(void **state)
{
    duva_sasl_password s;

    (void)state;
    duva_sasl_plain_init(&s, NULL, "secret");
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_plain_init(&s, "ada", NULL);
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_plain_init(&s, "", "");
    assert_int_equal(first_step(&s.base), 3);
    hears_anything(&s.base);
}

static void walk_duva_sasl_login_init(void **state)
{
    duva_sasl_password s;

    (void)state;
    duva_sasl_login_init(&s, NULL, NULL);
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_login_init(&s, "", "");
    assert_int_equal(first_step(&s.base), DUVA_SASL_NO_INITIAL);
    hears_anything(&s.base);
}

static void walk_duva_sasl_external_init(void **state)
{
    duva_sasl_name s;

    (void)state;
    duva_sasl_external_init(&s, NULL);
    assert_int_equal(first_step(&s.base), 0);
    duva_sasl_external_init(&s, "a\nb");
    gives_up(&s.base, DUVA_REASON_CONTROL);
    hears_anything(&s.base);
}

static void walk_duva_sasl_anonymous_init(void **state)
{
    duva_sasl_name s;

    (void)state;
    duva_sasl_anonymous_init(&s, NULL);
    assert_int_equal(first_step(&s.base), 0);
    duva_sasl_anonymous_init(&s, "\x7F");
    gives_up(&s.base, DUVA_REASON_CONTROL);
    hears_anything(&s.base);
}

static int no_token(void *ctx, duva_span *token)
{
    (void)ctx;
    (void)token;
    return WALK_NONE;          /* neither DUVA_OK nor a duva_err */
}

static void walk_oauth(void (*init)(duva_sasl_oauth *, const char *,
                                    const char *))
{
    duva_sasl_oauth s;
    char            said[1] = "#";

    init(&s, "ada", NULL);
    gives_up(&s.base, DUVA_REASON_MISSING);
    s.get = no_token;
    gives_up(&s.base, DUVA_REASON_NONE);
    init(&s, "ada", "");
    gives_up(&s.base, DUVA_REASON_MISSING);
    init(&s, "ada", "a\nb");
    gives_up(&s.base, DUVA_REASON_CONTROL);
    init(&s, "a\nb", "token");
    gives_up(&s.base, DUVA_REASON_CONTROL);
    init(&s, walk_bad[8], "token");
    gives_up(&s.base, DUVA_REASON_NONE);
    init(&s, "ada", "token");
    s.said_size = 512;         /* and nowhere to put it */
    hears_anything(&s.base);
    s.said = said;
    s.said_size = 0;
    hears_anything(&s.base);
    assert_int_equal(said[0], '#');
    s.said_size = 1;
    hears_anything(&s.base);
    assert_int_equal(said[0], '\0');
}

static void walk_duva_sasl_oauthbearer_init(void **state)
{
    (void)state;
    walk_oauth(duva_sasl_oauthbearer_init);
}

static void walk_duva_sasl_xoauth2_init(void **state)
{
    duva_sasl_oauth s;

    (void)state;
    walk_oauth(duva_sasl_xoauth2_init);
    duva_sasl_xoauth2_init(&s, NULL, "token");
    gives_up(&s.base, DUVA_REASON_MISSING);
}

static void walk_duva_sasl_scram_init(void **state)
{
    const duva_crypto *const crypto = &duva_crypto_openssl;
    duva_sasl_scram s;

    (void)state;
    duva_sasl_scram_init(&s, NULL, DUVA_SHA256, 0, "ada", "secret");
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_scram_init(&s, crypto, DUVA_SHA256, 0, NULL, "secret");
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_scram_init(&s, crypto, DUVA_SHA256, 0, "ada", NULL);
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_scram_init(&s, crypto, DUVA_SHA256, 0, "a\nb", "secret");
    gives_up(&s.base, DUVA_REASON_CONTROL);
    duva_sasl_scram_init(&s, crypto, DUVA_SHA256, WALK_NONE, "ada", "secret");
    assert_true(first_step(&s.base) < 0); /* -PLUS, and nothing to bind to */
    duva_sasl_scram_init(&s, crypto, (duva_digest)WALK_NONE, 0, "ada", "x");
    assert_int_equal(s.base.bit, 0); /* which no server offers */
    assert_true(first_step(&s.base) < 0);
    duva_sasl_scram_init(&s, crypto, DUVA_MD5, 0, "ada", "x");
    assert_int_equal(s.base.bit, 0);
    duva_sasl_scram_init(&s, crypto, DUVA_SHA1, 0, "ada", "secret");
    hears_anything(&s.base);
}

static void walk_duva_sasl_cram_md5_init(void **state)
{
    duva_sasl_cram_md5 s;

    (void)state;
    duva_sasl_cram_md5_init(&s, NULL, "ada", "secret");
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_cram_md5_init(&s, &duva_crypto_openssl, NULL, "secret");
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_cram_md5_init(&s, &duva_crypto_openssl, "ada", NULL);
    gives_up(&s.base, DUVA_REASON_MISSING);
    duva_sasl_cram_md5_init(&s, &duva_crypto_openssl, "ada", "secret");
    hears_anything(&s.base);
}

static void walk_duva_saslprep(void **state)
{
    char out[8] = "#######";

    (void)state;
    assert_int_equal(duva_saslprep(NULL, out, sizeof(out)), DUVA_ERR_ARG);
    assert_int_equal(duva_saslprep("x", NULL, 0), DUVA_ERR_ARG);
    out[0] = '#';
    assert_int_equal(duva_saslprep("x", out, 0), DUVA_ERR_SPACE);
    assert_int_equal(out[0], '#');
    assert_int_equal(duva_saslprep("x", out, 1), DUVA_ERR_SPACE);
    assert_int_equal(duva_saslprep("\n", out, sizeof(out)), DUVA_ERR_ARG);
    assert_int_equal(duva_saslprep("\xFF", out, sizeof(out)), DUVA_ERR_ARG);
    assert_int_equal(duva_saslprep("\xC3\xA9\xC3\xA9", out, 3),
                     DUVA_ERR_SPACE);
    assert_int_equal(duva_saslprep("", out, 1), DUVA_OK);
}

static void walk_duva_wipe(void **state)
{
    char text[4] = "abc";

    (void)state;
    duva_wipe(NULL, 0);
    duva_wipe(text, 2);
    assert_memory_equal(text, "\0\0c", 4);
}

static const struct CMUnitTest tests[] = {
    WALK(duva_sasl_plain_init), WALK(duva_sasl_login_init),
    WALK(duva_sasl_external_init), WALK(duva_sasl_anonymous_init),
    WALK(duva_sasl_oauthbearer_init), WALK(duva_sasl_xoauth2_init),
    WALK(duva_sasl_scram_init), WALK(duva_sasl_cram_md5_init),
    WALK(duva_saslprep), WALK(duva_wipe)
};

const struct walk walk_sasl = WALKED(tests);
