/* test_face_status.c - tests what nx_smtp_mail_send() returns, and when. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

/* MAIL to a server that advertises SIZE. */
#if DUVA_WITH_SIZE
#define SIZED_MAIL "[MAIL FROM:<" FROM "> SIZE="
#else
#define SIZED_MAIL MAIL
#endif

static NX_SMTP_CLIENT client;

struct outcome {
    UINT status;
    UINT code;                 /* nx_smtp_client_reply_code_status */
    const char *script[20];
};

static const char *const good[] = { HELLO, TAKEN, NULL };

/* Each is followed by a mail that is accepted, with the same client. */
static void try_all(const struct outcome *o, size_t count)
{
    size_t i;

    for (i = 0; i < count; i++) {
        face_send(&client, o[i].script, o[i].status);
        CHECK(client.nx_smtp_client_mail_status == o[i].status);
        CHECK(client.nx_smtp_client_reply_code_status == o[i].code);
        CHECK(!face_servers[0].reset);
        face_send(&client, good, NX_SUCCESS);
        CHECK(client.nx_smtp_client_reply_code_status == 250);
    }
}

#define TRY(list) try_all(list, sizeof(list) / sizeof(list[0]))

/* The server says no: QUIT, an orderly end, the status of the phase. */
FACE_TEST(refused)
{
    static const struct outcome outcomes[] = {
        { NX_SMTP_GREET_REPLY_ERROR, 554, { ">554 no\r\n", GOODBYE, NULL } },
        { NX_SMTP_GREET_REPLY_ERROR, 450, { ">450 no\r\n", GOODBYE, NULL } },
        { NX_SMTP_HELLO_REPLY_ERROR, 550,
          { EHLO, ">550 no\r\n", GOODBYE, NULL } },
        { NX_SMTP_HELLO_REPLY_ERROR, 504,
          { EHLO, ">502 no\r\n", "<HELO " DOMAIN "\r\n", ">504 no\r\n", GOODBYE,
            NULL } },
        { NX_SMTP_MAIL_REPLY_ERROR, 452,
          { HELLO, MAIL, ">452 4.3.1 full\r\n", GOODBYE, NULL } },
        { NX_SMTP_MAIL_REPLY_ERROR, 550,
          { HELLO, MAIL, ">550 no\r\n", GOODBYE, NULL } },
        { NX_SMTP_RCPT_REPLY_ERROR, 550,
          { HELLO, UP_TO_RCPT, ">550 5.1.1 who\r\n", GOODBYE, NULL } },
        { NX_SMTP_RCPT_REPLY_ERROR, 450,
          { HELLO, UP_TO_RCPT, ">450-later\r\n450 later\r\n", GOODBYE, NULL } },
        { NX_SMTP_DATA_REPLY_ERROR, 554,
          { HELLO, UP_TO_DATA, ">554 no\r\n", GOODBYE, NULL } },
        { NX_SMTP_MESSAGE_REPLY_ERROR, 554,
          { HELLO, MESSAGE, ">554 spam\r\n", GOODBYE, NULL } },
        { NX_SMTP_MESSAGE_REPLY_ERROR, 451,
          { HELLO, MESSAGE, ">451 later\r\n", GOODBYE, NULL } },
    };

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    TRY(outcomes);
}

/* 421 is a refusal too; the server closes, so nobody says QUIT. */
FACE_TEST(shut_down)
{
    static const struct outcome outcomes[] = {
        { NX_SMTP_GREET_REPLY_ERROR, 421, { ">421 down\r\n", "|", NULL } },
        { NX_SMTP_HELLO_REPLY_ERROR, 421,
          { EHLO, ">421 down\r\n", "|", NULL } },
        { NX_SMTP_MAIL_REPLY_ERROR, 421,
          { HELLO, MAIL, ">421 down\r\n", "|", NULL } },
        { NX_SMTP_RCPT_REPLY_ERROR, 421,
          { HELLO, UP_TO_RCPT, ">421 down\r\n", "|", NULL } },
        { NX_SMTP_MESSAGE_REPLY_ERROR, 421,
          { HELLO, MESSAGE, ">421 down\r\n", "|", NULL } },
    };
    size_t i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        face_send(&client, outcomes[i].script, outcomes[i].status);
        CHECK(client.nx_smtp_client_reply_code_status == 421);
        face_send(&client, good, NX_SUCCESS);
    }
}

/* What cannot be understood gets a QUIT as well. */
FACE_TEST(garbled)
{
    static const struct outcome outcomes[] = {
        { NX_SMTP_GREET_REPLY_ERROR, 0, { ">hello\r\n", GOODBYE, NULL } },
        { NX_SMTP_GREET_REPLY_ERROR, 0,
          { ">2222220-many\r\n220 digits\r\n", GOODBYE, NULL } },
        { NX_SMTP_GREET_REPLY_ERROR, 0,
          { ">220-one\r\n250 two\r\n", GOODBYE, NULL } },
        { NX_SMTP_GREET_REPLY_ERROR, 250, { ">250 hi\r\n", GOODBYE, NULL } },
        { NX_SMTP_HELLO_REPLY_ERROR, 0,
          { EHLO, ">250hi\r\n", GOODBYE, NULL } },
        { NX_SMTP_MAIL_REPLY_ERROR, 354,
          { HELLO, MAIL, ">354 go\r\n", GOODBYE, NULL } },
        { NX_SMTP_RCPT_REPLY_ERROR, 0,
          { HELLO, UP_TO_RCPT, ">ok\r\n", GOODBYE, NULL } },
        { NX_SMTP_DATA_REPLY_ERROR, 250,
          { HELLO, UP_TO_DATA, ">250 ok\r\n", GOODBYE, NULL } },
        { NX_SMTP_MESSAGE_REPLY_ERROR, 0,
          { HELLO, MESSAGE, ">thanks\r\n", GOODBYE, NULL } },
    };

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    TRY(outcomes);
}

/* A reply to a message that has not been sent: QUIT would be a line of it. */
FACE_TEST(early)
{
    static const char *const garbage[] = {
        HELLO, UP_TO_DATA, ">354 go\r\nwhat?\r\n", "*", NULL
    };
    ULONG start;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    start = tx_time_get();
    face_send(&client, garbage, NX_SMTP_MESSAGE_REPLY_ERROR);
    CHECK(tx_time_get() - start < NX_SMTP_ENVELOPE_TIMEOUT);
    CHECK(strstr(face_servers[0].message, "QUIT") == NULL);
    face_send(&client, good, NX_SUCCESS);
}

/* A lost connection: the status of NetX Duo, and no QUIT. */
FACE_TEST(lost)
{
    static const struct outcome outcomes[] = {
        { NX_NOT_CONNECTED, 0, { "|", NULL } },
        { NX_NOT_CONNECTED, 0, { "!", NULL } },
        { NX_NOT_CONNECTED, 0, { ">220 hel", "|", NULL } },
        { NX_NOT_CONNECTED, 0, { EHLO, "|", NULL } },
        { NX_NOT_CONNECTED, 0, { EHLO, "!", NULL } },
        { NX_NOT_CONNECTED, 0, { HELLO, MAIL, "|", NULL } },
        { NX_NOT_CONNECTED, 0, { HELLO, UP_TO_RCPT, "|", NULL } },
        { NX_NOT_CONNECTED, 0, { HELLO, UP_TO_DATA, "|", NULL } },
        { NX_NOT_CONNECTED, 0, { HELLO, UP_TO_DATA, ">354 go\r\n", "!",
                                 NULL } },
        { NX_NOT_CONNECTED, 0, { HELLO, MESSAGE, "|", NULL } },
        { NX_NOT_CONNECTED, 0, { HELLO, MESSAGE, ">250", "!", NULL } },
    };
    size_t i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        const duva_result *r = &client.nx_smtp_client_session.mail.result;

        face_send(&client, outcomes[i].script, outcomes[i].status);
        CHECK((r->verdict == DUVA_UNCERTAIN)
              == (r->status.stage == DUVA_STAGE_END));
        face_send(&client, good, NX_SUCCESS);
    }
}

/* Once the mail is taken nothing changes that. */
FACE_TEST(taken)
{
    static const struct outcome outcomes[] = {
        { NX_SUCCESS, 250, { HELLO, MESSAGE, ">250 ok\r\n", "<QUIT\r\n", "|",
                             NULL } },
        { NX_SUCCESS, 250, { HELLO, MESSAGE, ">250 ok\r\n", "!", NULL } },
        { NX_SUCCESS, 250, { HELLO, MESSAGE, ">250 ok\r\n", "<QUIT\r\n",
                             ">bye\r\n", NULL } },
        { NX_SUCCESS, 250, { HELLO, MESSAGE, ">250 ok\r\n", "<QUIT\r\n",
                             ">550 stay\r\n", NULL } },
    };
    size_t i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    for (i = 0; i < sizeof(outcomes) / sizeof(outcomes[0]); i++) {
        face_send(&client, outcomes[i].script, NX_SUCCESS);
        CHECK(client.nx_smtp_client_reply_code_status == 250);
    }
}

/* Replies need not come as the packets that they are. */
FACE_TEST(segmented)
{
    static const char *const split[] = {
        ">220-one\r", ">\n220-two\r\n22", "~5", ">0 three\r\n",
        "<EHLO " DOMAIN "\r\n", ">250-hi", ">\r\n2", "~5", ">50-SIZE\r\n",
        "~5", ">250 8BITMIME\r\n", SIZED_MAIL,
        ">250 ok\r\n", RCPT, ">250-a\r\n", "~5", ">250 b\r\n", "<DATA\r\n",
        ">354-go\r\n", "~5", ">354 on\r\n", "{", ">2", "~2", ">5", "~2",
        ">0 taken\r", "~2", ">\n", GOODBYE, NULL
    };
    static const char *const merged[] = {
        HELLO, UP_TO_RCPT, ">251 will forward\r\n", "<DATA\r\n",
        ">354 go\r\n", "{", ">250 taken\r\n", "<QUIT\r\n",
        ">221 bye\r\n\0\0\0", NULL
    };
    static const char *const spaced[] = {
        EHLO, ">250-hi\r\n", "~5", "> 250 SIZE 1000\r\n",
        SIZED_MAIL, ">250 ok\r\n", RCPT, ">250 ok\r\n",
        "<DATA\r\n", ">  354 go\r\n", "{", "> 250 taken\r\n", GOODBYE, NULL
    };
    static const char *const helo[] = {
        EHLO, ">500 what\r\n", "<HELO " DOMAIN "\r\n", ">250 hi\r\n", TAKEN,
        NULL
    };

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_send(&client, split, NX_SUCCESS);
    face_send(&client, merged, NX_SUCCESS);
    face_send(&client, spaced, NX_SUCCESS);
    face_send(&client, helo, NX_SUCCESS);
}

#if DUVA_WITH_SIZE
/* A server that says how much it takes is believed. */
FACE_TEST(too_large)
{
    static const char *const script[] = {
        EHLO, ">250-hi\r\n250 SIZE 100\r\n", GOODBYE, NULL
    };

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_send(&client, script, NX_SMTP_OVERSIZE_MAIL_DATA);
    face_send(&client, good, NX_SUCCESS);
}
#endif

static VOID is_to_retry(UINT cause)
{
    const duva_result *r = &client.nx_smtp_client_session.mail.result;

    CHECK(r->verdict == DUVA_RETRY && r->err == DUVA_ERR_CONNECT);
    CHECK(r->cause == (int32_t)cause);
    CHECK(client.nx_smtp_client_mail_status == cause);
    CHECK(client.nx_smtp_client_reply_code_status == 0);
}

/* Nobody listens, or there is no way. */
FACE_TEST(unreachable)
{
    NXD_ADDRESS server = face_v4;

    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        FROM, DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 2500));
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                   "Hi", "Hello", 5));
    is_to_retry(NX_NOT_CONNECTED);
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                   "Hi", "Hello", 5));
    is_to_retry(NX_NOT_CONNECTED);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    server.nxd_ip_address.v4 = IP_ADDRESS(192, 168, 7, 7);
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        FROM, DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 25));
    CHECK_STATUS(NX_IP_ADDRESS_ERROR,
                 nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                   "Hi", "Hello", 5));
    is_to_retry(NX_IP_ADDRESS_ERROR);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(early),
        cmocka_unit_test(refused),   cmocka_unit_test(shut_down),
        cmocka_unit_test(garbled),   cmocka_unit_test(lost),
        cmocka_unit_test(taken),     cmocka_unit_test(segmented),
#if DUVA_WITH_SIZE
        cmocka_unit_test(too_large),
#endif
        cmocka_unit_test(unreachable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
