/* test_face_options.c - tests the build options. */
/* SPDX-License-Identifier: MIT */

/* Its own copy of the source, with every choice made the other way. */
#define NX_SMTP_CLIENT_AUTH_STRICT
#define NX_SMTP_CLIENT_AUTH_INITIAL_RESPONSE
#define NX_SMTP_CLIENT_PIPELINING
#define NX_SMTP_DISABLE_ERROR_CHECKING

#include "test_face.h"

#include "nxd_smtp_client.c"
#include "nxd_smtp_session.c"
#include "nxd_smtp_reply.c"

static NX_SMTP_CLIENT client;

#define LISTED(list) EHLO, ">250-hi\r\n250 " list "\r\n"
#define SAYS_PLAIN "<AUTH PLAIN AGFkYQBzM2NyZXQ=\r\n", ">235 hi\r\n"
#define SAYS_LOGIN                                                             \
    "<AUTH LOGIN\r\n", ">334 \r\n", "<YWRh\r\n", ">334 \r\n",                  \
        "<czNjcmV0\r\n", ">235 hi\r\n"

/* What was asked for, or nothing. */
FACE_TEST(strict)
{
    static const struct {
        UINT asked, status;
        const char *script[24];
    } tries[] = {
        { NX_SMTP_CLIENT_AUTH_PLAIN, NX_SUCCESS,
          { LISTED("AUTH LOGIN PLAIN"), SAYS_PLAIN, TAKEN, NULL } },
        { NX_SMTP_CLIENT_AUTH_LOGIN, NX_SUCCESS,
          { LISTED("AUTH LOGIN PLAIN"), SAYS_LOGIN, TAKEN, NULL } },
        /* servers that want the response by itself */
        { NX_SMTP_CLIENT_AUTH_PLAIN, NX_SUCCESS,
          { LISTED("AUTH PLAIN"), "<AUTH PLAIN AGFkYQBzM2NyZXQ=\r\n",
            ">334 \r\n", "<AGFkYQBzM2NyZXQ=\r\n", ">235 hi\r\n", TAKEN,
            NULL } },
        { NX_SMTP_CLIENT_AUTH_PLAIN, NX_SUCCESS,
          { LISTED("AUTH PLAIN"), "<AUTH PLAIN AGFkYQBzM2NyZXQ=\r\n",
            ">501 what\r\n", "<AUTH PLAIN\r\n", ">334 \r\n",
            "<AGFkYQBzM2NyZXQ=\r\n", ">235 hi\r\n", TAKEN, NULL } },
        { NX_SMTP_CLIENT_AUTH_PLAIN, NX_SMTP_AUTH_REPLY_ERROR,
          { LISTED("AUTH LOGIN"), GOODBYE, NULL } },
        { NX_SMTP_CLIENT_AUTH_LOGIN, NX_SMTP_AUTH_REPLY_ERROR,
          { LISTED("AUTH PLAIN"), GOODBYE, NULL } },
        { NX_SMTP_CLIENT_AUTH_PLAIN, NX_SMTP_AUTH_REPLY_ERROR,
          { LISTED("HELP"), GOODBYE, NULL } },
        { NX_SMTP_CLIENT_AUTH_LOGIN, NX_SMTP_AUTH_REPLY_ERROR,
          { EHLO, ">502 what\r\n", "<HELO " DOMAIN "\r\n", ">250 hi\r\n",
            GOODBYE, NULL } },
        { NX_SMTP_CLIENT_AUTH_NONE, NX_SUCCESS,
          { LISTED("AUTH LOGIN PLAIN"), TAKEN, NULL } },
        { NX_SMTP_CLIENT_AUTH_NONE, NX_SUCCESS,
          { LISTED("HELP"), TAKEN, NULL } },
    };
    size_t i;

    for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        face_client(&client, tries[i].asked);
        face_send(&client, tries[i].script, tries[i].status);
        face_send(&client, tries[i].script, tries[i].status);
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    }
}

/* The envelope goes out in one packet, where the server allows it. */
FACE_TEST(pipelining)
{
    static const char *const script[] = {
        LISTED("PIPELINING"), MAIL, RCPT, "<DATA\r\n", ">250 ok\r\n250 ",
        ">ok\r\n354 go\r\n", "{", ">250 taken\r\n", GOODBYE, NULL
    };
    static const char *const refused[] = {
        LISTED("PIPELINING"), MAIL, RCPT, "<DATA\r\n",
        ">250 ok\r\n550 no\r\n354 go\r\n", "<.\r\n", ">554 nobody\r\n", GOODBYE,
        NULL
    };
    static const char *const step_by_step[] = { LISTED("HELP"), TAKEN, NULL };

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_send(&client, script, NX_SUCCESS);
    CHECK(face_servers[0].packets == 4);
    face_send(&client, refused, NX_SMTP_RCPT_REPLY_ERROR);
    face_send(&client, step_by_step, NX_SUCCESS);
    CHECK(face_servers[0].packets == 6);
}

/* For all or nobody: one who is refused outweighs one who is put off, in any
 * order, and the mail goes to no part of them, now or later. */
FACE_TEST(all_or_nobody)
{
#define TWO(first, second)                                                     \
    { LISTED("PIPELINING"), MAIL, "<RCPT TO:<ann@example.org>\r\n", RCPT,      \
      ">250 ok\r\n" first, ">" second, GOODBYE, NULL }
    static const char *const scripts[][16] = {
        TWO("450 4.2.1 busy\r\n", "550 5.1.1 unknown\r\n"),
        TWO("550 5.1.1 unknown\r\n", "450 4.2.1 busy\r\n"),
        TWO("250 ok\r\n", "550 5.1.1 unknown\r\n"),
        TWO("550 5.1.1 unknown\r\n", "250 ok\r\n"),
    };
    static NX_SMTP_RECIPIENT list[2];
    NX_SMTP_REPLY reply;
    size_t i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipients_set(&client, list, 2, NX_NULL, 0));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_add(&client, "ann@example.org",
                                              NX_SMTP_RECIPIENT_TO));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_recipient_add(&client, TO,
                                              NX_SMTP_RECIPIENT_BCC));
    for (i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
        face_plan(0, scripts[i]);
        CHECK_STATUS(NX_SMTP_RCPT_REPLY_ERROR,
                     nx_smtp_mail_send(&client, NX_NULL,
                                       NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                                       "Hello.\r\n", 8));
        face_over(0);
        CHECK_STATUS(NX_SUCCESS, nx_smtp_client_reply_get(&client, &reply));
        CHECK(reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_REFUSED);
        CHECK(reply.nx_smtp_reply_code == 550);
    }
}

/* The services without checks, by their usual names. */
FACE_TEST(unchecked)
{
    static const char *const good[] = { HELLO, TAKEN, NULL };

    CHECK_STATUS(NX_SMTP_CLIENT_NOT_INITIALIZED,
                 nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_LOW, "Hi",
                                   "x", 1));
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_create(&client, &face_ip, &face_pool, USER,
                                       PASSWORD, FROM, DOMAIN,
                                       NX_SMTP_CLIENT_AUTH_NONE,
                                       IP_ADDRESS(10, 0, 0, 1), 25));
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_clock_set(&client, NX_NULL));
    face_send(&client, good, NX_SUCCESS);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strict),
        cmocka_unit_test(pipelining),
        cmocka_unit_test(all_or_nobody),
        cmocka_unit_test(unchecked),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
