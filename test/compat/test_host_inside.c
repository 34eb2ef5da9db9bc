/* test_host_inside.c - two IP instances of one process connected by TCP. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include "test_host_run.h"

void _nx_ram_network_driver_1024(struct NX_IP_DRIVER_STRUCT *request);

#define SERVER IP_ADDRESS(10, 0, 0, 1)
#define CLIENT IP_ADDRESS(10, 0, 0, 10)

static TX_THREAD client_thread;
static TX_THREAD server_thread;
static NX_PACKET_POOL client_pool;
static NX_PACKET_POOL server_pool;
static NX_IP client_ip;
static NX_IP server_ip;
static NX_TCP_SOCKET client;
static NX_TCP_SOCKET second;
static NX_TCP_SOCKET third;
static NX_TCP_SOCKET server;
static char *memory;
static int listened;
static int notified;
static int disconnected;

static VOID on_listen(NX_TCP_SOCKET *socket, UINT port)
{
    CHECK(socket == &server && port == 25);
    listened++;
}

static VOID on_receive(NX_TCP_SOCKET *socket)
{
    CHECK(socket == &server);
    notified++;
}

static VOID on_disconnect(NX_TCP_SOCKET *socket)
{
    NX_PARAMETER_NOT_USED(socket);
    disconnected++;
}

static void make_instance(NX_IP *ip, NX_PACKET_POOL *pool, ULONG address)
{
    NXD_ADDRESS a;

    CHECK_STATUS(NX_SUCCESS, nx_packet_pool_create(pool, (CHAR *)"p", 1536,
                                                   memory, 10 * 1536));
    memory += 10 * 1536;
    CHECK_STATUS(NX_SUCCESS,
                 nx_ip_create(ip, (CHAR *)"ip", address, 0xFFFFFF00u, pool,
                              _nx_ram_network_driver_1024, memory, 2048, 1));
    memory += 2048;
    CHECK_STATUS(NX_SUCCESS, nx_arp_enable(ip, memory, 1024));
    memory += 1024;
    CHECK_STATUS(NX_SUCCESS, nx_tcp_enable(ip));
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_enable(ip));
    memset(&a, 0, sizeof a);
    a.nxd_ip_version = NX_IP_VERSION_V6;
    a.nxd_ip_address.v6[0] = 0x20010db8;
    a.nxd_ip_address.v6[3] = address & 0xFF;
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_address_set(ip, 0, &a, 64, NULL));
}

static void make_socket(NX_IP *ip, NX_TCP_SOCKET *s, ULONG window)
{
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_create(ip, s, (CHAR *)"s", NX_IP_NORMAL,
                                      NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
                                      window, NX_NULL, on_disconnect));
}

static void define_both(void *first, VOID (*as_client)(ULONG),
                        VOID (*as_server)(ULONG))
{
    memory = first;
    nx_system_initialize();
    make_instance(&client_ip, &client_pool, CLIENT);
    make_instance(&server_ip, &server_pool, SERVER);
    spawn(&client_thread, as_client, 4, &memory);
    spawn(&server_thread, as_server, 3, &memory);
}

static void send_text(NX_TCP_SOCKET *s, NX_PACKET_POOL *pool, const char *text)
{
    NX_PACKET *p;

    CHECK_STATUS(NX_SUCCESS, nx_packet_allocate(pool, &p, NX_TCP_PACKET, 100));
    CHECK_STATUS(
        NX_SUCCESS,
        nx_packet_data_append(p, (VOID *)text, (ULONG)strlen(text), pool, 100));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_send(s, p, PATIENCE));
    CHECK(p == NULL);
}

/* One packet, which must be exactly this. */
static void expect(NX_TCP_SOCKET *s, const char *want)
{
    char got[256] = "";
    NX_PACKET *p;
    ULONG n;

    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive(s, &p, PATIENCE));
    CHECK(p->nx_packet_length < sizeof got);
    CHECK(p->nx_packet_pool_owner
          == s->nx_tcp_socket_ip_ptr->nx_ip_default_packet_pool);
    CHECK_STATUS(NX_SUCCESS, nx_packet_data_retrieve(p, got, &n));
    CHECK(strcmp(got, want) == 0);
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
}

static void finish(void)
{
    CHECK(client_pool.nx_packet_pool_available == 9);
    CHECK(server_pool.nx_packet_pool_available == 9);
    CHECK(client_pool.nx_packet_pool_invalid_releases == 0);
    CHECK(server_pool.nx_packet_pool_invalid_releases == 0);
    passed();
}

static UINT connect_client(NX_TCP_SOCKET *s, ULONG wait)
{
    return nx_tcp_client_socket_connect(s, SERVER, 25, wait);
}

/* --- segments stay packets --- */

static VOID serve_words(ULONG unused)
{
    ULONG address = 0;
    ULONG port = 0;

    NX_PARAMETER_NOT_USED(unused);
    make_socket(&server_ip, &server, 8000);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive_notify(&server, on_receive));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_listen(
                                 &server_ip, 25, &server, 5, on_listen));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_server_socket_accept(&server, NX_WAIT_FOREVER));
    CHECK(listened == 1);
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_peer_info_get(&server, &address, &port));
    CHECK(address == CLIENT && port == client.nx_tcp_socket_port);
    send_text(&server, &server_pool, "220 ");
    send_text(&server, &server_pool, "hello\r\n");
    while (notified < 3)
        tx_thread_sleep(1);
    expect(&server, "MAIL");
    expect(&server, "RCPT");
    expect(&server, "\r\n.\r\n");
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_disconnect(&server, PATIENCE));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unaccept(&server));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unlisten(&server_ip, 25));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&server));
    note('s');
}

static VOID ask_words(ULONG unused)
{
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    make_socket(&client_ip, &client, 1460);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&client, 0, 0));
    CHECK_STATUS(NX_SUCCESS, connect_client(&client, PATIENCE));
    expect(&client, "220 ");
    expect(&client, "hello\r\n");
    send_text(&client, &client_pool, "MAIL");
    send_text(&client, &client_pool, "RCPT");
    send_text(&client, &client_pool, "\r\n.\r\n");
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_socket_receive(&client, &p, PATIENCE));
    CHECK(client.nx_tcp_socket_state == NX_TCP_CLOSE_WAIT);
    CHECK(disconnected == 1);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_disconnect(&client, PATIENCE));
    await('s');
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_unbind(&client));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&client));
    finish();
}

static void define_words(void *first)
{
    define_both(first, ask_words, serve_words);
}

static void test_segments_stay_packets(void **state)
{
    (void)state;
    assert_int_equal(run(define_words), PASSED);
}

/* --- over IPv6; the client goes first, the reset ends it --- */

static VOID serve_v6(ULONG unused)
{
    NXD_ADDRESS peer;
    ULONG port;
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    make_socket(&server_ip, &server, 8000);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_listen(&server_ip, 25,
                                                         &server, 5, NX_NULL));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_accept(&server, PATIENCE));
    CHECK_STATUS(NX_SUCCESS,
                 nxd_tcp_socket_peer_info_get(&server, &peer, &port));
    CHECK(peer.nxd_ip_version == NX_IP_VERSION_V6);
    CHECK(peer.nxd_ip_address.v6[0] == 0x20010db8);
    CHECK(peer.nxd_ip_address.v6[3] == 10);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive(&server, &p, PATIENCE));
    CHECK(p->nx_packet_ip_version == NX_IP_VERSION_V6);
    CHECK(p->nx_packet_prepend_ptr - p->nx_packet_data_start == 76);
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    /* The client cuts the connection; what came before is not lost. */
    expect(&server, "last words");
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_socket_receive(&server, &p, PATIENCE));
    CHECK(disconnected == 1);
    CHECK(server.nx_tcp_socket_state == NX_TCP_LISTEN_STATE);
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_socket_peer_info_get(&server, &port, &port));
    CHECK_STATUS(NX_STILL_BOUND, nx_tcp_socket_delete(&server));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unaccept(&server));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unlisten(&server_ip, 25));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&server));
    finish();
}

static VOID ask_v6(ULONG unused)
{
    NXD_ADDRESS a;

    NX_PARAMETER_NOT_USED(unused);
    memset(&a, 0, sizeof a);
    a.nxd_ip_version = NX_IP_VERSION_V6;
    a.nxd_ip_address.v6[0] = 0x20010db8;
    a.nxd_ip_address.v6[3] = 1;
    make_socket(&client_ip, &client, 1460);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&client, 0, 0));
    CHECK_STATUS(NX_SUCCESS,
                 nxd_tcp_client_socket_connect(&client, &a, 25, PATIENCE));
    send_text(&client, &client_pool, "x");
    send_text(&client, &client_pool, "last words");
    CHECK_STATUS(NX_IN_PROGRESS, nx_tcp_socket_disconnect(&client, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_unbind(&client));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&client));
}

static void define_v6(void *first)
{
    define_both(first, ask_v6, serve_v6);
}

static void test_v6_and_reset(void **state)
{
    (void)state;
    assert_int_equal(run(define_v6), PASSED);
}

/* --- connecting to who is not, or not yet, there --- */

static VOID serve_late(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    await('r');
    make_socket(&server_ip, &server, 8000);
    CHECK_STATUS(NX_NOT_LISTEN_STATE,
                 nx_tcp_server_socket_accept(&server, NX_NO_WAIT));
    CHECK_STATUS(NX_INVALID_RELISTEN,
                 nx_tcp_server_socket_relisten(&server_ip, 25, &server));
    CHECK_STATUS(NX_ENTRY_NOT_FOUND,
                 nx_tcp_server_socket_unlisten(&server_ip, 25));
    CHECK_STATUS(NX_INVALID_PORT, nx_tcp_server_socket_listen(
                                      &server_ip, 0, &server, 5, NX_NULL));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_listen(
                                 &server_ip, 25, &server, 5, on_listen));
    CHECK_STATUS(NX_NOT_CLOSED, nx_tcp_server_socket_listen(
                                    &server_ip, 26, &server, 5, NX_NULL));
    make_socket(&server_ip, &second, 8000);
    CHECK_STATUS(NX_DUPLICATE_LISTEN, nx_tcp_server_socket_listen(
                                          &server_ip, 25, &second, 5, NX_NULL));
    CHECK_STATUS(NX_INVALID_RELISTEN,
                 nx_tcp_server_socket_relisten(&server_ip, 25, &second));
    CHECK_STATUS(NX_NOT_CONNECTED, nx_tcp_server_socket_accept(&server, 3));
    note('l');
    /* The client asks, we do not accept: it gives up, and we learn that. */
    await('t');
    CHECK(listened == 1);
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_server_socket_accept(&server, PATIENCE));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unaccept(&server));
    note('u');
    /* It asks again while no socket listens. */
    while (client.nx_tcp_socket_state != NX_TCP_SYN_SENT)
        tx_thread_sleep(1);
    CHECK_STATUS(NX_CONNECTION_PENDING,
                 nx_tcp_server_socket_relisten(&server_ip, 25, &server));
    CHECK(listened == 2);
    CHECK_STATUS(NX_IN_PROGRESS,
                 nx_tcp_server_socket_accept(&server, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_server_socket_accept(&server, NX_WAIT_FOREVER));
    expect(&server, "there");
    CHECK_STATUS(NX_NOT_LISTEN_STATE, nx_tcp_server_socket_unaccept(&server));
    CHECK_STATUS(NX_IN_PROGRESS, nx_tcp_socket_disconnect(&server, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unaccept(&server));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_server_socket_relisten(&server_ip, 25, &server));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unlisten(&server_ip, 25));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&server));
    note('s');
}

static VOID ask_early(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    make_socket(&client_ip, &client, 1460);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&client, 0, 0));
    CHECK_STATUS(NX_NOT_CONNECTED, connect_client(&client, PATIENCE));
    note('r');
    await('l');
    CHECK_STATUS(NX_NOT_CONNECTED, connect_client(&client, 10));
    note('t');
    await('u');
    CHECK_STATUS(NX_SUCCESS, connect_client(&client, PATIENCE));
    send_text(&client, &client_pool, "there");
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_state_wait(&client, NX_TCP_CLOSED, PATIENCE));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_unbind(&client));
    CHECK_STATUS(NX_NOT_BOUND, nx_tcp_client_socket_unbind(&client));
    await('s');
    CHECK(strcmp(order, "rltus") == 0);
    finish();
}

static void define_late(void *first)
{
    define_both(first, ask_early, serve_late);
}

static void test_late_and_absent_servers(void **state)
{
    (void)state;
    assert_int_equal(run(define_late), PASSED);
}

/* --- three clients, one server socket: first come, first served --- */

static VOID serve_in_turn(ULONG unused)
{
    static const char *const words[] = { "first", "second", "third" };
    UINT want = NX_SUCCESS;
    int i;

    NX_PARAMETER_NOT_USED(unused);
    make_socket(&server_ip, &server, 8000);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_listen(
                                 &server_ip, 25, &server, 5, on_listen));
    while (second.nx_tcp_socket_state != NX_TCP_SYN_SENT)
        tx_thread_sleep(1);
    for (i = 0; i < 3; i++) {
        CHECK_STATUS(NX_SUCCESS,
                     nx_tcp_server_socket_accept(&server, PATIENCE));
        expect(&server, words[i]);
        CHECK_STATUS(NX_IN_PROGRESS,
                     nx_tcp_socket_disconnect(&server, NX_NO_WAIT));
        CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unaccept(&server));
        want = i < 2 ? NX_CONNECTION_PENDING : NX_SUCCESS;
        CHECK_STATUS(want,
                     nx_tcp_server_socket_relisten(&server_ip, 25, &server));
    }
    CHECK(listened == 3);
    finish();
}

static void say_when_connected(NX_TCP_SOCKET *s, const char *word)
{
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_state_wait(s, NX_TCP_ESTABLISHED, PATIENCE));
    send_text(s, &client_pool, word);
}

static VOID ask_in_turn(ULONG unused)
{
    NX_TCP_SOCKET *const sockets[] = { &client, &third, &second };
    int i;

    NX_PARAMETER_NOT_USED(unused);
    make_socket(&client_ip, &client, 1460);
    make_socket(&client_ip, &second, 1460);
    make_socket(&client_ip, &third, 1460);
    for (i = 0; i < 3; i++) {
        CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(sockets[i], 0, 0));
        CHECK_STATUS(NX_IN_PROGRESS, connect_client(sockets[i], NX_NO_WAIT));
    }
    say_when_connected(&client, "first");
    say_when_connected(&third, "second");
    say_when_connected(&second, "third");
    tx_thread_sleep(TX_WAIT_FOREVER);
}

static void define_in_turn(void *first)
{
    define_both(first, ask_in_turn, serve_in_turn);
}

static void test_first_come_first_served(void **state)
{
    (void)state;
    assert_int_equal(run(define_in_turn), PASSED);
}

/* --- the window, and a peer without packets --- */

static VOID serve_slowly(ULONG unused)
{
    NX_PACKET *kept[9];
    ULONG total = 0;
    NX_PACKET *p;
    int i;

    NX_PARAMETER_NOT_USED(unused);
    make_socket(&server_ip, &server, 1000);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_listen(&server_ip, 25,
                                                         &server, 5, NX_NULL));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_accept(&server, PATIENCE));
    await('o');
    /* 3000 bytes come in pieces that fit the window. */
    while (total < 3000) {
        CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive(&server, &p, PATIENCE));
        CHECK(p->nx_packet_length <= 1000);
        total += p->nx_packet_length;
        CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    }
    CHECK(total == 3000);
    for (i = 0; i < 9; i++)
        CHECK_STATUS(NX_SUCCESS,
                     nx_packet_allocate(&server_pool, &kept[i], 0, 0));
    note('h');
    tx_thread_sleep(20);
    note('k');
    for (i = 0; i < 9; i++)
        CHECK_STATUS(NX_SUCCESS, nx_packet_release(kept[i]));
    expect(&server, "through");
    note('x');
    tx_thread_sleep(TX_WAIT_FOREVER);
}

static VOID push(ULONG unused)
{
    UCHAR bytes[3000] = { 0 };
    ULONG begin;
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    make_socket(&client_ip, &client, 1460);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&client, 0, 0));
    CHECK_STATUS(NX_SUCCESS, connect_client(&client, PATIENCE));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_allocate(&client_pool, &p, NX_TCP_PACKET, 0));
    CHECK_STATUS(NX_SUCCESS, nx_packet_data_append(p, bytes, sizeof bytes,
                                                   &client_pool, 0));
    begin = tx_time_get();
    CHECK_STATUS(NX_WINDOW_OVERFLOW, nx_tcp_socket_send(&client, p, 10));
    CHECK(tx_time_get() - begin >= 10 && p->nx_packet_length == 2000);
    CHECK_STATUS(NX_WINDOW_OVERFLOW, nx_tcp_socket_send(&client, p, 0));
    note('o');
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_send(&client, p, PATIENCE));
    CHECK(client.nx_tcp_socket_bytes_sent == 3000);
    await('h');
    send_text(&client, &client_pool, "through");
    await('x');
    CHECK(strcmp(order, "ohkx") == 0);
    CHECK(server_pool.nx_packet_pool_available == 9);
    CHECK(client_pool.nx_packet_pool_available == 9);
    passed();
}

static void define_slowly(void *first)
{
    define_both(first, push, serve_slowly);
}

static void test_window_and_short_packets(void **state)
{
    (void)state;
    assert_int_equal(run(define_slowly), PASSED);
}

/* --- a sender that waits for window learns that the peer has gone --- */

static VOID serve_and_cut(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    make_socket(&server_ip, &server, 1000);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_listen(&server_ip, 25,
                                                         &server, 5, NX_NULL));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_accept(&server, PATIENCE));
    await('f');
    CHECK_STATUS(NX_IN_PROGRESS, nx_tcp_socket_disconnect(&server, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_server_socket_unaccept(&server));
    note('g');
}

static VOID push_until_cut(ULONG unused)
{
    UCHAR bytes[1500] = { 0 };
    NX_PACKET *p;

    NX_PARAMETER_NOT_USED(unused);
    make_socket(&client_ip, &client, 1460);
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_bind(&client, 0, 0));
    CHECK_STATUS(NX_SUCCESS, connect_client(&client, PATIENCE));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_allocate(&client_pool, &p, NX_TCP_PACKET, 0));
    CHECK_STATUS(NX_SUCCESS, nx_packet_data_append(p, bytes, sizeof bytes,
                                                   &client_pool, 0));
    note('f');
    CHECK_STATUS(NX_NOT_CONNECTED,
                 nx_tcp_socket_send(&client, p, NX_WAIT_FOREVER));
    CHECK(p != NULL && p->nx_packet_length == 500);
    CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_unbind(&client));
    await('g');
    finish();
}

static void define_cut(void *first)
{
    define_both(first, push_until_cut, serve_and_cut);
}

static void test_cut_frees_sender(void **state)
{
    (void)state;
    assert_int_equal(run(define_cut), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_segments_stay_packets),
        cmocka_unit_test(test_v6_and_reset),
        cmocka_unit_test(test_late_and_absent_servers),
        cmocka_unit_test(test_first_come_first_served),
        cmocka_unit_test(test_window_and_short_packets),
        cmocka_unit_test(test_cut_frees_sender),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
