/* run.c - runs the programs in a profile of the library. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

#include "one_mail.h"
#include "one_send.h"

#include "duva_netx.h"
#include "duva/client.h"

#define AUTH                                                                   \
    EHLO, ">250-hi\r\n250 AUTH PLAIN\r\n", "<AUTH PLAIN\r\n", ">334 \r\n",     \
        "<AGFkYQBzM2NyZXQ=\r\n", ">235 hi ada\r\n"

static CHAR body[] = "Pressure is low.\r\n.\r\n.. and falling";

static void mail(CHAR *recipient, const char *const *script, UINT want)
{
    NXD_ADDRESS server = face_v4;

    if (script != NULL)
        face_plan(0, script);
    CHECK_STATUS(want, one_mail(&face_ip, &face_pool, &server, recipient, body,
                                sizeof(body) - 1));
    if (script != NULL)
        face_over(0);
}

static void check_has(const char *text)
{
    if (strstr(face_servers[0].message, text) != NULL)
        return;
    fprintf(stderr, "not in the message: %s\n%s", text,
            face_servers[0].message);
    exit(1);
}

FACE_TEST(accepted)
{
    static const char *const script[] = { AUTH, TAKEN, NULL };
    static const char *const parts[] = {
        "multipart/mixed", "filename=\"pump7.csv\"", "multipart/alternative",
        "text/html"
    };
#ifndef ONE_MAIL_CONTENT
    const int count = 0;
#elif defined(DUVA_MIME_SMALL)
    const int count = 2;       /* it has no HTML beside the text */
#else
    const int count = 4;
#endif
    int i;

    mail(TO, script, NX_SUCCESS);
    check_has("\r\nSubject: Pump 7\r\n");
    check_has("\r\n\r\nPressure is low.\r\n..\r\n... and falling\r\n");
    for (i = 0; i < 4; i++)
        if (i < count)
            check_has(parts[i]);
        else
            CHECK(strstr(face_servers[0].message, parts[i]) == NULL);
}

FACE_TEST(refused)
{
    static const char *const recipient[] = {
        AUTH, UP_TO_RCPT, ">550 5.1.1 nobody is here\r\n", GOODBYE, NULL
    };
    static const char *const message[] = {
        AUTH, MESSAGE, ">554 5.6.0 no\r\n", GOODBYE, NULL
    };
    static const char *const lost[] = { AUTH, UP_TO_DATA, "!", NULL };
    static const char *const script[] = { AUTH, TAKEN, NULL };

    mail(TO, recipient, NX_SMTP_RCPT_REPLY_ERROR);
    mail(TO, message, NX_SMTP_MESSAGE_REPLY_ERROR);
    mail(TO, lost, NX_NOT_CONNECTED);
    mail("bob@example.org\r\nDATA", NULL, NX_SMTP_INVALID_PARAM);
    mail(TO, script, NX_SUCCESS);
}

static void connect_to(NX_TCP_SOCKET *socket, duva_netx *net)
{
    NXD_ADDRESS server = face_v4;

    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_create(&face_ip, socket, "client",
                                      NX_IP_NORMAL, NX_FRAGMENT_OKAY,
                                      NX_IP_TIME_TO_LIVE, 1460, NX_NULL,
                                      NX_NULL));
    CHECK_STATUS(NX_SUCCESS, duva_netx_open(net, socket, &face_pool, &server,
                                            25, PATIENCE));
}

/* The other program, over a connection of NetX Duo. */
FACE_TEST(by_client)
{
    static const char message[] = "Subject: Pump 7\r\n\r\nPressure is low.\n";
    static const char *const script[] = {
#if DUVA_WITH_INITIAL
        EHLO, ">250-hi\r\n250 AUTH PLAIN\r\n",
        "<AUTH PLAIN AGFkYQBzM2NyZXQ=\r\n", ">235 hi ada\r\n", TAKEN, NULL
#else
        AUTH, TAKEN, NULL
#endif
    };
    static NX_TCP_SOCKET socket;
    static duva_netx     net;

    face_plan(0, script);
    connect_to(&socket, &net);
    CHECK(one_send(&net.link, TO, message, sizeof(message) - 1) == DUVA_OK);
    face_over(0);
    check_has("Subject: Pump 7\r\n\r\nPressure is low.\r\n.\r\n");
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&socket));
}

/* A second mail behind one that was not accepted: it is sent, or said not to
 * be. */
FACE_TEST(mail_behind_refused)
{
    static const char *const script[] = {
        HELLO, UP_TO_RCPT, ">550 nobody is here\r\n",
#if DUVA_WITH_MAILS
        "<RSET\r\n", ">250 ok\r\n", MESSAGE, ">250 taken\r\n",
#endif
        GOODBYE, NULL
    };
    static const char  message[] = "Subject: Pump 7\n\nPressure is low.\n";
    static NX_TCP_SOCKET socket;
    static duva_netx   net;
    static duva_client client;
    static duva_config config;
    static duva_job    job;
    static duva_rcpt   rcpt;
    static uint8_t     buffer[DUVA_BUFFER_MIN];
    duva_memory        source = { message, sizeof(message) - 1, 0 };
    duva_mail         *mail = &job.mail;

    face_plan(0, script);
    connect_to(&socket, &net);
    config.name = DOMAIN;
    config.tls = DUVA_TLS_NEVER;
    client.link = &net.link;
    CHECK(duva_client_init(&client, &config, buffer, sizeof(buffer))
          == DUVA_OK);
    rcpt.addr = TO;
    mail->from = FROM;
    mail->rcpt = &rcpt;
    mail->rcpt_count = 1;
    job.source = duva_memory_read;
    job.source_ctx = &source;
    CHECK(duva_send_mail(&client, mail, duva_memory_read, &source)
          == DUVA_ERR_REJECTED);
    rcpt.verdict = DUVA_PENDING;
    memset(&mail->result, 0, sizeof(mail->result));
#if DUVA_WITH_MAILS
    CHECK(duva_send_mails(&client, &job, 1) == DUVA_OK);
    CHECK(rcpt.verdict == DUVA_ACCEPTED);
#else
    CHECK(duva_send_mails(&client, &job, 1) == DUVA_ERR_STATE);
    CHECK(mail->result.verdict == DUVA_RETRY && rcpt.verdict == DUVA_RETRY);
    rcpt.verdict = DUVA_PENDING;
    CHECK(duva_send_mail(&client, mail, duva_memory_read, &source)
          == DUVA_ERR_STATE);
    CHECK(mail->result.verdict == DUVA_RETRY && rcpt.verdict == DUVA_RETRY);
#endif
    duva_close(&client);
    face_over(0);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&socket));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(accepted),
        cmocka_unit_test(refused),
        cmocka_unit_test(by_client),
        cmocka_unit_test(mail_behind_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
