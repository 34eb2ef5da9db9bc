/* test_engine.c - calls in a wrong state or with wrong arguments, and every end
 * of a session: engine.c. */
/* SPDX-License-Identifier: MIT */
#include "duva/engine.h"

#include "cmocka_all.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static duva_engine        e;
static duva_config        config;
static uint8_t            buf[256];
static duva_mail          mail;
static duva_rcpt          rcpt;
static duva_sasl_password password;

static void feed(const char *text)
{
    assert_int_equal(duva_feed(&e, text, strlen(text)), DUVA_OK);
}

static void send_all(void)
{
    size_t len;

    while (duva_next(&e) == DUVA_SEND) {
        duva_pending(&e, &len);
        assert_true(len > 0);
        duva_sent(&e, len);
    }
}

static void answer(const char *text)
{
    send_all();
    feed(text);
}

/* ---- a way to each state ---- */

static void to_nothing(void)
{
    memset(&config, 0, sizeof(config));
    memset(&mail, 0, sizeof(mail));
    memset(&rcpt, 0, sizeof(rcpt));
    config.name = "client.example";
    config.tls = DUVA_TLS_NEVER;
    config.options = DUVA_ALLOW_CLEAR_PASSWORD;
    mail.from = "ada@example.org";
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
    rcpt.addr = "bob@example.net";
    duva_sasl_login_init(&password, "ada", "opensesame");
}

static void to_greeting(void)
{
    to_nothing();
    assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
}

static void to_ehlo_unsent(void)
{
    to_greeting();
    feed("220 mx\r\n");
}

static void to_ehlo(void)
{
    to_ehlo_unsent();
    send_all();
}

static void to_helo(void)
{
    to_ehlo();
    answer("500 what?\r\n");
    send_all();
}

static void to_starttls(void)
{
    to_greeting();
    config.tls = DUVA_TLS_REQUIRED;
    feed("220 mx\r\n");
    answer("250-mx\r\n250 STARTTLS\r\n");
    send_all();
}

static void to_tls(void)
{
    to_starttls();
    feed("220 go\r\n");
}

static void to_choose(void)
{
    to_ehlo();
    answer("250-mx\r\n250-SIZE 1000\r\n250 AUTH LOGIN\r\n");
}

static void to_auth(void)
{
    to_choose();
    assert_int_equal(duva_auth(&e, &password.base), DUVA_OK);
    send_all();
}

static void to_idle(void)
{
    to_choose();
    assert_int_equal(duva_auth_skip(&e), DUVA_OK);
}

static void to_mail_unsent(void)
{
    to_idle();
    assert_int_equal(duva_mail_start(&e, &mail), DUVA_OK);
}

static void to_mail(void)
{
    to_mail_unsent();
    send_all();
}

static void to_rcpt(void)
{
    to_mail();
    answer("250 ok\r\n");
    send_all();
}

static void to_data(void)
{
    to_rcpt();
    answer("250 ok\r\n");
    send_all();
}

static void to_body(void)
{
    to_data();
    answer("354 go on\r\n");
}

static void to_body_unsent(void)
{
    size_t room;

    to_body();
    while (duva_next(&e) == DUVA_BODY) {
        memcpy(duva_room(&e, &room), "Hello\n", 6);
        assert_int_equal(duva_filled(&e, 6), DUVA_OK);
    }
}

static void to_end(void)
{
    to_body_unsent();
    send_all();
    assert_int_equal(duva_body_end(&e), DUVA_OK);
    send_all();
}

static void to_quit(void)
{
    to_idle();
    assert_int_equal(duva_quit(&e), DUVA_OK);
    send_all();
}

static void to_closed(void)
{
    to_quit();
    feed("221 bye\r\n");
}

enum {                         /* what may be called in a state */
    FEED = 1, BODY = 2, TLS = 4, AUTH = 8, MAIL = 16, QUIT = 32
};

static const struct {
    void     (*reach)(void);
    duva_need  need;
    duva_stage stage;
    unsigned   legal;
    uint32_t   seconds;
} states[] = {
    { to_greeting, DUVA_RECV, DUVA_STAGE_GREETING, FEED, 300 },
    { to_ehlo_unsent, DUVA_SEND, DUVA_STAGE_EHLO, FEED, 300 },
    { to_ehlo, DUVA_RECV, DUVA_STAGE_EHLO, FEED, 300 },
    { to_helo, DUVA_RECV, DUVA_STAGE_EHLO, FEED, 300 },
    { to_starttls, DUVA_RECV, DUVA_STAGE_STARTTLS, FEED, 300 },
    { to_tls, DUVA_TLS, DUVA_STAGE_TLS, FEED | TLS, 300 },
    { to_choose, DUVA_AUTH, DUVA_STAGE_AUTH, FEED | AUTH | QUIT, 300 },
    { to_auth, DUVA_RECV, DUVA_STAGE_AUTH, FEED, 300 },
    { to_idle, DUVA_IDLE, DUVA_STAGE_IDLE, FEED | MAIL | QUIT, 0 },
    { to_mail_unsent, DUVA_SEND, DUVA_STAGE_MAIL, FEED, 300 },
    { to_mail, DUVA_RECV, DUVA_STAGE_MAIL, FEED, 300 },
    { to_rcpt, DUVA_RECV, DUVA_STAGE_RCPT, FEED, 300 },
    { to_data, DUVA_RECV, DUVA_STAGE_DATA, FEED, 120 },
    { to_body, DUVA_BODY, DUVA_STAGE_BODY, FEED | BODY, 180 },
    { to_body_unsent, DUVA_SEND, DUVA_STAGE_BODY, FEED, 180 },
    { to_end, DUVA_RECV, DUVA_STAGE_END, FEED, 600 },
    { to_quit, DUVA_RECV, DUVA_STAGE_QUIT, FEED, 1 },
    { to_closed, DUVA_CLOSED, DUVA_STAGE_QUIT, 0, 1 },
};

/* ---- calls in every state ---- */

static void needs_and_waits(void **state)
{
    size_t i, len;

    (void)state;
    for (i = 0; i < COUNT(states); i++) {
        states[i].reach();
        assert_int_equal(duva_next(&e), states[i].need);
        if (states[i].need != DUVA_CLOSED) {
            assert_int_equal(duva_where(&e), states[i].stage);
            assert_int_equal(duva_timeout_ms(&e), states[i].seconds * 1000);
        }
        duva_pending(&e, &len);
        assert_true((len > 0) == (states[i].need == DUVA_SEND));
        duva_room(&e, &len);
        assert_true((len > 0) == (states[i].need == DUVA_BODY));
    }
}

/* Every illegal call says so, and nothing has changed: neither in the engine
 * nor in what it works on. */
static void wrong_state(void **state)
{
    static const duva_tls_info info = { .verified = 1 };
    struct {
        duva_engine        e;
        uint8_t            buf[sizeof(buf)];
        duva_mail          mail;
        duva_rcpt          rcpt;
        duva_sasl_password password;
    } kept;
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(states); i++) {
        const unsigned legal = states[i].legal;

        states[i].reach();
        kept.e = e;
        memcpy(kept.buf, buf, sizeof(buf));
        kept.mail = mail;
        kept.rcpt = rcpt;
        kept.password = password;
        if (!(legal & FEED))
            assert_int_equal(duva_feed(&e, "250 ok\r\n", 8), DUVA_ERR_STATE);
        if (!(legal & BODY)) {
            assert_int_equal(duva_filled(&e, 0), DUVA_ERR_STATE);
            assert_int_equal(duva_filled(&e, 1), DUVA_ERR_STATE);
            assert_int_equal(duva_body_end(&e), DUVA_ERR_STATE);
        }
        if (!(legal & TLS))
            assert_int_equal(duva_tls_done(&e, &info), DUVA_ERR_STATE);
        else
            assert_int_equal(duva_tls_done(&e, NULL), DUVA_ERR_ARG);
        if (!(legal & AUTH)) {
            assert_int_equal(duva_auth(&e, &password.base), DUVA_ERR_STATE);
            assert_int_equal(duva_auth_skip(&e), DUVA_ERR_STATE);
        }
        if (!(legal & MAIL))
            assert_int_equal(duva_mail_start(&e, &mail), DUVA_ERR_STATE);
        if (!(legal & QUIT))
            assert_int_equal(duva_quit(&e), DUVA_ERR_STATE);
        assert_memory_equal(&e, &kept.e, sizeof(e));
        assert_memory_equal(buf, kept.buf, sizeof(buf));
        assert_memory_equal(&mail, &kept.mail, sizeof(mail));
        assert_memory_equal(&rcpt, &kept.rcpt, sizeof(rcpt));
        assert_memory_equal(&password, &kept.password, sizeof(password));
    }
}

/* Nothing fed, nothing sent: nothing happens.  Above all an unasked reply is
 * still one. */
static void no_octets(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i + 1 < COUNT(states); i++) {
        states[i].reach();
        assert_int_equal(duva_feed(&e, "", 0), DUVA_OK);
        assert_int_equal(duva_feed(&e, NULL, 0), DUVA_OK);
        duva_sent(&e, 0);
        assert_int_equal(duva_next(&e), states[i].need);
        assert_int_equal(duva_where(&e), states[i].stage);
    }
    to_idle();
    duva_sent(&e, 0);
    feed("250 ok\r\n");
    assert_int_equal(duva_next(&e), DUVA_CLOSED);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_UNSOLICITED);
}

/* More sent than there was counts as all of it. */
static void sent_too_much(void **state)
{
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(states); i++) {
        size_t len;

        states[i].reach();
        duva_sent(&e, 100000);
        duva_pending(&e, &len);
        assert_int_equal(len, 0);
        duva_sent(&e, (size_t)-1);
    }
    to_ehlo_unsent();
    duva_sent(&e, 100000);
    feed("250 mx\r\n");
    assert_int_equal(duva_next(&e), DUVA_AUTH);
}

/* The server may say anything in any state; the engine stays whole, and ends
 * when it has to. */
static void any_reply_anywhere(void **state)
{
    static const char *const replies[] = {
        "220 x\r\n", "221 x\r\n", "235 x\r\n", "250 x\r\n", "251-x\r\n251\r\n",
        "334 x\r\n", "354 x\r\n", "421 x\r\n", "450 x\r\n", "500 x\r\n",
        "501 x\r\n", "502 x\r\n", "535 x\r\n", "554 x\r\n", "x\r\n", "\r\n"
    };
    size_t i, k, steps;

    (void)state;
    for (i = 0; i + 1 < COUNT(states); i++)
        for (k = 0; k < COUNT(replies); k++) {
            states[i].reach();
            for (steps = 0; steps < 40; steps++) {
                if (duva_next(&e) == DUVA_CLOSED)
                    break;
                feed(replies[k]);
                send_all();
            }
            if (duva_next(&e) == DUVA_CLOSED)
                assert_int_equal(duva_feed(&e, "x", 1), DUVA_ERR_STATE);
            assert_true(mail.result.verdict != DUVA_ACCEPTED
                        || (states[i].reach == to_end
                            && replies[k][0] == '2'));
        }
}

/* ---- arguments ---- */

static void init_arguments(void **state)
{
    static const char *const bad[] = {
        NULL, "", "a b", "a\r\nb", "\xC3\xA9", "[", "a>"
    };
    duva_engine kept;
    size_t      i;

    (void)state;
    to_idle();
    kept = e;
    assert_int_equal(duva_init(NULL, &config, buf, sizeof(buf)), DUVA_ERR_ARG);
    assert_int_equal(duva_init(&e, NULL, buf, sizeof(buf)), DUVA_ERR_ARG);
    assert_int_equal(duva_init(&e, &config, NULL, sizeof(buf)), DUVA_ERR_ARG);
    assert_int_equal(duva_init(&e, &config, buf, 0), DUVA_ERR_SPACE);
    assert_int_equal(duva_init(&e, &config, buf, DUVA_BUFFER_MIN - 1),
                     DUVA_ERR_SPACE);
    for (i = 0; i < COUNT(bad); i++) {
        config.name = bad[i];
        assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)),
                         DUVA_ERR_ARG);
    }
    config.name = "a";
    for (i = 1; i <= DUVA_STAGES; i++) {
        const int can = i == DUVA_STAGE_TLS || i == DUVA_STAGE_GREETING
                        || i == DUVA_STAGE_EHLO || i == DUVA_STAGE_AUTH
                        || i == DUVA_STAGE_MAIL || i == DUVA_STAGE_RCPT
                        || i == DUVA_STAGE_DATA;
        duva_engine other;

        config.stop_after = (duva_stage)i;
        assert_int_equal(duva_init(&other, &config, buf, sizeof(buf)),
                         can ? DUVA_OK : DUVA_ERR_ARG);
    }
    config.stop_after = DUVA_STAGE_CONNECT;
    assert_memory_equal(&e, &kept, sizeof(e));
    assert_int_equal(duva_init(&e, &config, buf, DUVA_BUFFER_MIN), DUVA_OK);
}

static void auth_arguments(void **state)
{
    (void)state;
    to_choose();
    assert_int_equal(duva_auth(&e, NULL), DUVA_ERR_ARG);
    assert_int_equal(duva_next(&e), DUVA_AUTH);
    duva_sasl_login_init(&password, "ada", "opensesame");
    assert_int_equal(duva_auth(&e, &password.base), DUVA_OK);
    to_choose();
    duva_sasl_login_init(&password, NULL, "opensesame");
    assert_int_equal(duva_auth(&e, &password.base), DUVA_ERR_ARG);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_MISSING);
    to_choose();
    duva_sasl_login_init(&password, "ada", NULL);
    assert_int_equal(duva_auth(&e, &password.base), DUVA_ERR_ARG);
    assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_ARG);
}

static void mail_arguments(void **state)
{
    (void)state;
    to_idle();
    assert_int_equal(duva_mail_start(&e, NULL), DUVA_ERR_ARG);
    mail.from = NULL;
    assert_int_equal(duva_mail_start(&e, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.reason, DUVA_REASON_MISSING);
    assert_int_equal(mail.result.verdict, DUVA_REFUSED);
    mail.from = "";
    mail.rcpt = NULL;
    assert_int_equal(duva_mail_start(&e, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.reason, DUVA_REASON_MISSING);
    mail.rcpt_count = 0;
    assert_int_equal(duva_mail_start(&e, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.reason, DUVA_REASON_NO_RECIPIENT);
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
    rcpt.addr = NULL;
    assert_int_equal(duva_mail_start(&e, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.reason, DUVA_REASON_MISSING);
    assert_int_equal(mail.result.where, 1);
    rcpt.addr = "bob@example.net";
    rcpt.verdict = DUVA_ACCEPTED;
    assert_int_equal(duva_mail_start(&e, &mail), DUVA_ERR_ARG);
    assert_int_equal(mail.result.reason, DUVA_REASON_NO_RECIPIENT);
    rcpt.verdict = DUVA_RETRY;
    assert_int_equal(duva_next(&e), DUVA_IDLE);
    assert_int_equal(duva_mail_start(&e, &mail), DUVA_OK);
}

static void filled_arguments(void **state)
{
    size_t room, len;

    (void)state;
    to_body();
    duva_room(&e, &room);
    assert_int_equal(room, sizeof(buf) / 2);
    assert_int_equal(duva_filled(&e, room + 1), DUVA_ERR_ARG);
    assert_int_equal(duva_filled(&e, (size_t)-1), DUVA_ERR_ARG);
    assert_int_equal(duva_next(&e), DUVA_BODY);
    assert_int_equal(duva_filled(&e, 0), DUVA_OK);
    assert_int_equal(duva_next(&e), DUVA_BODY);
    memset(duva_room(&e, &room), '\n', room);
    assert_int_equal(duva_filled(&e, room), DUVA_OK);
    duva_pending(&e, &len);
    assert_int_equal(len, 2 * room);
}

/* A recipient's words are cut to the room that he has. */
static void rcpt_text_room(void **state)
{
    char   text[6];
    size_t size;

    (void)state;
    for (size = 0; size <= 5; size++) {
        to_rcpt();
        memset(text, '#', sizeof(text));
        rcpt.text = size > 0 ? text : NULL;
        rcpt.text_size = size;
        answer("550 5.1.1 nobody\r\n");
        assert_int_equal(rcpt.verdict, DUVA_REFUSED);
        assert_int_equal(text[size], '#');
        if (size > 0)
            assert_int_equal(strlen(text), size - 1);
        if (size > 0)
            assert_memory_equal(text, "nobody", size - 1);
    }
}

/* ---- ends ---- */

static void abort_everywhere(void **state)
{
    static const duva_err why[] = {
        DUVA_ERR_CLOSED, DUVA_ERR_IO, DUVA_ERR_TIMEOUT, DUVA_ERR_CANCELLED,
        DUVA_ERR_TLS, DUVA_ERR_RESOURCES, DUVA_ERR_BODY, DUVA_ERR_ARG,
        DUVA_ERR_STATE, DUVA_OK, (duva_err)-99, (duva_err)7
    };
    size_t i, k;

    (void)state;
    for (i = 0; i + 1 < COUNT(states); i++)
        for (k = 0; k < COUNT(why); k++) {
            size_t len;

            states[i].reach();
            duva_abort(&e, why[k], 42);
            assert_int_equal(duva_next(&e), DUVA_CLOSED);
            duva_pending(&e, &len);
            assert_int_equal(len, 0);
            assert_int_not_equal(mail.result.verdict, DUVA_ACCEPTED);
            if (states[i].reach == to_end)
                assert_int_equal(mail.result.verdict, DUVA_UNCERTAIN);
            else if (states[i].stage >= DUVA_STAGE_MAIL
                     && states[i].stage <= DUVA_STAGE_BODY)
                assert_int_equal(mail.result.verdict, DUVA_RETRY);
            if (states[i].reach == to_quit) {
                assert_int_equal(duva_outcome(&e)->err, DUVA_OK);
                assert_int_equal(duva_outcome(&e)->cause, 0);
            } else if (k < 6) {
                assert_int_equal(duva_outcome(&e)->err, why[k]);
                assert_int_equal(duva_outcome(&e)->cause, 42);
                assert_int_equal(duva_outcome(&e)->status.code, 0);
                assert_string_equal(duva_outcome(&e)->text, "");
            }
            duva_abort(&e, DUVA_ERR_PROTOCOL, 43);
            if (k < 6 && states[i].reach != to_quit)
                assert_int_equal(duva_outcome(&e)->err, why[k]);
        }
}

static void tls_fails(void **state)
{
    (void)state;
    to_tls();
    duva_tls_failed(&e, DUVA_REASON_CERT_NAME, 62);
    assert_int_equal(duva_next(&e), DUVA_CLOSED);
    duva_tls_failed(&e, DUVA_REASON_CERT_PIN, 63);
    assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_TLS);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_CERT_NAME);
    assert_int_equal(duva_outcome(&e)->cause, 62);
    assert_int_equal(duva_outcome(&e)->verdict, DUVA_RETRY);
    assert_int_equal(duva_where(&e), DUVA_STAGE_TLS);
    to_end();
    duva_tls_failed(&e, DUVA_REASON_HANDSHAKE, 64);
    assert_int_equal(mail.result.verdict, DUVA_UNCERTAIN);
    assert_int_equal(mail.result.reason, DUVA_REASON_HANDSHAKE);
}

/* What goes wrong first is what is told. */
static void first_error_stays(void **state)
{
    (void)state;
    to_rcpt();
    feed("nonsense\r\n");
    assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_PROTOCOL);
    duva_abort(&e, DUVA_ERR_IO, 5);
    assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_PROTOCOL);
    assert_int_equal(duva_outcome(&e)->cause, 0);
    to_choose();
    config.options = 0;
    assert_int_equal(duva_auth(&e, &password.base), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(duva_next(&e), DUVA_SEND);
    duva_abort(&e, DUVA_ERR_TIMEOUT, 5);
    assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_UNSUPPORTED);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_CLEAR_LINK);
    assert_int_equal(duva_outcome(&e)->cause, 0);
}

/* The limits can be set one by one; 0 is the default. */
static void own_limits(void **state)
{
    static uint32_t ms[DUVA_STAGES];
    size_t          i;

    (void)state;
    for (i = 0; i + 1 < COUNT(states); i++) {
        states[i].reach();
        config.timeout_ms = ms;
        assert_int_equal(duva_timeout_ms(&e), states[i].seconds * 1000);
        ms[states[i].stage] = 4000000000u;
        assert_true(duva_timeout_ms(&e) == 4000000000u);
        memset(ms, 0, sizeof(ms));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needs_and_waits),  cmocka_unit_test(wrong_state),
        cmocka_unit_test(no_octets),        cmocka_unit_test(sent_too_much),
        cmocka_unit_test(any_reply_anywhere),
        cmocka_unit_test(init_arguments),   cmocka_unit_test(auth_arguments),
        cmocka_unit_test(mail_arguments),   cmocka_unit_test(rcpt_text_room),
        cmocka_unit_test(filled_arguments), cmocka_unit_test(own_limits),
        cmocka_unit_test(abort_everywhere),
        cmocka_unit_test(first_error_stays), cmocka_unit_test(tls_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
