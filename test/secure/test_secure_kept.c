/* test_secure_kept.c - tests several mails over one connection with TLS. */
/* SPDX-License-Identifier: MIT */
#include "test_secure.h"

#define OVER                                                                   \
    "<MAIL FROM:<" FROM ">\r\n", ">250 ok\r\n", "<RCPT TO:<" TO ">\r\n",       \
        ">250 ok\r\n", "<DATA\r\n", ">354 go\r\n", "{", ">250 taken\r\n"
#define GOODBYE "<QUIT\r\n", ">221 bye\r\n"
#define SECURED STARTTLS, ">220 go\r\n", "T", EHLO, AUTH

static void secure(UINT mode)
{
    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_secure_set(
                     &client, mode,
                     mode == NX_SMTP_CLIENT_TLS_NONE ? NX_NULL : (CHAR *)HOST,
                     mode == NX_SMTP_CLIENT_TLS_NONE ? NX_NULL
                                                     : device_setup));
}

static UINT mail(void)
{
    return nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_NORMAL, "Hi",
                             BODY, sizeof(BODY) - 1);
}

static void connect_by(const char *const *script)
{
    server_plan(script);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_connect(&client, PATIENCE));
}

/* One handshake for all; the goodbye is secret, too. */
SECURE_TEST(several)
{
    static const char *const script[] = { SECURED, OVER, OVER, GOODBYE, NULL };

    secure(NX_SMTP_CLIENT_TLS_STARTTLS);
    connect_by(script);
    CHECK_STATUS(NX_SUCCESS, mail());
    CHECK_STATUS(NX_SUCCESS, mail());
    CHECK(strstr(server.message, "\r\n\r\n" BODY) != NULL);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_disconnect(&client, PATIENCE));
    server_over();
    CHECK(!server.failed);
    CHECK(setup.calls == 1);
}

/* The server hangs up between mails: the next has a handshake of its own. */
SECURE_TEST(again)
{
    static const char *const script[] = {
        SECURED, OVER, "|", "/", SECURED, OVER, GOODBYE, NULL
    };

    secure(NX_SMTP_CLIENT_TLS_STARTTLS);
    connect_by(script);
    CHECK_STATUS(NX_SUCCESS, mail());
    while (client.nx_smtp_client_socket.nx_tcp_socket_state
           == NX_TCP_ESTABLISHED)
        tx_thread_sleep(1);
    CHECK_STATUS(NX_SUCCESS, mail());
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    server_over();
    CHECK(!server.failed);
    CHECK(setup.calls == 2);
    device_create();
}

/* A connection that was made in the clear carries no mail any more once TLS
 * was asked for. */
SECURE_TEST(not_in_the_clear)
{
    static const char *const script[] = {
        ">220 hi\r\n", EHLO, ">250 hi\r\n", GOODBYE, "/", SECURED, OVER,
        GOODBYE, NULL
    };
    NXD_ADDRESS address = { NX_IP_VERSION_V4, { IP_ADDRESS(10, 9, 9, 9) } };

    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &device_ip, &mail_pool, USER,
                                        PASSWORD, FROM, DOMAIN,
                                        NX_SMTP_CLIENT_AUTH_NONE, &address,
                                        587));
    connect_by(script);
    secure(NX_SMTP_CLIENT_TLS_STARTTLS);
    CHECK_STATUS(NX_SUCCESS, mail());
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_disconnect(&client, PATIENCE));
    server_over();
    CHECK(!server.failed);
    CHECK(setup.calls == 1);
}

/* TLS that was asked for in vain: nothing is sent over what is up. */
SECURE_TEST(not_at_all)
{
    static const char *const script[] = { SECURED, OVER, GOODBYE, NULL };

    secure(NX_SMTP_CLIENT_TLS_STARTTLS);
    connect_by(script);
    CHECK_STATUS(NX_SUCCESS, mail());
    CHECK_STATUS(NX_PTR_ERROR, nx_smtp_client_secure_set(
                                   &client, NX_SMTP_CLIENT_TLS_STARTTLS,
                                   NX_NULL, device_setup));
    CHECK_STATUS(NX_PTR_ERROR, mail());
    server_over();
    CHECK(!server.failed);
    CHECK(setup.calls == 1);
}

/* A handshake that fails leaves the client as it was. */
SECURE_TEST(refused)
{
    static const char *const script[] = { STARTTLS, ">220 go\r\n", "*", NULL };

    secure(NX_SMTP_CLIENT_TLS_STARTTLS);
    setup.status = 0x77;
    server_plan(script);
    CHECK_STATUS(0x77, nx_smtp_client_connect(&client, PATIENCE));
    server_over();
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_smtp_client_disconnect(&client, PATIENCE));
}

/* While a mail is under way another thread cannot change how it is secured.
 * A less urgent thread would come too late when each reply is there before the
 * client waits for it.  So a more urgent one is started during the mail. */
static TX_THREAD second;

static VOID meddle(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_client_secure_set(&client, NX_SMTP_CLIENT_TLS_NONE,
                                           NX_NULL, NX_NULL));
}

static UINT set_up_and_meddle(NX_SMTP_CLIENT *c, NX_SECURE_TLS_SESSION *session)
{
    static char stack[2048];
    char *memory = stack;

    spawn(&second, meddle, 15, &memory);
    CHECK(second.tx_thread_state == TX_COMPLETED);
    return device_setup(c, session);
}

SECURE_TEST(one_thread)
{
    static const char *const script[] = { BY_STARTTLS };

    CHECK_STATUS(NX_SUCCESS,
                 nx_smtp_client_secure_set(&client, NX_SMTP_CLIENT_TLS_STARTTLS,
                                           HOST, set_up_and_meddle));
    server_plan(script);
    CHECK_STATUS(NX_SUCCESS, mail());
    server_over();
    CHECK(!server.failed);
    CHECK(setup.calls == 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(several),          cmocka_unit_test(again),
        cmocka_unit_test(not_in_the_clear), cmocka_unit_test(not_at_all),
        cmocka_unit_test(refused),          cmocka_unit_test(one_thread),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
