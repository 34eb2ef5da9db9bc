/* test_window.c - pipelined transactions, and messages by BDAT, call by call:
 * engine.c. */
/* SPDX-License-Identifier: MIT */
#include "window.h"

#include "duva/extras.h"

static const char all_offers[] = "250-mx\r\n250-SIZE 1000\r\n"
                                 "250-8BITMIME\r\n"
                                 "250-PIPELINING\r\n250-BINARYMIME\r\n"
                                 "250 CHUNKING\r\n";
static const char without_pipelining[] = "250-mx\r\n250-8BITMIME\r\n"
                                        "250 CHUNKING\r\n";

static void to_data(void)
{
    start(0);
    send_all();
    feed("250 ok\r\n250 ok\r\n354 go on\r\n");
}

/* ---- who may follow whom ---- */

static void follow_by_data(void **state)
{
    (void)state;
    open_session(without_chunking, 1, 0);
    stands(NULL, 1, 1);
    start(0);
    stands(&mail[0], 0, 0);
    send_all();
    stands(&mail[0], 0, 0);
    feed("250 ok\r\n250 ok\r\n354 go on\r\n");
    stands(&mail[0], 0, 0);
    say_message();
    stands(&mail[0], 1, 0);    /* before its octets are taken */
    send_all();
    stands(&mail[0], 1, 0);    /* and after */
    start(1);
    stands(&mail[1], 0, 0);
    send_all();
    feed("250 first\r\n");
    assert_int_equal(mail[0].result.verdict, DUVA_ACCEPTED);
    assert_int_equal(mail[1].result.verdict, DUVA_PENDING);
    stands(&mail[1], 0, 0);
    feed("250 ok\r\n250 ok\r\n354 go on\r\n");
    say_message();
    send_all();
    feed("250 second\r\n");
    assert_int_equal(mail[1].result.verdict, DUVA_ACCEPTED);
    stands(NULL, 1, 1);
}

static void follow_by_chunks(void **state)
{
    (void)state;
    open_session(all_offers, 2, DUVA_MAIL_EXACT);
    start(0);
    stands(&mail[0], 0, 0);
    say_message();
    stands(&mail[0], 1, 0);
    start(1);
    say_message();
    stands(&mail[1], 1, 0);
    start(2);                  /* beyond the window: its envelope only */
    stands(&mail[2], 0, 0);
    assert_int_equal(duva_next(&e), DUVA_SEND);
    send_all();
    assert_int_equal(duva_next(&e), DUVA_RECV);
    feed("250 ok\r\n250 ok\r\n250 first\r\n");
    say_message();
    stands(&mail[2], 1, 0);
    send_all();
    feed("250 reset\r\n250 ok\r\n250 ok\r\n250 second\r\n"
         "250 reset\r\n250 ok\r\n250 ok\r\n554 third\r\n");
    stands(NULL, 1, 1);
    assert_int_equal(duva_quit(&e), DUVA_OK);
    send_all();
    feed("221 bye\r\n");
    assert_int_equal(mail[0].result.verdict, DUVA_ACCEPTED);
    assert_int_equal(mail[1].result.verdict, DUVA_ACCEPTED);
    assert_int_equal(mail[2].result.verdict, DUVA_REFUSED);
    assert_int_equal(duva_next(&e), DUVA_CLOSED);
    assert_int_equal(duva_outcome(&e)->err, DUVA_OK);
    stands(NULL, 0, 0);
}

/* Nothing follows without a window, or PIPELINING, or the will to use it; but
 * QUIT needs no window. */
static void follow_never(void **state)
{
    (void)state;
    open_session(all_offers, 0, DUVA_MAIL_EXACT);
    start(0);
    say_message();
    stands(&mail[0], 0, 1);
    open_session(all_offers, 2, DUVA_MAIL_EXACT);
    config.options = DUVA_LOCK_STEP;
    start(0);
    send_all();
    feed("250 ok\r\n");
    send_all();
    feed("250 ok\r\n");
    say_message();
    stands(&mail[0], 0, 0);
    open_session(without_pipelining, 2, DUVA_MAIL_EXACT);
    start(0);
    send_all();
    feed("250 ok\r\n");
    send_all();
    feed("250 ok\r\n");
    say_message();
    stands(&mail[0], 0, 0);
    open_session(all_offers, 2, DUVA_MAIL_EXACT);
    start(0);
    say_message();
    duva_abort(&e, DUVA_ERR_IO, 5);
    stands(NULL, 0, 0);
}

/* A mail that cannot be begun leaves those under way as they are. */
static void follow_unfit(void **state)
{
    (void)state;
    open_session(all_offers, 2, DUVA_MAIL_EXACT);
    start(0);
    say_message();
    mail[1].size = 1001;
    assert_int_equal(duva_mail_start(&e, &mail[1]), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail[1].result.reason, DUVA_REASON_TOO_BIG);
    mail[2].from = "a b";
    assert_int_equal(duva_mail_start(&e, &mail[2]), DUVA_ERR_ARG);
    stands(&mail[0], 1, 1);
    send_all();
    feed("250 ok\r\n250 ok\r\n250 first\r\n");
    assert_int_equal(mail[0].result.verdict, DUVA_ACCEPTED);
    assert_int_equal(mail[1].result.verdict, DUVA_REFUSED);
    assert_int_equal(mail[2].result.verdict, DUVA_REFUSED);
}

/* What asks for nothing needs no extension, not even EHLO. */
static void asks_for_nothing(void **state)
{
    static const duva_mail_extras mail_none = { .ops = &duva_extras };
    static const duva_rcpt_extras rcpt_none = { .ops = &duva_extras };

    (void)state;
    open_session(without_chunking, 0, 0);
    assert_int_equal(duva_init(&e, &config, buf, sizeof(buf)), DUVA_OK);
    feed("220 mx\r\n");
    send_all();
    feed("500 what?\r\n");
    send_all();
    feed("250 mx\r\n");
    assert_int_equal(duva_auth_skip(&e), DUVA_OK);
    mail[0].extras = &mail_none;
    rcpt[0].extras = &rcpt_none;
    start(0);
}

/* What became of a mail before says nothing of it when it is sent again. */
static void start_again(void **state)
{
    (void)state;
    open_session(all_offers, 1, DUVA_MAIL_EXACT);
    start(0);
    say_message();
    send_all();
    feed("250 ok\r\n250 ok\r\n452 full\r\n");
    assert_int_equal(mail[0].result.verdict, DUVA_RETRY);
    mail[0].size = 1001;
    assert_int_equal(duva_mail_start(&e, &mail[0]), DUVA_ERR_UNSUPPORTED);
    assert_int_equal(mail[0].result.verdict, DUVA_REFUSED);
    assert_int_equal(rcpt[0].verdict, DUVA_REFUSED);
}

/* Three mails in one write that breaks off anywhere: uncertain is exactly what
 * was out whole. */
static void broken_write(void **state)
{
    static const char end[] = "BDAT 5 LAST\r\nabc\r\n";
    char   text[sizeof(buf)];
    size_t ends[3], total, k, i;

    (void)state;
    for (k = 0, total = 1; k <= total; k++) {
        const char *at = text;

        open_session(all_offers, 3, DUVA_MAIL_EXACT);
        for (i = 0; i < 3; i++) {
            start(i);
            say_message();
        }
        total = pending();
        memcpy(text, duva_pending(&e, &i), total);
        text[total] = '\0';
        for (i = 0; i < 3; i++) {
            at = strstr(at, end);
            assert_non_null(at);
            at += sizeof(end) - 1;
            ends[i] = (size_t)(at - text);
        }
        duva_sent(&e, k);
        duva_abort(&e, DUVA_ERR_CLOSED, 0);
        for (i = 0; i < 3; i++) {
            assert_int_equal(mail[i].result.verdict,
                             k >= ends[i] ? DUVA_UNCERTAIN : DUVA_RETRY);
            assert_int_equal(rcpt[i].verdict, mail[i].result.verdict);
        }
    }
    assert_int_equal(ends[2], total);
}

/* A reply to a command that is not out yet is nobody's. */
static void reply_before_command(void **state)
{
    (void)state;
    open_session(without_chunking, 1, 0);
    start(0);
    feed("250 ok\r\n");
    assert_int_equal(duva_next(&e), DUVA_CLOSED);
    assert_int_equal(duva_outcome(&e)->reason, DUVA_REASON_UNSOLICITED);
}

/* A mail whose commands fill the buffer at any octet, and whose RSET is
 * rejected: nothing may follow what is on its way. */
static void reset_rejected_at_every_cut(void **state)
{
    char   from[251], text[253];
    size_t n;

    (void)state;
    memset(from, 'a', sizeof(from) - 1);
    from[64] = '@';
    from[sizeof(from) - 1] = '\0';
    for (n = 150; n < sizeof(text); n++) {
        open_session(all_offers, 2, DUVA_MAIL_EXACT);
        memset(text, 'x', n);
        strcpy(text + n - 2, "\r\n");
        mail[0].size = n;
        mail[1].from = from;
        start(0);
        send_all();
        assert_int_equal(fill(text), DUVA_OK);
        assert_int_equal(duva_body_end(&e), DUVA_OK);
        start(1);
        duva_sent(&e, pending() - 1);
        feed("250 ok\r\n250 ok\r\n250 first\r\n");
        assert_int_equal(mail[0].result.verdict, DUVA_ACCEPTED);
        assert_int_equal(mail[1].result.verdict, DUVA_PENDING);
        feed("452 no\r\n");
        assert_int_equal(mail[1].result.verdict, DUVA_RETRY);
        assert_int_equal(duva_outcome(&e)->err, DUVA_ERR_REJECTED);
        assert_int_equal(duva_next(&e), DUVA_CLOSED);
    }
}

/* ---- past the engine ---- */

static void direct_in_every_state(void **state)
{
    (void)state;
    open_session(all_offers, 1, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    assert_int_equal(duva_body_direct(&e), 0);
    assert_int_equal(duva_body_directed(&e, 1), DUVA_ERR_ARG);
    assert_int_equal(duva_body_directed(&e, 0), DUVA_OK);
    assert_int_equal(duva_next(&e), DUVA_IDLE);
    start(0);
    assert_int_equal(duva_body_direct(&e), 0); /* the envelope comes first */
    send_all();
    assert_int_equal(duva_body_direct(&e), 5);
    assert_int_equal(duva_body_directed(&e, 6), DUVA_ERR_ARG);
    assert_int_equal(duva_body_directed(&e, 0), DUVA_OK);
    assert_int_equal(fill("ab"), DUVA_OK);
    assert_int_equal(duva_body_direct(&e), 0); /* and these two */
    assert_int_equal(duva_body_directed(&e, 1), DUVA_ERR_ARG);
    send_all();
    assert_int_equal(duva_body_direct(&e), 3);
    assert_int_equal(duva_body_directed(&e, 2), DUVA_OK);
    feed("250 ok\r\n250 ok\r\n");
    assert_int_equal(duva_where(&e), DUVA_STAGE_BODY);
    assert_int_equal(duva_body_direct(&e), 1);
    assert_int_equal(duva_may_start(&e), 0);
    assert_int_equal(duva_body_directed(&e, 1), DUVA_OK);
    assert_int_equal(duva_body_direct(&e), 0);
    assert_int_equal(duva_next(&e), DUVA_RECV);
    assert_int_equal(duva_where(&e), DUVA_STAGE_END);
    assert_int_equal(duva_may_start(&e), 1);
    feed("250 queued\r\n");
    assert_int_equal(mail[0].result.verdict, DUVA_ACCEPTED);
    assert_int_equal(duva_body_direct(&e), 0);
}

static void direct_for_whom(void **state)
{
    static const struct {
        uint8_t flags;
        size_t  octets;
    } kinds[] = {
        { DUVA_MAIL_EXACT, 0 },
        { DUVA_MAIL_AS_IS, 0 },
        { DUVA_MAIL_BINARY, 0 },
        { DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS, 5 },
        { DUVA_MAIL_EXACT | DUVA_MAIL_BINARY, 5 },
    };
    size_t i;

    (void)state;
    for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        open_session(all_offers, 0, kinds[i].flags);
        start(0);
        send_all();
        feed("250 ok\r\n250 ok\r\n");
        if (kinds[i].flags == DUVA_MAIL_AS_IS)
            feed("354 go on\r\n");
        assert_int_equal(duva_next(&e), DUVA_BODY);
        assert_int_equal(duva_body_direct(&e), kinds[i].octets);
    }
    open_session(without_chunking, 0, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    to_data();
    assert_int_equal(duva_next(&e), DUVA_BODY);
    assert_int_equal(duva_body_direct(&e), 0);
}

/* Broken off behind each octet. */
static void direct_broken(void **state)
{
    size_t k;

    (void)state;
    for (k = 0; k <= 5; k++) {
        open_session(all_offers, 0, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
        start(0);
        send_all();
        assert_int_equal(duva_body_directed(&e, k), DUVA_OK);
        duva_abort(&e, DUVA_ERR_CLOSED, 0);
        assert_int_equal(mail[0].result.verdict,
                         k == 5 ? DUVA_UNCERTAIN : DUVA_RETRY);
    }
}

/* ---- a message is as long as it was said to be ---- */

static void is_wrong_size(duva_err err, size_t out)
{
    assert_int_equal(err, DUVA_ERR_BODY);
    assert_int_equal(mail[0].result.err, DUVA_ERR_BODY);
    assert_int_equal(mail[0].result.reason, DUVA_REASON_SIZE);
    assert_int_equal(mail[0].result.verdict, DUVA_REFUSED);
    assert_int_equal(duva_next(&e), DUVA_CLOSED);
    assert_true(out < 5);
}

static void wrong_size(void **state)
{
    static const uint8_t flags[] = {
        DUVA_MAIL_EXACT, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS,
        DUVA_MAIL_EXACT | DUVA_MAIL_BINARY
    };
    size_t i, out;

    (void)state;
    for (i = 0; i < sizeof(flags); i++) {
        open_session(all_offers, 0, flags[i]);
        start(0);
        send_all();
        assert_int_equal(fill("abc\r\n"), DUVA_OK);
        out = pending();
        send_all();
        is_wrong_size((duva_err)fill("d\r\n"), out);
        open_session(all_offers, 0, flags[i]);
        start(0);
        send_all();
        assert_int_equal(fill("a\r\n"), DUVA_OK);
        out = pending();
        send_all();
        is_wrong_size((duva_err)duva_body_end(&e), out);
    }
}

/* A message without an octet, and a source that gives it in no pieces. */
static void no_message(void **state)
{
    (void)state;
    open_session(all_offers, 0, DUVA_MAIL_EXACT);
    mail[0].size = 0;
    to_data();
    assert_int_equal(duva_filled(&e, 0), DUVA_OK);
    assert_int_equal(pending(), 0);
    assert_int_equal(duva_next(&e), DUVA_BODY);
    assert_int_equal(fill("\r"), DUVA_OK);
    assert_int_equal(pending(), 0);
    assert_int_equal(duva_body_end(&e), DUVA_ERR_BODY);
    assert_int_equal(mail[0].result.verdict, DUVA_REFUSED);
    open_session(all_offers, 0, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    mail[0].size = 0;
    to_data();
    assert_int_equal(duva_filled(&e, 0), DUVA_OK);
    assert_int_equal(duva_body_end(&e), DUVA_OK);
    send_all();
    feed("250 queued\r\n");
    assert_int_equal(mail[0].result.verdict, DUVA_ACCEPTED);
    open_session(all_offers, 0, DUVA_MAIL_BINARY);
    start(0);
    send_all();
    assert_int_equal(duva_filled(&e, 0), DUVA_OK);
    assert_int_equal(pending(), 0); /* no BDAT for nothing */
    assert_int_equal(fill("a"), DUVA_OK);
    assert_int_equal(pending(), sizeof("BDAT 1\r\na") - 1);
}

/* More of the message is asked for while more than half of the buffer is
 * free; else what is in it goes out first. */
static void half_full(void **state)
{
    size_t room;
    void  *at;

    (void)state;
    open_session(without_chunking, 0, 0);
    to_data();
    at = duva_room(&e, &room);
    memset(at, 'a', room);
    assert_int_equal(room, sizeof(buf) / 2);
    assert_int_equal(duva_filled(&e, room - 1), DUVA_OK);
    assert_int_equal(pending(), sizeof(buf) / 2 - 1);
    assert_int_equal(duva_next(&e), DUVA_BODY);
    assert_int_equal(fill("a"), DUVA_OK);
    assert_int_equal(pending(), sizeof(buf) / 2);
    assert_int_equal(duva_next(&e), DUVA_SEND);
}

/* The octet that waits for the end goes out with it, and once. */
static void last_octet_waits(void **state)
{
    size_t len;

    (void)state;
    open_session(all_offers, 0, DUVA_MAIL_EXACT | DUVA_MAIL_AS_IS);
    start(0);
    send_all();
    assert_int_equal(fill("abc\r\n"), DUVA_OK);
    assert_int_equal(pending(), 4);
    send_all();
    assert_int_equal(duva_filled(&e, 0), DUVA_OK);
    assert_int_equal(duva_body_directed(&e, 0), DUVA_OK);
    assert_int_equal(pending(), 0);
    assert_int_equal(duva_body_direct(&e), 0);
    assert_int_equal(duva_body_end(&e), DUVA_OK);
    assert_memory_equal(duva_pending(&e, &len), "\n", 1);
    assert_int_equal(len, 1);
    send_all();
    assert_int_equal(duva_next(&e), DUVA_RECV);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(follow_by_data),  cmocka_unit_test(follow_by_chunks),
        cmocka_unit_test(asks_for_nothing),
        cmocka_unit_test(follow_never),    cmocka_unit_test(follow_unfit),
        cmocka_unit_test(reply_before_command),
        cmocka_unit_test(reset_rejected_at_every_cut),
        cmocka_unit_test(start_again),     cmocka_unit_test(broken_write),
        cmocka_unit_test(direct_in_every_state),
        cmocka_unit_test(direct_for_whom), cmocka_unit_test(direct_broken),
        cmocka_unit_test(wrong_size),      cmocka_unit_test(no_message),
        cmocka_unit_test(last_octet_waits), cmocka_unit_test(half_full),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
