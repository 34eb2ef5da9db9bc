/* test_host_tcp.c - TCP client calls: connecting, data, ports. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include "test_host_tcp.h"

/* --- a conversation --- */

static void talk_echo(int fd)
{
    char bytes[6] = "";

    peer_say(fd, "220 hello\r\n");
    peer_read(fd, bytes, 5);
    peer_check(strcmp(bytes, "QUIT!") == 0, bytes);
    peer_say(fd, "221 bye\r\n");
    /* The client ends it, in order. */
    peer_check(recv(fd, bytes, sizeof bytes, 0) == 0, "end");
}

static VOID converse(ULONG unused)
{
    ULONG address = 0;
    ULONG port = 0;
    NX_PACKET *p;
    UINT own = 0;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_port_get(&sock, &own));
    CHECK(own >= 0xC000 && own <= 0xFFFF);
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_peer_info_get(&sock, &address, &port));
    CHECK(address == IP_ADDRESS(127, 0, 0, 1) && port == server.port);
    expect_text("220 hello\r\n");
    CHECK(notified == 1);
    CHECK_STATUS(NX_NO_PACKET, nx_tcp_socket_receive(&sock, &p, NX_NO_WAIT));
    CHECK_STATUS(NX_NO_PACKET, nx_tcp_socket_receive(&sock, &p, 3));
    CHECK(p == NULL);
    CHECK_STATUS(NX_SUCCESS, send_text("QUIT!", PATIENCE));
    expect_text("221 bye\r\n");
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_state_wait(&sock, NX_TCP_ESTABLISHED, 0));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_disconnect(&sock, PATIENCE));
    CHECK_STATUS(NX_NOT_CONNECTED, nx_tcp_socket_disconnect(&sock, PATIENCE));
    CHECK(disconnected == 0);
    peer_join(&server);
    finish();
}

static void define_v4(void *first)
{
    peer_start(&server, AF_INET, talk_echo);
    define_main(first, converse);
}

static void test_conversation(void **state)
{
    (void)state;
    assert_int_equal(run(define_v4), PASSED);
}

static VOID converse_v6(ULONG unused)
{
    NXD_ADDRESS a;
    NXD_ADDRESS peer;
    ULONG port = 0;

    NX_PARAMETER_NOT_USED(unused);
    memset(&a, 0, sizeof a);
    a.nxd_ip_version = NX_IP_VERSION_V6;
    a.nxd_ip_address.v6[3] = 1;
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&sock, 50000, 0));
    CHECK_STATUS(NX_SUCCESS, nxd_tcp_client_socket_connect(
                                 &sock, &a, server.port, PATIENCE));
    CHECK_STATUS(NX_SUCCESS, nxd_tcp_socket_peer_info_get(&sock, &peer, &port));
    CHECK(peer.nxd_ip_version == NX_IP_VERSION_V6 && port == server.port);
    CHECK(memcmp(peer.nxd_ip_address.v6, a.nxd_ip_address.v6, 16) == 0);
    CHECK(sock.nx_tcp_socket_connect_mss == 1440);
    expect_text("220 hello\r\n");
    CHECK_STATUS(NX_SUCCESS, send_text("QUIT!", PATIENCE));
    expect_text("221 bye\r\n");
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_disconnect(&sock, PATIENCE));
    peer_join(&server);
    finish();
}

static void define_v6(void *first)
{
    peer_start(&server, AF_INET6, talk_echo);
    define_main(first, converse_v6);
}

static void test_conversation_v6(void **state)
{
    (void)state;
    assert_int_equal(run(define_v6), PASSED);
}

/* The firmware knows 192.0.2.25:25; its server is somewhere else. */
static VOID converse_mapped(ULONG unused)
{
    ULONG address = 0;
    ULONG port = 0;
    char map[64];

    NX_PARAMETER_NOT_USED(unused);
    snprintf(map, sizeof map, "192.0.2.25:25=[::1]:%u", server.port);
    CHECK(duva_nx_map(map) == NULL);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&sock, 0, 0));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_client_socket_connect(&sock, IP_ADDRESS(192, 0, 2, 25),
                                              25, PATIENCE));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_peer_info_get(&sock, &address, &port));
    CHECK(address == IP_ADDRESS(192, 0, 2, 25) && port == 25);
    expect_text("220 hello\r\n");
    CHECK_STATUS(NX_SUCCESS, send_text("QUIT!", PATIENCE));
    expect_text("221 bye\r\n");
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_disconnect(&sock, PATIENCE));
    peer_join(&server);
    finish();
}

static void define_mapped(void *first)
{
    peer_start(&server, AF_INET6, talk_echo);
    define_main(first, converse_mapped);
}

static void test_mapped_address(void **state)
{
    (void)state;
    assert_int_equal(run(define_mapped), PASSED);
}

/* --- connecting --- */

static VOID be_refused(ULONG unused)
{
    const int closed = peer_listen(AF_INET, -1, &server.port);

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&sock, 0, 0));
    CHECK_STATUS(NX_ALREADY_BOUND, nx_tcp_client_socket_bind(&sock, 0, 0));
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_client_socket_connect(&sock, IP_ADDRESS(127, 0, 0, 1),
                                              server.port, PATIENCE));
    CHECK(sock.nx_tcp_socket_state == NX_TCP_CLOSED);
    CHECK_STATUS(NX_NOT_CONNECTED, send_text("x", 0));
    CHECK_STATUS(NX_IN_PROGRESS,
                 nx_tcp_client_socket_connect(&sock, IP_ADDRESS(127, 0, 0, 1),
                                              server.port, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_state_wait(&sock, NX_TCP_CLOSED, PATIENCE));
    close(closed);
    finish();
}

static void define_be_refused(void *first)
{
    define_main(first, be_refused);
}

static void test_connect_refused(void **state)
{
    (void)state;
    assert_int_equal(run(define_be_refused), PASSED);
}

/* A listener whose queue is full answers no request. */
static int deaf_listener(int *fillers)
{
    struct sockaddr_in a;
    int fd = peer_listen(AF_INET, 0, &server.port);
    int i;

    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_addr.s_addr = inet_addr("127.0.0.1");
    a.sin_port = (in_port_t)htons((unsigned short)server.port);
    for (i = 0; i < 3; i++) {
        fillers[i] = socket(AF_INET, SOCK_STREAM, 0);
        peer_check(fillers[i] >= 0, "socket");
        if (i > 0) {
            struct timeval t = { 0, 100000 };

            setsockopt(fillers[i], SOL_SOCKET, SO_SNDTIMEO, &t, sizeof t);
        }
        if (connect(fillers[i], (struct sockaddr *)&a, sizeof a) != 0)
            peer_check(i > 0, "filler");
    }
    return fd;
}

static VOID hear_nothing(ULONG unused)
{
    int fillers[3];
    const int fd = deaf_listener(fillers);
    ULONG begin = tx_time_get();

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&sock, 0, 0));
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_client_socket_connect(&sock, IP_ADDRESS(127, 0, 0, 1),
                                              server.port, 30));
    CHECK(tx_time_get() - begin >= 30);
    CHECK(sock.nx_tcp_socket_state == NX_TCP_CLOSED);
    CHECK_STATUS(NX_IN_PROGRESS,
                 nx_tcp_client_socket_connect(&sock, IP_ADDRESS(127, 0, 0, 1),
                                              server.port, NX_NO_WAIT));
    CHECK_STATUS(NX_NOT_CLOSED,
                 nx_tcp_client_socket_connect(&sock, IP_ADDRESS(127, 0, 0, 1),
                                              server.port, NX_NO_WAIT));
    CHECK_STATUS(NX_NOT_CLOSED, nx_tcp_client_socket_unbind(&sock));
    CHECK_STATUS(NX_STILL_BOUND, nx_tcp_socket_delete(&sock));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_disconnect(&sock, 10));
    close(fd);
    finish();
}

static void define_hear_nothing(void *first)
{
    define_main(first, hear_nothing);
}

static void test_connect_times_out(void **state)
{
    (void)state;
    assert_int_equal(run(define_hear_nothing), PASSED);
}

static VOID ports(ULONG unused)
{
    static NX_TCP_SOCKET second;
    ULONG begin;
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_create(&ip, &second, (CHAR *)"2", 0, 0, 0x80,
                                      1000, NX_NULL, NX_NULL));
    CHECK_STATUS(NX_INVALID_PORT, nx_tcp_client_socket_bind(&sock, 65536, 0));
    CHECK_STATUS(NX_NOT_BOUND, nx_tcp_socket_receive(&sock, &p, 10));
    CHECK_STATUS(NX_NOT_BOUND, nx_tcp_client_socket_unbind(&sock));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&sock, 50000, 0));
    CHECK_STATUS(NX_NOT_CONNECTED, nx_tcp_socket_receive(&sock, &p, 10));
    CHECK_STATUS(NX_PORT_UNAVAILABLE,
                 nx_tcp_client_socket_bind(&second, 50000, NX_NO_WAIT));
    begin = tx_time_get();
    CHECK_STATUS(NX_PORT_UNAVAILABLE,
                 nx_tcp_client_socket_bind(&second, 50000, 5));
    CHECK(tx_time_get() - begin >= 5);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_unbind(&sock));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&second, 50000, 0));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_unbind(&second));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&sock, 0, 0));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&second, 0, 0));
    CHECK(sock.nx_tcp_socket_port != second.nx_tcp_socket_port);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_unbind(&second));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&second));
    finish();
}

static void define_ports(void *first)
{
    define_main(first, ports);
}

static void test_ports(void **state)
{
    (void)state;
    assert_int_equal(run(define_ports), PASSED);
}

/* --- what is refused --- */

static void talk_wait(int fd)
{
    char byte;

    peer_check(recv(fd, &byte, 1, 0) <= 0, "end");
}

static VOID refuse(ULONG unused)
{
    static NX_TCP_SOCKET none;
    NX_PACKET *p;
    NX_PACKET *q;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_PTR_ERROR, nx_tcp_client_socket_bind(NULL, 0, 0));
    CHECK_STATUS(NX_PTR_ERROR, nx_tcp_client_socket_bind(&none, 0, 0));
    CHECK_STATUS(NX_PTR_ERROR, nx_tcp_socket_receive(&sock, NULL, 0));
    CHECK_STATUS(NX_OPTION_ERROR, nx_tcp_socket_state_wait(&sock, 0, 0));
    CHECK_STATUS(NX_OPTION_ERROR, nx_tcp_socket_state_wait(&sock, 12, 0));
    bind_and_connect();
    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(&pool, &p, NX_TCP_PACKET, 0));
    CHECK_STATUS(NX_INVALID_PACKET, nx_tcp_socket_send(&sock, p, 10));
    CHECK_STATUS(NX_PTR_ERROR, nx_tcp_socket_send(&none, p, 10));
    q = p;
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    CHECK_STATUS(NX_INVALID_PACKET, nx_tcp_socket_send(&sock, q, 10));
    CHECK_STATUS(NX_INVALID_PACKET, nx_tcp_socket_send(&sock, p, 10));
    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(&pool, &p, 36, 0));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_data_append(p, (VOID *)"x", 1, &pool, 0));
    CHECK_STATUS(NX_UNDERFLOW, nx_tcp_socket_send(&sock, p, 10));
    p->nx_packet_prepend_ptr += 40;
    p->nx_packet_append_ptr = p->nx_packet_data_end + 1;
    CHECK_STATUS(NX_OVERFLOW, nx_tcp_socket_send(&sock, p, 10));
    CHECK_STATUS(NX_IN_PROGRESS, nx_tcp_socket_disconnect(&sock, NX_NO_WAIT));
    peer_join(&server);
    passed();
}

static void define_refuse(void *first)
{
    NX_PACKET *p;

    peer_start(&server, AF_INET, talk_wait);
    define_main(first, refuse);
    CHECK_STATUS(NX_CALLER_ERROR, nx_tcp_client_socket_bind(&sock, 0, 0));
    CHECK_STATUS(NX_CALLER_ERROR, nx_tcp_client_socket_connect(
                                      &sock, IP_ADDRESS(192, 0, 2, 2), 25, 0));
    CHECK_STATUS(NX_CALLER_ERROR, nx_tcp_socket_receive(&sock, &p, 0));
    CHECK_STATUS(NX_CALLER_ERROR, nx_tcp_socket_disconnect(&sock, 0));
    CHECK_STATUS(NX_CALLER_ERROR, nx_tcp_client_socket_unbind(&sock));
    CHECK_STATUS(NX_CALLER_ERROR, nx_tcp_socket_delete(&sock));
}

static void test_refused(void **state)
{
    (void)state;
    assert_int_equal(run(define_refuse), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conversation),
        cmocka_unit_test(test_conversation_v6),
        cmocka_unit_test(test_mapped_address),
        cmocka_unit_test(test_connect_refused),
        cmocka_unit_test(test_connect_times_out),
        cmocka_unit_test(test_ports),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
