/* test_face_recipients.c - tests To, Cc and Bcc, and the result of each. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

static NX_SMTP_CLIENT client;
static NX_SMTP_RECIPIENT list[5];
static CHAR words[5 * 16];

#define RCPT_TO(who) "<RCPT TO:<" who "@example.org>\r\n"
#define OK ">250 ok\r\n"
#define SENT "<DATA\r\n", ">354 go\r\n", "{", ">250 2.0.0 taken as 17\r\n"

static void add(CHAR *address, UINT type)
{
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_add(&client, address, type));
}

static void set_list(void)
{
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipients_set(&client, list, 5, words,
                                               sizeof(words)));
}

/* As an application adds them; the header has an order of its own. */
static void set_four(void)
{
    set_list();
    add("dan@example.org", NX_SMTP_RECIPIENT_BCC);
    add("cy@example.org", NX_SMTP_RECIPIENT_CC);
    add("ann@example.org", NX_SMTP_RECIPIENT_TO);
    add("bo@example.org", NX_SMTP_RECIPIENT_TO);
}

static void send_list(const char *const *script, UINT want)
{
    face_plan(0, script);
    CHECK_STATUS(want, nx_smtp_mail_send(&client, NX_NULL,
                                         NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                         "Hello.\r\n", 8));
    face_over(0);
}

static void check_one(UINT index, const char *who, UINT verdict, UINT code,
                      UINT class, NX_SMTP_CLIENT_STATE state, const char *text)
{
    const CHAR *address = NULL;
    NX_SMTP_REPLY reply;

    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_status_get(&client, index, &address,
                                                     &reply));
    CHECK(strcmp(address, who) == 0);
    CHECK(reply.nx_smtp_reply_verdict == verdict);
    CHECK(reply.nx_smtp_reply_code == code);
    CHECK(reply.nx_smtp_reply_enhanced[0] == class);
    CHECK(reply.nx_smtp_reply_state == state);
    CHECK(strcmp(reply.nx_smtp_reply_text, text) == 0);
}

static void check_header(const char *begin)
{
    CHECK(strncmp(face_servers[0].message, begin, strlen(begin)) == 0);
}

#define ANN RCPT_TO("ann")
#define BO RCPT_TO("bo")
#define CY RCPT_TO("cy")
#define DAN RCPT_TO("dan")
#define ALL ANN, OK, BO, OK, CY, OK, DAN, OK

/* To and Cc are written, Bcc is not; all get it.  The reply to a mail that
 * was accepted can be read. */
FACE_TEST(header)
{
    static const char *const script[] = {
        HELLO, MAIL, OK, ALL, SENT, GOODBYE, NULL
    };
    NX_SMTP_REPLY reply;
    UINT i;

    set_four();
    send_list(script, NX_SUCCESS);
    check_header("To: ann@example.org,\r\n bo@example.org\r\n"
                 "Cc: cy@example.org\r\nFrom: " FROM "\r\nSubject: Hi\r\n");
    CHECK(strstr(face_servers[0].message, "dan") == NULL);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_ACCEPTED);
    CHECK(reply.nx_smtp_reply_code == 250);
    for (i = 0; i < 3; i++)
        CHECK(reply.nx_smtp_reply_enhanced[i] == (i == 0 ? 2 : 0));
    CHECK(reply.nx_smtp_reply_state == NX_SMTP_CLIENT_STATE_MESSAGE);
    CHECK(strcmp(reply.nx_smtp_reply_text, "taken as 17") == 0);
    check_one(3, "dan@example.org", NX_SMTP_VERDICT_ACCEPTED, 250, 2,
              NX_SMTP_CLIENT_STATE_MESSAGE, "taken as 17");
    CHECK_STATUS(NX_ENTRY_NOT_FOUND,
                 nx_smtp_client_recipient_status_get(&client, 4, NX_NULL,
                                                     &reply));
}

/* Lists with nobody in To, or nobody to be seen. */
FACE_TEST(hidden)
{
    static const char *const cc[] = {
        HELLO, MAIL, OK, CY, OK, DAN, OK, SENT, GOODBYE, NULL
    };
    static const char *const bcc[] = {
        HELLO, MAIL, OK, DAN, OK, SENT, GOODBYE, NULL
    };

    set_list();
    add("cy@example.org", NX_SMTP_RECIPIENT_CC);
    add("dan@example.org", NX_SMTP_RECIPIENT_BCC);
    send_list(cc, NX_SUCCESS);
    check_header("Cc: cy@example.org\r\nFrom: " FROM "\r\n");
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipients_clear(&client));
    add("dan@example.org", NX_SMTP_RECIPIENT_BCC);
    send_list(bcc, NX_SUCCESS);
    check_header("From: " FROM "\r\n");
}

/* Each has the verdict that was his. */
#define MIXED                                                                  \
    ANN, ">250 2.1.5 ok\r\n", BO, ">550 5.1.1 nobody is here\r\n", CY,         \
        ">451 4.3.0 later\r\n", DAN, OK

FACE_TEST(whoever)
{
    static const char *const script[] = {
        HELLO, MAIL, OK, MIXED, SENT, GOODBYE, NULL
    };

    set_four();
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipient_policy_set(
                                 &client, NX_SMTP_RECIPIENTS_ANY));
    send_list(script, NX_SUCCESS);
    check_one(0, "ann@example.org", NX_SMTP_VERDICT_ACCEPTED, 250, 2,
              NX_SMTP_CLIENT_STATE_MESSAGE, "taken as 17");
    check_one(1, "bo@example.org", NX_SMTP_VERDICT_REFUSED, 550, 5,
              NX_SMTP_CLIENT_STATE_RCPT, "nobody is here");
    check_one(2, "cy@example.org", NX_SMTP_VERDICT_RETRY, 451, 4,
              NX_SMTP_CLIENT_STATE_RCPT, "later");
    check_one(3, "dan@example.org", NX_SMTP_VERDICT_ACCEPTED, 250, 2,
              NX_SMTP_CLIENT_STATE_MESSAGE, "taken as 17");
}

FACE_TEST(all_or_nobody)
{
    static const char *const script[] = {
        HELLO, MAIL, OK, ANN, OK, BO, ">550 5.1.1 nobody is here\r\n",
        GOODBYE, NULL
    };
    NX_SMTP_REPLY reply;

    set_four();
    send_list(script, NX_SMTP_RCPT_REPLY_ERROR);
    check_one(1, "bo@example.org", NX_SMTP_VERDICT_REFUSED, 550, 5,
              NX_SMTP_CLIENT_STATE_RCPT, "nobody is here");
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_status_get(&client, 0, NX_NULL,
                                                     &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_RETRY);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_REFUSED);
    CHECK(reply.nx_smtp_reply_code == 550);
}

/* One who is put off stops the mail as well.  One command, one reply: nobody is
 * asked after him. */
FACE_TEST(all_or_nobody_later)
{
    static const char *const script[] = {
        HELLO, MAIL, OK, ANN, OK, BO, ">450 4.2.1 busy\r\n", GOODBYE, NULL
    };
    NX_SMTP_REPLY reply;

    set_four();
    send_list(script, NX_SMTP_RCPT_REPLY_ERROR);
    check_one(1, "bo@example.org", NX_SMTP_VERDICT_RETRY, 450, 4,
              NX_SMTP_CLIENT_STATE_RCPT, "busy");
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_RETRY);
}

/* A server that takes two at a time is served twice. */
FACE_TEST(too_many)
{
    static const char *const script[] = {
        HELLO, MAIL, OK, ANN, OK, BO, OK, CY, ">452 4.5.3 two\r\n", DAN,
        ">452 4.5.3 two\r\n", SENT, MAIL, OK, CY, OK, DAN, OK, SENT, GOODBYE,
        NULL
    };
    UINT i;

    set_four();
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipient_policy_set(
                                 &client, NX_SMTP_RECIPIENTS_ANY));
    send_list(script, NX_SUCCESS);
    for (i = 0; i < 4; i++) {
        NX_SMTP_REPLY reply;

        CHECK_STATUS(NX_SUCCESS,
                     nx_smtp_client_recipient_status_get(&client, i, NX_NULL,
                                                         &reply));
        CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_ACCEPTED);
    }
}

/* The same list for each mail of a connection; a mail to one is to one. */
FACE_TEST(again)
{
    static const char *const script[] = {
        HELLO, MAIL, OK, ALL, SENT, MAIL, OK, ANN, OK, BO, OK, CY,
        ">550 5.1.1 nobody is here\r\n", "<RSET\r\n", OK,
        MAIL, OK, RCPT, OK, SENT, MAIL, OK, ALL, SENT, GOODBYE, NULL
    };
    UINT i;

    set_four();
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_connect(&client, PATIENCE));
    for (i = 0; i < 4; i++)
        CHECK_STATUS(i == 1 ? NX_SMTP_RCPT_REPLY_ERROR : NX_SUCCESS,
                     nx_smtp_mail_send(&client, i == 2 ? TO : NX_NULL,
                                       NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                       "Hello.\r\n", 8));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_disconnect(&client, PATIENCE));
    face_over(0);
    check_one(2, "cy@example.org", NX_SMTP_VERDICT_ACCEPTED, 250, 2,
              NX_SMTP_CLIENT_STATE_MESSAGE, "taken as 17");
}

/* No room for words, or not enough; no room for one more. */
FACE_TEST(room)
{
    static const char *const script[] = {
        HELLO, MAIL, OK, ANN, ">550 5.1.1 nobody is here\r\n", GOODBYE, NULL
    };
    UINT i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_NO_MORE_ENTRIES,
                 nx_smtp_client_recipient_add(&client, "ann@example.org",
                                              NX_SMTP_RECIPIENT_TO));
    for (i = 0; i < 2; i++) {
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipients_set(
                                     &client, list, 1, i ? words : NX_NULL,
                                     i ? 7 : 0));
        add("ann@example.org", NX_SMTP_RECIPIENT_TO);
        CHECK_STATUS(NX_NO_MORE_ENTRIES,
                     nx_smtp_client_recipient_add(&client, "bo@example.org",
                                                  NX_SMTP_RECIPIENT_BCC));
        send_list(script, NX_SMTP_RCPT_REPLY_ERROR);
        check_one(0, "ann@example.org", NX_SMTP_VERDICT_REFUSED, 550, 5,
                  NX_SMTP_CLIENT_STATE_RCPT, i ? "nobody" : "");
    }
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipients_set(&client, NX_NULL, 0,
                                                           NX_NULL, 0));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_smtp_mail_send(&client, NX_NULL,
                                   NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi", "x",
                                   1));
}

/* What was told of the last mail is gone when its recipients are. */
FACE_TEST(changed)
{
    static const char *const script[] = {
        HELLO, MAIL, OK, ALL, SENT, GOODBYE, NULL
    };
    NX_SMTP_REPLY reply;

    set_four();
    send_list(script, NX_SUCCESS);
    add("ed@example.org", NX_SMTP_RECIPIENT_TO);
    CHECK_STATUS(NX_ENTRY_NOT_FOUND,
                 nx_smtp_client_recipient_status_get(&client, 0, NX_NULL,
                                                     &reply));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_code == 250);
}

/* Nobody is called when something is wrong, whether or not it was checked as
 * it was added. */
FACE_TEST(injection)
{
    static CHAR *const bad[] = {
        "bob@example.org\r\nRCPT TO:<eve@example.com>", "bob@example.org\n",
        "bob@example.org>", "<bob@example.org>", "", "b\303\266b@example.org",
        "bob@example.org, eve@example.com"
    };
    static CHAR address[60];
    size_t i;

    set_list();
    for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                     nx_smtp_client_recipient_add(&client, bad[i],
                                                  NX_SMTP_RECIPIENT_BCC));
        strcpy(address, "bob@example.org");
        add(address, NX_SMTP_RECIPIENT_BCC);
        strcpy(address, bad[i]);
        CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                     nx_smtp_mail_send(&client, NX_NULL,
                                       NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                       "x", 1));
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_recipients_clear(&client));
    }
}

FACE_TEST(arguments)
{
    NX_SMTP_REPLY reply;

    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_recipients_set(&client, list, 5,
                                                             words, 5));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_recipients_clear(&client));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_recipient_policy_set(&client, 0));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_reply_get(&client, &reply));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_recipient_status_get(
                                   &client, 0, NX_NULL, &reply));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_smtp_client_recipient_add(&client, TO,
                                              NX_SMTP_RECIPIENT_TO));
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_recipients_set(
                                   &client, NX_NULL, 5, words, 5));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_recipients_set(
                                   &client, list, 5, NX_NULL, 5));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                 nx_smtp_client_recipient_policy_set(&client, 2));
    CHECK_STATUS(NX_SMTP_INVALID_PARAM,
                 nx_smtp_client_recipient_add(&client, TO, 3));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_smtp_client_recipient_add(&client, NX_NULL,
                                              NX_SMTP_RECIPIENT_TO));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_reply_get(&client, NX_NULL));
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_recipient_status_get(
                                   &client, 0, NX_NULL, NX_NULL));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_PENDING);
    CHECK(reply.nx_smtp_reply_code == 0);
    CHECK(strcmp(reply.nx_smtp_reply_text, "") == 0);
    CHECK_STATUS(NX_ENTRY_NOT_FOUND, nx_smtp_client_recipient_status_get(
                                         &client, 0, NX_NULL, &reply));
}

/* Nobody listens: all of them can be tried again. */
FACE_TEST(unreachable)
{
    NXD_ADDRESS   server = face_v4;
    NX_SMTP_REPLY reply;

    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        FROM, DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 2500));
    CHECK_STATUS(NX_NOT_CONNECTED, nx_smtp_client_connect(&client, 100));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_RETRY);
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipients_set(&client, list, 5, words,
                                               sizeof(words)));
    add("ann@example.org", NX_SMTP_RECIPIENT_TO);
    add("bo@example.org", NX_SMTP_RECIPIENT_BCC);
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_smtp_mail_send(&client, NX_NULL,
                                   NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                   "Hello.\r\n", 8));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
    CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_RETRY);
    CHECK(reply.nx_smtp_reply_code == 0);
    CHECK(client.nx_smtp_client_session.mail.result.err == DUVA_ERR_CONNECT);
    check_one(0, "ann@example.org", NX_SMTP_VERDICT_RETRY, 0, 0,
              NX_SMTP_CLIENT_STATE_IDLE, "");
    check_one(1, "bo@example.org", NX_SMTP_VERDICT_RETRY, 0, 0,
              NX_SMTP_CLIENT_STATE_IDLE, "");
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header),        cmocka_unit_test(hidden),
        cmocka_unit_test(whoever),       cmocka_unit_test(all_or_nobody),
        cmocka_unit_test(all_or_nobody_later),
        cmocka_unit_test(too_many),      cmocka_unit_test(again),
        cmocka_unit_test(room),          cmocka_unit_test(changed),
        cmocka_unit_test(injection),     cmocka_unit_test(arguments),
        cmocka_unit_test(unreachable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
