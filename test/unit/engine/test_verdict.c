/* test_verdict.c - replies into verdicts of a recipient, a mail and a session:
 * verdict.c. */
/* SPDX-License-Identifier: MIT */
#include "verdict.h"
#include "window.h"

#include <stdio.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

static void opinions(void **state)
{
    static const struct {
        duva_status  status;
        duva_verdict verdict;
    } kinds[] = {
        { { 250, { 0 }, DUVA_STAGE_RCPT }, DUVA_PENDING },
        { { 399, { 0 }, DUVA_STAGE_RCPT }, DUVA_PENDING },
        { { 400, { 0 }, DUVA_STAGE_RCPT }, DUVA_RETRY },
        { { 499, { 0 }, DUVA_STAGE_RCPT }, DUVA_RETRY },
        { { 500, { 0 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 599, { 0 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 500, { 0 }, DUVA_STAGE_STARTTLS }, DUVA_RETRY },
        { { 500, { 0 }, DUVA_STAGE_RSET }, DUVA_RETRY },
        { { 500, { 0 }, DUVA_STAGE_EHLO }, DUVA_REFUSED },
        { { 500, { 0 }, DUVA_STAGE_AUTH }, DUVA_REFUSED },
        { { 500, { 0 }, DUVA_STAGE_MAIL }, DUVA_REFUSED },
        { { 551, { 0 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 0 }, DUVA_STAGE_RCPT }, DUVA_RETRY },
        { { 553, { 0 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 0 }, DUVA_STAGE_MAIL }, DUVA_REFUSED },
        { { 552, { 0 }, DUVA_STAGE_END }, DUVA_REFUSED },
        { { 552, { 5, 5, 3 }, DUVA_STAGE_RCPT }, DUVA_RETRY },
        { { 552, { 5, 5, 3 }, DUVA_STAGE_END }, DUVA_REFUSED },
        { { 550, { 5, 5, 3 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 5, 5, 2 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 5, 5, 4 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 5, 2, 3 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 5, 2, 2 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 5, 0, 0 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 5, 4, 3 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
        { { 552, { 5, 6, 3 }, DUVA_STAGE_RCPT }, DUVA_REFUSED },
    };
    size_t i;

    (void)state;
    for (i = 0; i < COUNT(kinds); i++)
        assert_int_equal(duva__verdict_of_reply(&kinds[i].status),
                         kinds[i].verdict);
}

/* ---- codes at the borders of what they mean ---- */

static void to_auth(void)
{
    static duva_sasl_password password;

    open_session("250-mx\r\n250 AUTH LOGIN\r\n", 0, 0);
    assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
    feed("220 mx\r\n");
    send_all();
    feed("250-mx\r\n250 AUTH LOGIN\r\n");
    config.options = DUVA_ALLOW_CLEAR_PASSWORD;
    duva_sasl_login_init(&password, "ada", "opensesame");
    assert_int_equal(duva_auth(&e, &password.base), DUVA_OK);
    send_all();
}

static void to_greeting(void)
{
    open_session("250 mx\r\n", 0, 0);
    assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
}

static void to_mail(void)
{
    open_session("250 mx\r\n", 0, 0);
    start(0);
    send_all();
}

static void to_rcpt(void)
{
    to_mail();
    feed("250 ok\r\n");
    send_all();
}

static void to_data(void)
{
    to_rcpt();
    feed("250 ok\r\n");
    send_all();
}

static void to_body(void)
{
    to_data();
    feed("354 go on\r\n");
}

static void to_end(void)
{
    to_body();
    say_message();
    send_all();
}

static void borders(void **state)
{
    static const struct {
        void     (*reach)(void);
        duva_stage stage;
    } stages[] = {
        { to_greeting, DUVA_STAGE_GREETING }, { to_auth, DUVA_STAGE_AUTH },
        { to_mail, DUVA_STAGE_MAIL },         { to_rcpt, DUVA_STAGE_RCPT },
        { to_data, DUVA_STAGE_DATA },         { to_body, DUVA_STAGE_BODY },
        { to_end, DUVA_STAGE_END },
    };
    static const unsigned codes[] = { 299, 300, 399, 400, 499, 500, 599 };
    char   reply[16];
    size_t i, k;

    (void)state;
    for (i = 0; i < COUNT(stages); i++)
        for (k = 0; k < COUNT(codes); k++) {
            const duva_stage stage = stages[i].stage;
            const duva_result *r = &mail[0].result;

            stages[i].reach();
            assert_int_equal(duva_where(&e), stage);
            sprintf(reply, "%u x\r\n", codes[k]);
            feed(reply);
            if (codes[k] == 299
                && (stage == DUVA_STAGE_MAIL || stage == DUVA_STAGE_RCPT
                    || stage == DUVA_STAGE_END)) {
                assert_int_equal(duva_outcome(&e)->err, DUVA_OK);
                assert_int_equal(r->verdict, stage == DUVA_STAGE_END
                                                 ? DUVA_ACCEPTED
                                                 : DUVA_PENDING);
                continue;
            }
            if (stage < DUVA_STAGE_IDLE || codes[k] < 400)
                r = duva_outcome(&e);
            if (codes[k] < 400) {
                assert_int_equal(r->err, DUVA_ERR_PROTOCOL);
                assert_int_equal(r->reason, stage == DUVA_STAGE_BODY
                                                ? DUVA_REASON_UNSOLICITED
                                                : DUVA_REASON_UNEXPECTED);
            } else {
                assert_int_equal(r->err, DUVA_ERR_REJECTED);
                assert_int_equal(r->status.code, codes[k]);
                assert_int_equal(r->verdict, codes[k] < 500 ? DUVA_RETRY
                                                            : DUVA_REFUSED);
            }
        }
}

/* ---- one mail, several recipients ---- */

enum { RCPTS = 3 };

static const char *const answers[] = { "250", "450", "550" };

/* Which recipient's reply is the mail's, as mail.h has it; 0: none's. */
static size_t chosen(const unsigned said[RCPTS], duva_policy policy)
{
    const unsigned first = policy == DUVA_ALL_OR_NOTHING ? 2 : 1;
    unsigned       kind, round;
    size_t         i, found;

    for (round = 0; round < 2; round++) {
        kind = round == 0 ? first : 3 - first;
        for (i = 1, found = 0; i <= RCPTS; i++)
            if (said[i - 1] == kind
                && (found == 0 || policy == DUVA_WHOEVER_IS_ACCEPTED))
                found = i;
        if (found > 0)
            return found;
    }
    return 0;
}

static void say_replies(const unsigned said[RCPTS], const char *then)
{
    char   reply[32];
    size_t i;

    for (i = 0; i < RCPTS; i++) {
        sprintf(reply, "%s %u\r\n", answers[said[i]], (unsigned)i + 1);
        feed(reply);
    }
    feed(then);
}

static void whose_reply(void **state)
{
    static const duva_policy policies[] = { DUVA_ALL_OR_NOTHING,
                                            DUVA_WHOEVER_IS_ACCEPTED };
    duva_rcpt rcpts[RCPTS];
    size_t    number, p, i;

    (void)state;
    for (number = 0; number < 27; number++)
        for (p = 0; p < COUNT(policies); p++) {
            const unsigned said[RCPTS] = { (unsigned)number % 3,
                                           (unsigned)number / 3 % 3,
                                           (unsigned)number / 9 };
            const size_t   which = chosen(said, policies[p]);
            const int      goes = which == 0
                             || (policies[p] == DUVA_WHOEVER_IS_ACCEPTED
                                 && (said[0] * said[1] * said[2] == 0));

            open_session(without_chunking, 0, 0);
            memset(rcpts, 0, sizeof(rcpts));
            for (i = 0; i < RCPTS; i++)
                rcpts[i].addr = "bob@example.net";
            mail[0].rcpt = rcpts;
            mail[0].rcpt_count = RCPTS;
            mail[0].policy = policies[p];
            start(0);
            send_all();
            feed("250 ok\r\n");
            say_replies(said, "");
            send_all();        /* DATA, if it was not said before */
            if (goes) {
                feed("354 go on\r\n");
                say_message();
                send_all();
                feed("250 queued\r\n");
                assert_int_equal(mail[0].result.verdict, DUVA_ACCEPTED);
            } else {
                if (policies[p] == DUVA_WHOEVER_IS_ACCEPTED)
                    feed("503 nobody\r\n");
                assert_int_equal(mail[0].result.err, DUVA_ERR_REJECTED);
                assert_int_equal(mail[0].result.text[0], '0' + (int)which);
                assert_int_equal(mail[0].result.verdict,
                                 said[which - 1] == 1 ? DUVA_RETRY
                                                      : DUVA_REFUSED);
            }
            for (i = 0; i < RCPTS; i++)
                if (said[i] > 0)
                    assert_int_equal(rcpts[i].verdict,
                                     said[i] == 1 ? DUVA_RETRY
                                                  : DUVA_REFUSED);
                else
                    assert_int_equal(rcpts[i].verdict,
                                     goes ? DUVA_ACCEPTED : DUVA_RETRY);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(opinions),
        cmocka_unit_test(borders),
        cmocka_unit_test(whose_reply),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
