/* test_host_stream.c - TCP client calls: ends, resets, much data. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include "test_host_tcp.h"

static TX_THREAD side_thread;

/* --- the other side ends it --- */

static void talk_and_go(int fd)
{
    peer_say(fd, "one");
    peer_pause(100);
    peer_say(fd, "two");
}

static VOID drain_then_end(ULONG unused)
{
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_state_wait(&sock, NX_TCP_CLOSE_WAIT, PATIENCE));
    peer_join(&server);
    CHECK(disconnected == 1 && notified >= 1);
    CHECK(sock.nx_tcp_socket_receive_queue_count == (ULONG)notified);
    expect_text("onetwo");
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_socket_receive(&sock, &p, NX_WAIT_FOREVER));
    CHECK(p == NULL);
    CHECK_STATUS(NX_NOT_CLOSED, nx_tcp_client_socket_unbind(&sock));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_disconnect(&sock, PATIENCE));
    CHECK(sock.nx_tcp_socket_state == NX_TCP_CLOSED);
    finish();
}

static void define_drain(void *first)
{
    peer_start(&server, AF_INET, talk_and_go);
    define_main(first, drain_then_end);
}

static void test_end_comes_after_data(void **state)
{
    (void)state;
    assert_int_equal(run(define_drain), PASSED);
}

static void talk_reset(int fd)
{
    struct linger cut = { 1, 0 };

    peer_say(fd, "x");
    peer_pause(100);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &cut, sizeof cut);
}

static VOID be_reset(ULONG unused)
{
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    expect_text("x");
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_socket_receive(&sock, &p, NX_WAIT_FOREVER));
    CHECK(disconnected == 1);
    CHECK(sock.nx_tcp_socket_state == NX_TCP_CLOSED);
    CHECK_STATUS(NX_NOT_CONNECTED, send_text("x", 10));
    CHECK_STATUS(NX_NOT_CONNECTED, nx_tcp_socket_disconnect(&sock, 10));
    peer_join(&server);
    finish();
}

static void define_be_reset(void *first)
{
    peer_start(&server, AF_INET, talk_reset);
    define_main(first, be_reset);
}

static void test_reset(void **state)
{
    (void)state;
    assert_int_equal(run(define_be_reset), PASSED);
}

/* A peer that has gone makes sending fail, and does not kill the process. */
static VOID send_to_nobody(ULONG unused)
{
    UINT status = NX_SUCCESS;
    int i;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    peer_join(&server);
    for (i = 0; i < 100 && status == NX_SUCCESS; i++) {
        status = send_text("into the void", 10);
        tx_thread_sleep(1);
    }
    CHECK_STATUS(NX_NOT_CONNECTED, status);
    CHECK(sock.nx_tcp_socket_state == NX_TCP_CLOSED);
    expect_text("onetwo");
    finish();
}

static void define_nobody(void *first)
{
    peer_start(&server, AF_INET, talk_and_go);
    define_main(first, send_to_nobody);
}

static void test_sending_to_nobody(void **state)
{
    (void)state;
    assert_int_equal(run(define_nobody), PASSED);
}

/* --- we end it --- */

static void talk_expect_reset(int fd)
{
    char bytes[8];

    peer_say(fd, "go");
    peer_check(recv(fd, bytes, sizeof bytes, 0) < 0 && errno == ECONNRESET,
               "reset");
}

static VOID cut(ULONG unused)
{
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive(&sock, &p, PATIENCE));
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    CHECK_STATUS(NX_IN_PROGRESS, nx_tcp_socket_disconnect(&sock, NX_NO_WAIT));
    CHECK(sock.nx_tcp_socket_state == NX_TCP_CLOSED);
    CHECK_STATUS(NX_NOT_CONNECTED, nx_tcp_socket_receive(&sock, &p, 10));
    peer_join(&server);
    finish();
}

static void define_cut(void *first)
{
    peer_start(&server, AF_INET, talk_expect_reset);
    define_main(first, cut);
}

static void test_no_wait_disconnect_resets(void **state)
{
    (void)state;
    assert_int_equal(run(define_cut), PASSED);
}

/* What a server waits for that shall not go on yet. */
static int go[2];

static void wait_for_go(void)
{
    char byte;

    peer_check(read(go[0], &byte, 1) == 1, "go");
}

static void say_go(void)
{
    CHECK(write(go[1], "", 1) == 1);
}

static void talk_never_close(int fd)
{
    char byte;

    /* Its end is read, but not answered until it is cut. */
    peer_check(recv(fd, &byte, 1, 0) == 0, "end");
    wait_for_go();
}

static VOID end_in_vain(ULONG unused)
{
    const ULONG begin = tx_time_get();

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    CHECK_STATUS(NX_DISCONNECT_FAILED, nx_tcp_socket_disconnect(&sock, 20));
    CHECK(tx_time_get() - begin >= 20);
    CHECK(sock.nx_tcp_socket_state == NX_TCP_CLOSED);
    say_go();
    peer_join(&server);
    finish();
}

static void define_in_vain(void *first)
{
    CHECK(pipe(go) == 0);
    peer_start(&server, AF_INET, talk_never_close);
    define_main(first, end_in_vain);
}

static void test_disconnect_times_out(void **state)
{
    (void)state;
    assert_int_equal(run(define_in_vain), PASSED);
}

/* A thread that waits for data learns that another one has hung up. */
static VOID hang_up(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    await('w');
    CHECK_STATUS(NX_IN_PROGRESS, nx_tcp_socket_disconnect(&sock, NX_NO_WAIT));
}

static void talk_wait(int fd)
{
    char byte;

    peer_check(recv(fd, &byte, 1, 0) <= 0, "end");
}

static VOID wait_for_data(ULONG unused)
{
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    spawn(&side_thread, hang_up, 8, &memory);
    note('w');
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_socket_receive(&sock, &p, NX_WAIT_FOREVER));
    peer_join(&server);
    finish();
}

static void define_hang_up(void *first)
{
    peer_start(&server, AF_INET, talk_wait);
    define_main(first, wait_for_data);
}

static void test_hang_up_wakes_receiver(void **state)
{
    (void)state;
    assert_int_equal(run(define_hang_up), PASSED);
}

/* --- much data --- */

#define MUCH 200000

static unsigned char pattern(size_t i)
{
    return (unsigned char)(i * 31 + i / 251);
}

static void talk_read_much(int fd)
{
    unsigned char bytes[1000];
    size_t have = 0;
    size_t i;

    peer_pause(200);
    while (have < MUCH) {
        const ssize_t n = recv(fd, bytes, sizeof bytes, 0);

        peer_check(n > 0, "recv");
        for (i = 0; i < (size_t)n; i++)
            peer_check(bytes[i] == pattern(have + i), "pattern");
        have += (size_t)n;
    }
    for (have = 0; have < MUCH; have += sizeof bytes) {
        for (i = 0; i < sizeof bytes; i++)
            bytes[i] = pattern(have + i);
        peer_check(send(fd, bytes, sizeof bytes, MSG_NOSIGNAL)
                       == (ssize_t)sizeof bytes,
                   "send");
    }
}

static void send_much(void)
{
    UCHAR bytes[2000];
    size_t have;
    size_t i;

    for (have = 0; have < MUCH; have += sizeof bytes) {
        NX_PACKET *p;

        for (i = 0; i < sizeof bytes; i++)
            bytes[i] = pattern(have + i);
        CHECK_STATUS(NX_SUCCESS,
                     nx_packet_allocate(&pool, &p, NX_TCP_PACKET, 0));
        CHECK_STATUS(NX_SUCCESS,
                     nx_packet_data_append(p, bytes, sizeof bytes, &pool, 0));
        CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_send(&sock, p, PATIENCE));
    }
}

static VOID carry_much(ULONG unused)
{
    size_t have = 0;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    send_much();
    CHECK(sock.nx_tcp_socket_bytes_sent == MUCH);
    /* The server's data waits outside while we do not receive. */
    tx_thread_sleep(30);
    CHECK(pool.nx_packet_pool_available > 10);
    while (have < MUCH) {
        UCHAR bytes[2000];
        NX_PACKET *p;
        ULONG n;
        ULONG i;

        CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive(&sock, &p, PATIENCE));
        CHECK(p->nx_packet_length <= 1460);
        CHECK_STATUS(NX_SUCCESS, nx_packet_data_retrieve(p, bytes, &n));
        for (i = 0; i < n; i++)
            CHECK(bytes[i] == pattern(have + i));
        have += n;
        CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    }
    CHECK(sock.nx_tcp_socket_bytes_received == MUCH);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_disconnect(&sock, PATIENCE));
    peer_join(&server);
    finish();
}

static void define_much(void *first)
{
    peer_start(&server, AF_INET, talk_read_much);
    define_main(first, carry_much);
}

static void test_much_data_both_ways(void **state)
{
    (void)state;
    assert_int_equal(run(define_much), PASSED);
}

/* A window larger than the pool: what does not fit waits outside. */

static void talk_pour(int fd)
{
    const char bytes[1000] = { 0 };

    while (send(fd, bytes, sizeof bytes, MSG_NOSIGNAL) > 0)
        continue;
}

static VOID starve(ULONG unused)
{
    NX_PACKET *first;
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive(&sock, &first, PATIENCE));
    while (pool.nx_packet_pool_available != 0)
        tx_thread_sleep(1);
    CHECK_STATUS(NX_NO_PACKET, nx_packet_allocate(&pool, &p, 0, NX_NO_WAIT));
    /* What is released is filled again from outside. */
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(first));
    while (pool.nx_packet_pool_available != 0)
        tx_thread_sleep(1);
    CHECK_STATUS(NX_IN_PROGRESS, nx_tcp_socket_disconnect(&sock, NX_NO_WAIT));
    peer_join(&server);
    finish();
}

static void define_starve(void *first)
{
    peer_start(&server, AF_INET, talk_pour);
    define_network(first, 128, 20 * 232, 60000);
    spawn(&main_thread, starve, 5, &memory);
}

static void test_pool_runs_dry(void **state)
{
    (void)state;
    assert_int_equal(run(define_starve), PASSED);
}

static void talk_not_reading(int fd)
{
    char byte;

    wait_for_go();
    while (recv(fd, &byte, 1, 0) > 0)
        continue;
}

static VOID overflow(ULONG unused)
{
    UCHAR bytes[1460] = { 0 };
    UINT status = NX_SUCCESS;
    ULONG begin = 0;
    ULONG total = 0;
    NX_PACKET *p = NULL;

    NX_PARAMETER_NOT_USED(unused);
    bind_and_connect();
    while (status == NX_SUCCESS && total < 100000000) {
        CHECK_STATUS(NX_SUCCESS,
                     nx_packet_allocate(&pool, &p, NX_TCP_PACKET, 0));
        CHECK_STATUS(NX_SUCCESS,
                     nx_packet_data_append(p, bytes, sizeof bytes, &pool, 0));
        begin = tx_time_get();
        status = nx_tcp_socket_send(&sock, p, 20);
        total += (ULONG)sizeof bytes;
    }
    CHECK_STATUS(NX_WINDOW_OVERFLOW, status);
    CHECK(tx_time_get() - begin >= 20);
    say_go();
    /* It is still ours, and what has gone is no longer in it. */
    CHECK(p != NULL);
    CHECK(sock.nx_tcp_socket_bytes_sent + p->nx_packet_length == total);
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    CHECK_STATUS(NX_IN_PROGRESS, nx_tcp_socket_disconnect(&sock, NX_NO_WAIT));
    peer_join(&server);
    finish();
}

static void define_overflow(void *first)
{
    CHECK(pipe(go) == 0);
    peer_start(&server, AF_INET, talk_not_reading);
    define_main(first, overflow);
}

static void test_send_times_out(void **state)
{
    (void)state;
    assert_int_equal(run(define_overflow), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_end_comes_after_data),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_sending_to_nobody),
        cmocka_unit_test(test_no_wait_disconnect_resets),
        cmocka_unit_test(test_disconnect_times_out),
        cmocka_unit_test(test_hang_up_wakes_receiver),
        cmocka_unit_test(test_much_data_both_ways),
        cmocka_unit_test(test_pool_runs_dry),
        cmocka_unit_test(test_send_times_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
