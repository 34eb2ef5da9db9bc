/* test_face_link.c - tests port/netx without the API. */
/* SPDX-License-Identifier: MIT */
#include "test_face.h"

#include "duva_netx.h"

static NX_TCP_SOCKET sock;
static duva_netx net;

#define RATE NX_IP_PERIODIC_RATE

FACE_TEST(time)
{
    uint32_t ms;

    CHECK(duva_netx_ticks(0) == 0);
    CHECK(duva_netx_ticks(1) == 1);
    CHECK(duva_netx_ticks(1000 / RATE) == 1);
    CHECK(duva_netx_ticks(1000 / RATE + 1) == 2);
    CHECK(duva_netx_ticks(300000) == 300 * RATE);
    CHECK(duva_netx_ticks(UINT32_MAX) == 4294968 * RATE - 70 * RATE / 100);
    CHECK(duva_netx_ticks(UINT32_MAX) != NX_WAIT_FOREVER);
    CHECK(duva_netx_ms(0) == 0);
    CHECK(duva_netx_ms(1) == 1000 / RATE);
    CHECK(duva_netx_ms(10 * RATE) == 10000);
    CHECK(duva_netx_ms(NX_WAIT_FOREVER) == UINT32_MAX);
    CHECK(duva_netx_ms(0xFFFFFFFF / 10) == UINT32_MAX - 5);
    for (ms = 1; ms < UINT32_MAX / 3; ms *= 3)
        CHECK(duva_netx_ms(duva_netx_ticks(ms)) >= ms);
}

static UINT open_link(UINT port)
{
    NXD_ADDRESS server = face_v4;

    return duva_netx_open(&net, &sock, &face_pool, &server, port, PATIENCE);
}

static void create_socket(void)
{
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_create(&face_ip, &sock, "client", NX_IP_NORMAL,
                                      NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
                                      1460, NX_NULL, NX_NULL));
}

/* A mail with client.h alone, through the smallest of buffers. */
FACE_TEST(mail)
{
    static const char *const script[] = { HELLO, TAKEN, NULL };
    static duva_client client;
    static uint8_t buffer[DUVA_BUFFER_MIN];
    duva_config config = { .name = DOMAIN, .tls = DUVA_TLS_NEVER };
    duva_memory message = { "Hello.\n", 7, 0 };
    duva_rcpt rcpt;
    duva_mail envelope;

    create_socket();
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, open_link(25));
    memset(&rcpt, 0, sizeof(rcpt));
    rcpt.addr = TO;
    memset(&envelope, 0, sizeof(envelope));
    envelope.from = FROM;
    envelope.rcpt = &rcpt;
    envelope.rcpt_count = 1;
    client.link = &net.link;
    CHECK(duva_client_init(&client, &config, buffer, sizeof(buffer))
          == DUVA_OK);
    CHECK(duva_send_mail(&client, &envelope, duva_memory_read, &message)
          == DUVA_OK);
    CHECK(duva_close(&client) == DUVA_OK);
    face_over(0);
    CHECK(strcmp(face_servers[0].message, "Hello.\r\n.\r\n") == 0);
    CHECK(!face_servers[0].reset);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&sock));
}

FACE_TEST(opening)
{
    static const char *const script[] = { "z2", NULL };
    static const duva_netx zero;

    create_socket();
    CHECK_STATUS(NX_NOT_CONNECTED, open_link(2500));
    CHECK(memcmp(&net, &zero, sizeof(net)) == 0);
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, open_link(25));
    CHECK_STATUS(NX_ALREADY_BOUND, open_link(25));
    net.link.ops->close(&net.link);
    face_over(0);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&sock));
}

static int has_read;

static void await_read(void)
{
    while (!has_read)
        CHECK_STATUS(TX_SUCCESS, tx_thread_sleep(1));
}

/* Small pieces leave as one packet: with the next read, or when it is full. */
FACE_TEST(writing)
{
    static const char *const script[] = {
        "~5", "<one two three", "@", ">ok", "*", NULL
    };
    static char block[2000];
    const duva_link_ops *ops;
    char buf[8];
    size_t at;
    int n;

    face_meanwhile = await_read;
    create_socket();
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, open_link(25));
    CHECK(sock.nx_tcp_socket_transmit_queue_maximum
          == face_pool.nx_packet_pool_total / 2);
    ops = net.link.ops;
    CHECK(ops->write(&net.link, "", 0) == 0);
    CHECK(ops->write(&net.link, "one ", 4) == 4);
    CHECK(ops->wait(&net.link, DUVA_CAN_WRITE, 1000) == DUVA_CAN_WRITE);
    face_await(0, script + 1);
    CHECK(ops->write(&net.link, "two three", 9) == 9);
    CHECK(ops->read(&net.link, buf, sizeof(buf)) == 0);
    has_read = 1;
    CHECK(ops->wait(&net.link, DUVA_CAN_READ, 1000) == DUVA_CAN_READ);
    CHECK(ops->wait(&net.link, DUVA_CAN_READ, 0) == DUVA_CAN_READ);
    CHECK(ops->read(&net.link, buf, 1) == 1 && buf[0] == 'o');
    CHECK(ops->read(&net.link, buf, sizeof(buf)) == 1 && buf[0] == 'k');
    CHECK(ops->read(&net.link, buf, sizeof(buf)) == 0);
    CHECK(face_servers[0].packets == 1);
    for (at = 0; at < sizeof(block); at += (size_t)n) {
        n = ops->write(&net.link, block + at, sizeof(block) - at);
        CHECK(n > 0 && n <= MAIL_POOL_PAYLOAD - NX_IPv4_TCP_PACKET);
    }
    ops->close(&net.link);
    face_over(0);
    CHECK(face_servers[0].packets == 6);
    CHECK(face_servers[0].longest == MAIL_POOL_PAYLOAD - NX_IPv4_TCP_PACKET);
}

/* A packet may be a chain, and is read in pieces of any size. */
FACE_TEST(reading)
{
    static const char *const script[] = { "z1", "|", NULL };
    static char sent[1700], got[1700 + 31];
    const duva_link_ops *ops;
    size_t at = 0, i;
    int n;

    for (i = 0; i < sizeof(sent); i++)
        sent[i] = (char)(i * 7);
    create_socket();
    face_plan(0, script);
    CHECK_STATUS(NX_SUCCESS, open_link(25));
    ops = net.link.ops;
    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(&face_pool, &net.in,
                                                NX_RECEIVE_PACKET, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_data_append(net.in, sent, sizeof(sent), &face_pool,
                                       NX_NO_WAIT));
    CHECK(net.in->nx_packet_next != NULL);
    for (i = 0; at < sizeof(sent); i++) {
        n = ops->read(&net.link, got + at, i % 31 + 1);
        CHECK(n > 0 && n <= (int)(i % 31) + 1);
        at += (size_t)n;
    }
    CHECK(at == sizeof(sent) && memcmp(sent, got, at) == 0);
    CHECK(net.in == NX_NULL);
    CHECK(ops->wait(&net.link, DUVA_CAN_READ, 2000) == DUVA_ERR_CLOSED);
    CHECK(ops->read(&net.link, got, sizeof(got)) == DUVA_ERR_CLOSED);
    CHECK(net.link.cause == NX_NOT_CONNECTED);
    ops->close(&net.link);
    face_over(0);
}

/* What is held when the link is closed is given back; an orderly close sends
 * it first. */
FACE_TEST(closing)
{
    static const char *const nothing[] = { ">hello", NULL };
    static const char *const something[] = { ">hello", "<bye", NULL };
    int orderly;

    create_socket();
    for (orderly = 0; orderly < 2; orderly++) {
        char c;

        face_plan(0, orderly ? something : nothing);
        CHECK_STATUS(NX_SUCCESS, open_link(25));
        CHECK(net.link.ops->wait(&net.link, DUVA_CAN_READ, 1000)
              == DUVA_CAN_READ);
        CHECK(net.link.ops->read(&net.link, &c, 1) == 1);
        CHECK(net.link.ops->write(&net.link, "bye", 3) == 3);
        if (!orderly)
            net.disconnect_wait = NX_NO_WAIT;
        net.link.ops->close(&net.link);
        face_over(0);
        CHECK(face_servers[0].reset == !orderly);
    }
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&sock));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time),    cmocka_unit_test(mail),
        cmocka_unit_test(opening), cmocka_unit_test(writing),
        cmocka_unit_test(reading), cmocka_unit_test(closing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
