/* test_face_limits.c - tests timeouts, small pools, and several threads. */
/* SPDX-License-Identifier: MIT */

/* Its own copy of the source, with little patience. */
#define NX_SMTP_CLIENT_PACKET_TIMEOUT 12
#define NX_SMTP_CLIENT_SEND_TIMEOUT 30
#define NX_SMTP_GREETING_TIMEOUT 15
#define NX_SMTP_ENVELOPE_TIMEOUT 70
#define NX_SMTP_MESSAGE_TIMEOUT 150

#include "test_face.h"

#include "nxd_smtp_client.c"
#if DUVA_NETX_MORE
#include "nxd_smtp_session.c"
#else
#include "nxd_smtp_classic.c"
#include "nxd_smtp_packets.c"
#endif

static NX_SMTP_CLIENT client, other;

static const char *const good[] = { HELLO, TAKEN, NULL };

/* So many ticks, and not as many as the next longer patience has. */
static void check_passed(ULONG start, ULONG ticks)
{
    const ULONG past = tx_time_get() - start;

    CHECK(past >= ticks);
    CHECK(past < (ticks < NX_SMTP_ENVELOPE_TIMEOUT  ? NX_SMTP_ENVELOPE_TIMEOUT
                  : ticks < NX_SMTP_MESSAGE_TIMEOUT ? NX_SMTP_MESSAGE_TIMEOUT
                                                    : 500));
}

/* A server that falls silent: the time of each phase passes, and then the
 * connection is dropped without another word. */
FACE_TEST(silence)
{
    static const struct {
        ULONG ticks;
        const char *script[16];
    } tries[] = {
        { NX_SMTP_GREETING_TIMEOUT, { NULL } },
        { NX_SMTP_GREETING_TIMEOUT, { ">220-hi\r\n220 ", NULL } },
        { NX_SMTP_ENVELOPE_TIMEOUT, { EHLO, NULL } },
        { NX_SMTP_ENVELOPE_TIMEOUT, { EHLO, ">250-hi\r\n", NULL } },
        { NX_SMTP_ENVELOPE_TIMEOUT,
          { EHLO, ">250-hi\r\n250 AUTH PLAIN\r\n",
            "<AUTH PLAIN\r\n", ">334 \r\n", "<AGFkYQBzM2NyZXQ=\r\n", NULL } },
        { NX_SMTP_ENVELOPE_TIMEOUT, { HELLO, MAIL, NULL } },
        { NX_SMTP_ENVELOPE_TIMEOUT, { HELLO, UP_TO_RCPT, NULL } },
        { NX_SMTP_ENVELOPE_TIMEOUT, { HELLO, UP_TO_DATA, NULL } },
        { NX_SMTP_MESSAGE_TIMEOUT, { HELLO, MESSAGE, NULL } },
    };
    static const char *const no_goodbye[] = {
        HELLO, MESSAGE, ">250 taken\r\n", "<QUIT\r\n", NULL
    };
    ULONG start;
    size_t i;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    for (i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
        start = tx_time_get();
        face_send(&client, tries[i].script, NX_NO_PACKET);
        check_passed(start, tries[i].ticks);
        CHECK(face_servers[0].reset);
        CHECK(client.nx_smtp_client_mail_status == NX_NO_PACKET);
        face_send(&client, good, NX_SUCCESS);
    }
    start = tx_time_get();
    face_send(&client, no_goodbye, NX_SUCCESS);
    check_passed(start, NX_SMTP_ENVELOPE_TIMEOUT);
}

/* No packet is free when the first command is to go out, and then later on. */
FACE_TEST(no_packets)
{
    static const char *const script[] = { ">220 hi\r\n", NULL };
    NX_PACKET *taken[64];
    ULONG start;
    UINT i, count = 0;

    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    while (nx_packet_allocate(&face_pool, &taken[count], NX_TCP_PACKET,
                              NX_NO_WAIT) == NX_SUCCESS)
        count++;
    CHECK(count > 2);
    start = tx_time_get();
    face_send(&client, script, NX_NO_PACKET);
    check_passed(start, NX_SMTP_CLIENT_PACKET_TIMEOUT);
    CHECK(client.nx_smtp_client_mail_status == NX_SMTP_PACKET_ALLOCATE_ERROR);
    CHECK(face_servers[0].reset);

    /* One is enough. */
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(taken[0]));
    face_send(&client, good, NX_SUCCESS);
    for (i = 1; i < count; i++)
        CHECK_STATUS(NX_SUCCESS, nx_packet_release(taken[i]));
}

/* Packets that hold nothing but headers. */
FACE_TEST(no_room)
{
    static const char *const script[] = { ">220 hi\r\n", NULL };
    static char memory[2048];
    NXD_ADDRESS server = face_v4;
    NX_PACKET_POOL pool;

    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_pool_create(&pool, (CHAR *)"tiny",
                                       NX_IPv4_TCP_PACKET, memory,
                                       sizeof(memory)));
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&client, &face_ip, &pool, "", "", FROM,
                                        DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 25));
    face_send(&client, script, NX_SIZE_ERROR);
    CHECK(pool.nx_packet_pool_available == pool.nx_packet_pool_total);
    CHECK(pool.nx_packet_pool_invalid_releases == 0);
}

/* A server that does not read any more. */
FACE_TEST(no_window)
{
    static char body[32 * 1024];
    static const char *const script[] = {
        HELLO, UP_TO_DATA, ">354 go\r\n", "z90", "*", NULL
    };
    ULONG start;
    size_t i;

    for (i = 0; i < sizeof(body); i++)
        body[i] = i % 64 == 63 ? '\n' : 'x';
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_plan(0, script);
    start = tx_time_get();
    CHECK_STATUS(NX_WINDOW_OVERFLOW,
                 nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                   "Hi", body, sizeof(body)));
    check_passed(start, NX_SMTP_CLIENT_SEND_TIMEOUT);
    face_over(0);
    CHECK(client.nx_smtp_client_session.mail.result.verdict == DUVA_RETRY);
    face_send(&client, good, NX_SUCCESS);
}

/* ---- several threads ---- */

static TX_THREAD second;
static TX_SEMAPHORE second_done;
static ULONG second_stack[2048 / sizeof(ULONG)];

static const char *const slow[] = {
    "~1", EHLO, "~1", ">250 hi\r\n", MAIL, "~1", ">250 ok\r\n", RCPT, "~1",
    ">250 ok\r\n", "<DATA\r\n", "~1", ">354 go\r\n", "{", "~1",
    ">250 taken\r\n", "<QUIT\r\n", "~1", ">221 bye\r\n", NULL
};

static void send_ten(NX_SMTP_CLIENT *c, UINT which, const char *subject)
{
    UINT i;

    for (i = 0; i < 10; i++) {
        char body[40], header[40];

        snprintf(header, sizeof(header), "Subject: %s\r\n", subject);
        snprintf(body, sizeof(body), "This is %u of %s\r\n", i, subject);
        face_plan(which, slow);
        CHECK_STATUS(NX_SUCCESS,
                     nx_smtp_mail_send(c, TO, NX_SMTP_MAIL_PRIORITY_NORMAL,
                                       (CHAR *)subject, body,
                                       (UINT)strlen(body)));
        face_over(which);
        CHECK(strstr(face_servers[which].message, header) != NULL);
        CHECK(strstr(face_servers[which].message, body) != NULL);
    }
}

static VOID send_from_second(ULONG unused)
{
    NXD_ADDRESS server = face_v4;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_SUCCESS,
                 nxd_smtp_client_create(&other, &face_ip, &face_pool, "", "",
                                        FROM, DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                        &server, 26));
    send_ten(&other, 1, "second");
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&other));
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_put(&second_done));
}

FACE_TEST(two_clients)
{
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    CHECK_STATUS(TX_SUCCESS,
                 tx_semaphore_create(&second_done, (CHAR *)"done", 0));
    CHECK_STATUS(TX_SUCCESS,
                 tx_thread_create(&second, (CHAR *)"second", send_from_second,
                                  0, second_stack, sizeof(second_stack), 16,
                                  16, TX_NO_TIME_SLICE, TX_AUTO_START));
    send_ten(&client, 0, "first");
    CHECK_STATUS(TX_SUCCESS, tx_semaphore_get(&second_done, PATIENCE));
    CHECK(face_most == 2);     /* they did run at the same time */
}

/* From another thread, while the first is in the middle of a mail. */
static void meddle(void)
{
    NXD_ADDRESS server = face_v4;

    CHECK_STATUS(NX_ALREADY_BOUND,
                 nx_smtp_mail_send(&client, "eve@example.com",
                                   NX_SMTP_MAIL_PRIORITY_NORMAL, "Eve", "x",
                                   1));
    CHECK_STATUS(NX_STILL_BOUND, nx_smtp_client_delete(&client));
    CHECK_STATUS(NX_PTR_ERROR,
                 nxd_smtp_client_create(&client, &face_ip, &face_pool, "", "",
                                        "eve@example.com", "evil",
                                        NX_SMTP_CLIENT_AUTH_PLAIN, &server,
                                        26));
}

FACE_TEST(one_client)
{
    static const char *const script[] = {
        "@", EHLO, "@", ">250 hi\r\n", MAIL, "@", ">250 ok\r\n", RCPT, "@",
        ">250 ok\r\n", "<DATA\r\n", "@", ">354 go\r\n", "{", "@",
        ">250 taken\r\n", "<QUIT\r\n", "@", ">221 bye\r\n", NULL
    };

    face_meanwhile = meddle;
    face_client(&client, NX_SMTP_CLIENT_AUTH_NONE);
    face_send(&client, script, NX_SUCCESS);
    CHECK(strstr(face_servers[0].message, "Hello.\r\n") != NULL);
    face_send(&client, good, NX_SUCCESS);
    CHECK_STATUS(NX_SUCCESS, nx_smtp_client_delete(&client));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(silence),     cmocka_unit_test(no_packets),
        cmocka_unit_test(no_room),     cmocka_unit_test(no_window),
        cmocka_unit_test(two_clients), cmocka_unit_test(one_client),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
