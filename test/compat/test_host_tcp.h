/* test_host_tcp.h - a firmware with one IP instance, one socket, one server. */
/* SPDX-License-Identifier: MIT */

#ifndef TEST_HOST_TCP_H
#define TEST_HOST_TCP_H

#include "test_host_peer.h"

#include "duva_nx_host.h"
#include "test_host_run.h"

void _nx_ram_network_driver(struct NX_IP_DRIVER_STRUCT *request);

static TX_THREAD main_thread;
static NX_PACKET_POOL pool;
static NX_IP ip;
static NX_TCP_SOCKET sock;
static char *memory;
static struct peer server;
static int notified;
static int disconnected;

static inline VOID on_receive(NX_TCP_SOCKET *socket)
{
    CHECK(socket == &sock);
    notified++;
}

static inline VOID on_disconnect(NX_TCP_SOCKET *socket)
{
    CHECK(socket == &sock);
    disconnected++;
}

static inline void define_network(void *first, ULONG payload, ULONG pool_size,
                                  ULONG window)
{
    NXD_ADDRESS a;

    memory = first;
    nx_system_initialize();
    CHECK_STATUS(NX_SUCCESS, nx_packet_pool_create(&pool, (CHAR *)"p", payload,
                                                   memory, pool_size));
    memory += pool_size;
    CHECK_STATUS(NX_SUCCESS,
                 nx_ip_create(&ip, (CHAR *)"ip", IP_ADDRESS(192, 0, 2, 1),
                              0xFFFFFF00u, &pool, _nx_ram_network_driver,
                              memory, 2048, 1));
    memory += 2048;
    CHECK_STATUS(NX_SUCCESS, nx_tcp_enable(&ip));
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_enable(&ip));
    memset(&a, 0, sizeof a);
    a.nxd_ip_version = NX_IP_VERSION_V6;
    a.nxd_ip_address.v6[0] = 0x20010db8;
    a.nxd_ip_address.v6[3] = 1;
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_address_set(&ip, 0, &a, 64, NULL));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_socket_create(&ip, &sock, (CHAR *)"s", NX_IP_NORMAL,
                                      NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE,
                                      window, NX_NULL, on_disconnect));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive_notify(&sock, on_receive));
}

static inline void define_main(void *first, VOID (*entry)(ULONG))
{
    define_network(first, 512, 20 * 620, 1460);
    spawn(&main_thread, entry, 5, &memory);
}

static inline void bind_and_connect(void)
{
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_client_socket_bind(&sock, NX_ANY_PORT, 100));
    CHECK_STATUS(NX_SUCCESS,
                 nx_tcp_client_socket_connect(&sock, IP_ADDRESS(127, 0, 0, 1),
                                              server.port, PATIENCE));
    CHECK(sock.nx_tcp_socket_state == NX_TCP_ESTABLISHED);
}

static inline UINT send_text(const char *text, ULONG wait)
{
    NX_PACKET *p;
    UINT status;

    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_allocate(&pool, &p, NX_TCP_PACKET, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS,
                 nx_packet_data_append(p, (VOID *)text, (ULONG)strlen(text),
                                       &pool, NX_NO_WAIT));
    status = nx_tcp_socket_send(&sock, p, wait);
    if (status == NX_SUCCESS)
        CHECK(p == NULL);
    else
        CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    return status;
}

/* Receives until `want` has come, however it was cut. */
static inline void expect_text(const char *want)
{
    char got[256] = "";
    size_t have = 0;

    while (have < strlen(want)) {
        NX_PACKET *p;
        ULONG n;

        CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_receive(&sock, &p, PATIENCE));
        CHECK(have + p->nx_packet_length < sizeof got);
        CHECK_STATUS(NX_SUCCESS, nx_packet_data_retrieve(p, got + have, &n));
        have += n;
        CHECK_STATUS(NX_SUCCESS, nx_packet_release(p));
    }
    CHECK(strcmp(got, want) == 0);
}

static inline void finish(void)
{
    CHECK_STATUS(NX_SUCCESS, nx_tcp_client_socket_unbind(&sock));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&sock));
    CHECK(pool.nx_packet_pool_available == pool.nx_packet_pool_total);
    CHECK(pool.nx_packet_pool_invalid_releases == 0);
    CHECK_STATUS(NX_SUCCESS, nx_ip_delete(&ip));
    passed();
}

#endif
