/* test_face_kept.c - tests several mails over one connection. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

static NX_SMTP_CLIENT client;

#define OVER MESSAGE, ">250 taken\r\n"

static UINT mail(CHAR *subject)
{
    return nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_NORMAL,
                             subject, "Hello.\r\n", 8);
}

static void check_subject(const char *line)
{
    CHECK(strstr(face_servers[0].message, line) != NULL);
}

/* Sends a mail over a connection that is up. */
static void check_mail(CHAR *subject, const char *line)
{
    CHECK_STATUS(NX_SUCCESS, mail(subject));
    CHECK(client.nx_smtp_client_reply_code_status == 250);
    check_subject(line);
}

static void connect_as(UINT type, const char *const *script)
{
    face_client(&client, type);
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_connect(&client, PATIENCE));
}

static void connect_by(const char *const *script)
{
    connect_as(NX_SMTP_CLIENT_AUTH_PLAIN, script);
}

static void disconnect(void)
{
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_disconnect(&client, PATIENCE));
    face_over(0);
}

#define LOGIN                                                                  \
    EHLO, ">250-hi\r\n250 AUTH PLAIN\r\n",                                     \
        "<AUTH PLAIN\r\n", ">334 \r\n", "<AGFkYQBzM2NyZXQ=\r\n", ">235 hi\r\n"

/* One login, three mails, one goodbye; then each has its own again. */
FACE_TEST(several)
{
    static const char *const script[] = {
        LOGIN, OVER, OVER, OVER, GOODBYE, NULL
    };
    static const char *const single[] = { LOGIN, TAKEN, NULL };

    connect_by(script);
    CHECK(client.nx_smtp_client_authentication_state
          == NX_SMTP_AUTHENTICATION_SUCCEEDED);
    CHECK_STATUS(NX_NOT_CLOSED, nx_smtp_client_connect(&client, PATIENCE));
    check_mail("one", "Subject: one\r\n");
    check_mail("two", "Subject: two\r\n");
    check_mail("three", "Subject: three\r\n");
    disconnect();
    CHECK(!face_servers[0].reset);
    CHECK(face_most == 1);
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_smtp_client_disconnect(&client, PATIENCE));
    face_send(&client, single, NX_SUCCESS);
    face_send(&client, single, NX_SUCCESS);
}

/* A refused mail leaves the connection to the next one. */
FACE_TEST(refused)
{
    static const char *const script[] = {
        LOGIN, UP_TO_RCPT, ">550 no\r\n", "<RSET\r\n", ">250 ok\r\n",
        OVER, MAIL, ">552 no\r\n", OVER, GOODBYE, NULL
    };

    connect_by(script);
    CHECK_STATUS(NX_SMTP_RCPT_REPLY_ERROR, mail("no"));
    check_mail("two", "Subject: two\r\n");
    CHECK_STATUS(NX_SMTP_MAIL_REPLY_ERROR, mail("no"));
    check_mail("four", "Subject: four\r\n");
    disconnect();
}

/* The server ends the connection between mails, in three ways: the next mail
 * makes another. */
FACE_TEST(ended)
{
    static const char *const scripts[][48] = {
        { LOGIN, OVER, ">421 bye\r\n", "|", "/", LOGIN, OVER, OVER, GOODBYE,
          NULL },
        { LOGIN, OVER, "|", "/", LOGIN, OVER, OVER, GOODBYE, NULL },
        { LOGIN, OVER, "!", "/", LOGIN, OVER, OVER, GOODBYE, NULL },
    };
    size_t i;

    for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        const char *const *end = scripts[i];

        while (strchr("|!", **end) == NULL)
            end++;
        connect_by(scripts[i]);
        check_mail("one", "Subject: one\r\n");
        face_await(0, end);
        check_mail("two", "Subject: two\r\n");
        check_mail("three", "Subject: three\r\n");
        disconnect();
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    }
}

/* A server that says how many mails it takes gets no more on a connection. */
FACE_TEST(worn)
{
#define LIMITED EHLO, ">250-hi\r\n250 LIMITS MAILMAX=2\r\n"
    static const char *const script[] = {
        LIMITED, OVER, OVER, GOODBYE, "/", LIMITED, OVER, GOODBYE, NULL
    };

    connect_as(NX_SMTP_CLIENT_AUTH_NONE, script);
    check_mail("one", "Subject: one\r\n");
    check_mail("two", "Subject: two\r\n");
    check_mail("three", "Subject: three\r\n");
    disconnect();
}

/* It is made again once, and by the next mail once more. */
FACE_TEST(not_again)
{
    static const char *const script[] = {
        LOGIN, "!", "/", ">554 no\r\n", GOODBYE, "/",
        LOGIN, OVER, GOODBYE, NULL
    };
    NX_SMTP_REPLY reply;

    connect_by(script);
    face_await(0, script + 4);
    CHECK_STATUS(NX_SMTP_GREET_REPLY_ERROR, mail("no"));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_code == 554);
    CHECK(reply.nx_smtp_reply_state == NX_SMTP_CLIENT_STATE_GREETING);
    check_mail("two", "Subject: two\r\n");
    disconnect();
}

/* What answers MAIL for now, or ends the connection before it is answered, is
 * no verdict on the mail: another connection is made, once.  A refusal for good
 * is a verdict. */
FACE_TEST(before_mail)
{
#define NOT_BEGUN(...)                                                         \
    { LOGIN, OVER, __VA_ARGS__, "/", LOGIN, OVER, GOODBYE, NULL }
    static const char *const scripts[][64] = {
        NOT_BEGUN(MAIL, ">421 4.4.2 idle for too long\r\n", "|"),
        NOT_BEGUN(MAIL, ">421 bye\r\n"),
        NOT_BEGUN(MAIL, ">451 4.3.0 later\r\n", GOODBYE),
        NOT_BEGUN(MAIL, ">450 4.7.1 too many mails\r\n", GOODBYE),
        NOT_BEGUN(MAIL, "|"),
        NOT_BEGUN(MAIL, "!"),
        NOT_BEGUN(UP_TO_RCPT, ">550 no\r\n", "<RSET\r\n", ">421 bye\r\n"),
        NOT_BEGUN(UP_TO_RCPT, ">550 no\r\n", "<RSET\r\n", ">451 no\r\n",
                  GOODBYE),
    };
    size_t i;

    for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        connect_by(scripts[i]);
        check_mail("one", "Subject: one\r\n");
        if (i >= 6)            /* those with RSET */
            CHECK_STATUS(NX_SMTP_RCPT_REPLY_ERROR, mail("no"));
        check_mail("two", "Subject: two\r\n");
        disconnect();
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    }
}

/* What the other connection says to the mail is its verdict. */
FACE_TEST(before_mail_twice)
{
    static const char *const later[] = {
        LOGIN, OVER, MAIL, ">451 4.3.0 later\r\n", GOODBYE, "/",
        LOGIN, MAIL, ">452 4.3.1 still\r\n", OVER, GOODBYE, NULL
    };
    static const char *const never[] = {
        LOGIN, OVER, MAIL, ">550 5.7.1 no\r\n", OVER, GOODBYE, NULL
    };
    NX_SMTP_REPLY reply;

    connect_by(later);
    check_mail("one", "Subject: one\r\n");
    CHECK_STATUS(NX_SMTP_MAIL_REPLY_ERROR, mail("two"));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_RETRY);
    CHECK(reply.nx_smtp_reply_code == 452);
    check_mail("three", "Subject: three\r\n");
    disconnect();
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));

    connect_by(never);
    check_mail("one", "Subject: one\r\n");
    CHECK_STATUS(NX_SMTP_MAIL_REPLY_ERROR, mail("two"));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_REFUSED);
    check_mail("three", "Subject: three\r\n");
    disconnect();
}

/* What ends in the middle of a mail is that mail's status; nothing of it is
 * said twice. */
FACE_TEST(middle)
{
    static const struct {
        UINT status, verdict;
        const char *script[48];
    } tries[] = {
        { NX_NOT_CONNECTED, NX_SMTP_VERDICT_RETRY,
          { LOGIN, OVER, UP_TO_RCPT, "!", "/", LOGIN, OVER, GOODBYE, NULL } },
        { NX_SMTP_RCPT_REPLY_ERROR, NX_SMTP_VERDICT_RETRY,
          { LOGIN, OVER, UP_TO_RCPT, ">421 bye\r\n", "/", LOGIN, OVER, GOODBYE,
            NULL } },
        { NX_NOT_CONNECTED, NX_SMTP_VERDICT_UNCERTAIN,
          { LOGIN, OVER, MESSAGE, "!", "/", LOGIN, OVER, GOODBYE, NULL } },
    };
    NX_SMTP_REPLY reply;
    size_t i;

    for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        connect_by(tries[i].script);
        check_mail("one", "Subject: one\r\n");
        CHECK_STATUS(tries[i].status, mail("two"));
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
        CHECK(reply.nx_smtp_reply_verdict == tries[i].verdict);
        check_mail("three", "Subject: three\r\n");
        disconnect();
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    }
}

/* What the server would not take anyway does not cost a connection. */
FACE_TEST(too_big)
{
    static const char *const script[] = {
        EHLO, ">250-hi\r\n250 SIZE 100\r\n", GOODBYE, NULL
    };

    connect_as(NX_SMTP_CLIENT_AUTH_NONE, script);
    CHECK_STATUS(NX_SMTP_OVERSIZE_MAIL_DATA, mail("big"));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM, mail("a\nb"));
    disconnect();
}

FACE_TEST(failed)
{
    static const char *const refused[] = {
        EHLO, ">250-hi\r\n250 AUTH PLAIN\r\n",
        "<AUTH PLAIN\r\n", ">334 \r\n", "<AGFkYQBzM2NyZXQ=\r\n",
        ">535 5.7.8 who?\r\n", GOODBYE, NULL
    };
    static const char *const good[] = { HELLO, TAKEN, NULL };
    NXD_ADDRESS server = face_v4;
    NX_SMTP_REPLY reply;

    face_client(&client, NX_SMTP_CLIENT_AUTH_PLAIN);
    face_plan(0, refused);
    CHECK_STATUS(NX_SMTP_AUTH_REPLY_ERROR,
                 nx_smtp_client_connect(&client, PATIENCE));
    face_over(0);
    CHECK(client.nx_smtp_client_reply_code_status == 535);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_code == 535);
    CHECK(reply.nx_smtp_reply_enhanced[0] == 5);
    CHECK(reply.nx_smtp_reply_enhanced[1] == 7);
    CHECK(reply.nx_smtp_reply_enhanced[2] == 8);
    CHECK(reply.nx_smtp_reply_state == NX_SMTP_CLIENT_STATE_AUTH);
    CHECK(strcmp(reply.nx_smtp_reply_text, "who?") == 0);
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_smtp_client_disconnect(&client, PATIENCE));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));

    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        FROM, DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 27));
    CHECK_STATUS(NX_NOT_CONNECTED, nx_smtp_client_connect(&client, PATIENCE));
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_smtp_client_disconnect(&client, PATIENCE));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_send(&client, good, NX_SUCCESS);
}

static int all_zero(const void *memory, size_t len)
{
    const unsigned char *at = memory;
    size_t i;

    for (i = 0; i < len; i++)
        if (at[i] != 0)
            return 0;
    return 1;
}

FACE_TEST(deleted)
{
    static const char *const script[] = { LOGIN, OVER, GOODBYE, NULL };

    connect_by(script);
    check_mail("one", "Subject: one\r\n");
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    face_over(0);
    CHECK(!face_servers[0].reset);
    CHECK(all_zero(&client, sizeof(client)));
    CHECK(face_ip.nx_ip_tcp_created_sockets_count == 0);
}

/* Without patience there is no goodbye; a silent server gets one, and no more
 * time than was said. */
FACE_TEST(hurried)
{
    static const char *const script[] = { LOGIN, OVER, NULL };
    static const char *const silent[] = { LOGIN, "<QUIT\r\n", NULL };
    ULONG start;

    connect_by(script);
    check_mail("one", "Subject: one\r\n");
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_disconnect(&client, NX_NO_WAIT));
    face_over(0);
    CHECK(face_servers[0].reset);
    face_plan(0, silent);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_connect(&client, PATIENCE));
    start = tx_time_get();
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_disconnect(&client, 10));
    CHECK(tx_time_get() - start >= 10);
    CHECK(tx_time_get() - start < PATIENCE / 3);
    face_over(0);
}

/* Addresses in brackets are copied for each mail; what the engine keeps stays
 * as it is, and so do they when another connection has to be made. */
FACE_TEST(brackets)
{
    static CHAR from[90], bob[90], eve[90];
    static char mail_line[120], bob_line[120], eve_line[120], rubbish[1200];
    static const char *const script[] = {
        HELLO,
        mail_line, ">250 ok\r\n", bob_line, ">250 ok\r\n", "<DATA\r\n",
        ">354 go\r\n", "{", ">250 taken\r\n", rubbish, "<QUIT\r\n", "/",
        HELLO,
        mail_line, ">250 ok\r\n", eve_line, ">250 ok\r\n", "<DATA\r\n",
        ">354 go\r\n", "{", ">250 taken\r\n", GOODBYE, NULL
    };
    NXD_ADDRESS server = face_v4;

    memset(rubbish, 'x', sizeof(rubbish) - 1);
    rubbish[0] = '>';
    snprintf(from, sizeof(from), "<%050d@example.net>", 1);
    snprintf(bob, sizeof(bob), "<%050d@example.org>", 2);
    snprintf(eve, sizeof(eve), "<%050d@example.com>", 3);
    snprintf(mail_line, sizeof(mail_line), "<MAIL FROM:%s\r\n", from);
    snprintf(bob_line, sizeof(bob_line), "<RCPT TO:%s\r\n", bob);
    snprintf(eve_line, sizeof(eve_line), "<RCPT TO:%s\r\n", eve);
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        from, DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 25));
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_connect(&client, PATIENCE));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_mail_send(&client, bob, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                   "Hi", "x", 1));
    face_await(0, script + 12);
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_mail_send(&client, eve, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                   "Hi", "x", 1));
    disconnect();
}

/* From another thread, while the first waits for a reply over a kept
 * connection. */
static void meddle(void)
{
    NX_SMTP_REPLY reply;

    CHECK_STATUS(NX_ALREADY_BOUND, mail("Eve"));
    CHECK_STATUS(NX_ALREADY_BOUND, nx_smtp_client_connect(&client, PATIENCE));
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_disconnect(&client, PATIENCE));
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_recipients_set(&client, NX_NULL, 0, NX_NULL,
                                               0));
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_recipient_add(&client, TO,
                                              NX_SMTP_RECIPIENT_TO));
    CHECK_STATUS(NX_ALREADY_BOUND, nx_smtp_client_recipients_clear(&client));
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_recipient_policy_set(&client, 0));
    CHECK_STATUS(NX_ALREADY_BOUND, nx_smtp_client_clock_set(&client, NX_NULL));
    CHECK_STATUS(NX_ALREADY_BOUND, nx_smtp_client_reply_get(&client, &reply));
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_recipient_status_get(&client, 0, NX_NULL,
                                                     &reply));
    CHECK_STATUS(NX_STILL_BOUND, nx_smtp_client_delete(&client));
}

FACE_TEST(one_thread)
{
    static const char *const script[] = {
        LOGIN, MAIL, "@", ">250 ok\r\n", RCPT, ">250 ok\r\n", "<DATA\r\n",
        ">354 go\r\n", "{", ">250 taken\r\n", GOODBYE, NULL
    };

    face_meanwhile = meddle;
    connect_by(script);
    check_mail("one", "Subject: one\r\n");
    disconnect();
}

FACE_TEST(arguments)
{
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_connect(NULL, PATIENCE));
    CHECK_STATUS(NX_SMTP_CLIENT_NOT_INITIALIZED,
                 nx_smtp_client_connect(&client, PATIENCE));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_disconnect(NULL, PATIENCE));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_disconnect(&client, PATIENCE));
}

/* Outside of threads there is nobody who could wait. */
static UINT early_connect, early_disconnect;

static VOID early_thread(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    CHECK(early_connect == NX_CALLER_ERROR);
    CHECK(early_disconnect == NX_CALLER_ERROR);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    face_passed();
}

static void define_early(void *memory)
{
    face_define(memory);
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    early_connect = nx_smtp_client_connect(&client, PATIENCE);
    early_disconnect = nx_smtp_client_disconnect(&client, PATIENCE);
}

static void early(void **state)
{
    (void)state;
    face_entry = early_thread;
    assert_int_equal(run(define_early), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several),  cmocka_unit_test(refused),
        cmocka_unit_test(ended),    cmocka_unit_test(worn),
        cmocka_unit_test(not_again), cmocka_unit_test(middle),
        cmocka_unit_test(before_mail), cmocka_unit_test(before_mail_twice),
        cmocka_unit_test(too_big),  cmocka_unit_test(failed),
        cmocka_unit_test(deleted),  cmocka_unit_test(hurried),
        cmocka_unit_test(brackets), cmocka_unit_test(one_thread),
        cmocka_unit_test(arguments), cmocka_unit_test(early),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
