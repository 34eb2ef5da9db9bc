/* test_host_ip.c - IP instances: creation, enabling, routes. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include "test_host_run.h"

#include "nx_ip.h"

void _nx_ram_network_driver(struct NX_IP_DRIVER_STRUCT *request);
void _nx_ram_network_driver_1024(struct NX_IP_DRIVER_STRUCT *request);

static TX_THREAD one;
static NX_PACKET_POOL pool;
static NX_IP ip;
static NX_TCP_SOCKET sock;
static char *memory;

static UINT make_ip(NX_IP *instance, ULONG address)
{
    return nx_ip_create(instance, (CHAR *)"ip", address, 0xFFFFFF00u, &pool,
                        _nx_ram_network_driver, memory, 2048, 1);
}

static UINT make_socket(void)
{
    return nx_tcp_socket_create(&ip, &sock, (CHAR *)"s", NX_IP_NORMAL,
                                NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 1460,
                                NX_NULL, NX_NULL);
}

static void make_pool(void *first)
{
    memory = first;
    nx_system_initialize();
    CHECK_STATUS(NX_SUCCESS, nx_packet_pool_create(&pool, (CHAR *)"pool", 512,
                                                   memory, 4096));
    memory += 4096;
}

/* --- in order --- */

static VOID use(ULONG unused)
{
    ULONG actual = 0;
    ULONG mask = 0;
    ULONG address = 0;
    ULONG begin;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_SUCCESS,
                 nx_ip_status_check(&ip, NX_IP_INITIALIZE_DONE, &actual, 100));
    CHECK(actual == NX_IP_INITIALIZE_DONE);
    CHECK_STATUS(NX_SUCCESS,
                 nx_ip_status_check(&ip, NX_IP_LINK_ENABLED | NX_IP_TCP_ENABLED,
                                    &actual, NX_NO_WAIT));
    begin = tx_time_get();
    CHECK_STATUS(NX_NOT_SUCCESSFUL,
                 nx_ip_status_check(&ip, NX_IP_UDP_ENABLED, &actual, 5));
    CHECK(actual == 0 && tx_time_get() - begin >= 5);
    CHECK_STATUS(NX_OPTION_ERROR,
                 nx_ip_status_check(&ip, 0x4000, &actual, NX_NO_WAIT));
    CHECK_STATUS(NX_SUCCESS, nx_ip_address_get(&ip, &address, &mask));
    CHECK(address == 0x01020305 && mask == 0xFFFFFF00u);
    CHECK_STATUS(NX_SUCCESS, make_socket());
    CHECK_STATUS(NX_PTR_ERROR, make_socket());
    CHECK_STATUS(NX_SOCKETS_BOUND, nx_ip_delete(&ip));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_socket_delete(&sock));
    CHECK_STATUS(NX_PTR_ERROR, nx_tcp_socket_delete(&sock));
    CHECK_STATUS(NX_NOT_CREATED, _nx_tcp_socket_delete(&sock));
    CHECK_STATUS(NX_SUCCESS, nx_ip_delete(&ip));
    CHECK_STATUS(NX_PTR_ERROR, nx_ip_delete(&ip));
    CHECK_STATUS(NX_PTR_ERROR, nx_tcp_enable(&ip));
    passed();
}

static void define_use(void *first)
{
    ULONG actual;

    make_pool(first);
    CHECK_STATUS(NX_SUCCESS, make_ip(&ip, IP_ADDRESS(1, 2, 3, 5)));
    CHECK(ip.nx_ip_id == NX_IP_ID && ip.nx_ip_default_packet_pool == &pool);
    CHECK_STATUS(NX_NOT_ENABLED, make_socket());
    CHECK_STATUS(NX_NOT_ENABLED,
                 _nx_tcp_socket_create(&ip, &sock, (CHAR *)"s", 0, 0, 0x80,
                                       1460, NX_NULL, NX_NULL));
    CHECK_STATUS(NX_SIZE_ERROR, nx_arp_enable(&ip, memory + 4096, 16));
    CHECK_STATUS(NX_SUCCESS, nx_arp_enable(&ip, memory + 4096, 1040));
    CHECK_STATUS(NX_ALREADY_ENABLED, nx_arp_enable(&ip, memory + 4096, 1040));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_enable(&ip));
    CHECK_STATUS(NX_ALREADY_ENABLED, nx_tcp_enable(&ip));
    CHECK_STATUS(NX_SUCCESS, nx_icmp_enable(&ip));
    CHECK_STATUS(NX_ALREADY_ENABLED, nx_icmp_enable(&ip));
    CHECK_STATUS(NX_SUCCESS, nxd_icmp_enable(&ip));
    /* Not from here: there is no thread yet. */
    CHECK_STATUS(NX_CALLER_ERROR,
                 nx_ip_status_check(&ip, NX_IP_INITIALIZE_DONE, &actual, 1));
    CHECK_STATUS(NX_CALLER_ERROR, nx_ip_delete(&ip));
    memory += 8192;
    spawn(&one, use, 5, &memory);
}

static void test_in_order(void **state)
{
    (void)state;
    assert_int_equal(run(define_use), PASSED);
}

/* --- what is refused --- */

static void define_refused(void *first)
{
    static NX_PACKET_POOL none;
    static NX_IP second;

    make_pool(first);
    CHECK_STATUS(NX_PTR_ERROR, make_ip(NULL, 0x01020305));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_ip_create(&ip, (CHAR *)"ip", 0x01020305, 0xFFFFFF00u, &none,
                              _nx_ram_network_driver, memory, 2048, 1));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_ip_create(&ip, (CHAR *)"ip", 0x01020305, 0xFFFFFF00u, &pool,
                              NULL, memory, 2048, 1));
    CHECK_STATUS(NX_PTR_ERROR,
                 nx_ip_create(&ip, (CHAR *)"ip", 0x01020305, 0xFFFFFF00u, &pool,
                              _nx_ram_network_driver, NULL, 2048, 1));
    CHECK_STATUS(NX_PTR_ERROR,
                 _nxe_ip_create(&ip, (CHAR *)"ip", 0x01020305, 0xFFFFFF00u,
                                &pool, _nx_ram_network_driver, memory, 2048, 1,
                                1));
    CHECK_STATUS(NX_SIZE_ERROR,
                 nx_ip_create(&ip, (CHAR *)"ip", 0x01020305, 0xFFFFFF00u, &pool,
                              _nx_ram_network_driver, memory, 100, 1));
    CHECK_STATUS(NX_OPTION_ERROR,
                 nx_ip_create(&ip, (CHAR *)"ip", 0x01020305, 0xFFFFFF00u, &pool,
                              _nx_ram_network_driver, memory, 2048, 32));
    CHECK_STATUS(NX_IP_ADDRESS_ERROR, make_ip(&ip, IP_ADDRESS(224, 0, 0, 1)));
    CHECK_STATUS(NX_PTR_ERROR, nx_tcp_enable(&ip));
    CHECK_STATUS(NX_PTR_ERROR, make_socket());
    CHECK_STATUS(NX_SUCCESS, make_ip(&ip, 0x01020305));
    CHECK_STATUS(NX_PTR_ERROR, make_ip(&ip, 0x01020305));
    CHECK_STATUS(NX_PTR_ERROR, make_ip(&second, 0x01020306));
    memory += 2048;
    CHECK_STATUS(NX_PTR_ERROR, make_ip(&ip, 0x01020305));
    CHECK_STATUS(NX_SUCCESS,
                 nx_ip_create(&second, (CHAR *)"ip", 0x01020306, 0xFFFFFF00u,
                              &pool, _nx_ram_network_driver_1024, memory, 2048,
                              1));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_enable(&ip));
    CHECK_STATUS(NX_OPTION_ERROR,
                 nx_tcp_socket_create(&ip, &sock, (CHAR *)"s", 0, 0, 0x80, 0,
                                      NX_NULL, NX_NULL));
    CHECK_STATUS(NX_OPTION_ERROR,
                 nx_tcp_socket_create(&ip, &sock, (CHAR *)"s", 0, 0, 0x80,
                                      65536, NX_NULL, NX_NULL));
    CHECK_STATUS(NX_OPTION_ERROR,
                 nx_tcp_socket_create(&ip, &sock, (CHAR *)"s", 1, 0, 0x80, 1000,
                                      NX_NULL, NX_NULL));
    CHECK_STATUS(NX_OPTION_ERROR,
                 nx_tcp_socket_create(&ip, &sock, (CHAR *)"s", 0, 1, 0x80, 1000,
                                      NX_NULL, NX_NULL));
    CHECK_STATUS(NX_PTR_ERROR,
                 _nxe_tcp_socket_create(&ip, &sock, (CHAR *)"s", 0, 0, 0x80,
                                        1000, NX_NULL, NX_NULL, 1));
    passed();
}

static void test_refused(void **state)
{
    (void)state;
    assert_int_equal(run(define_refused), PASSED);
}

/* --- which addresses are reached --- */

static void v6(NXD_ADDRESS *a, ULONG w0, ULONG w3)
{
    memset(a, 0, sizeof *a);
    a->nxd_ip_version = NX_IP_VERSION_V6;
    a->nxd_ip_address.v6[0] = w0;
    a->nxd_ip_address.v6[3] = w3;
}

static UINT reach(NXD_ADDRESS *to)
{
    return nxd_tcp_client_socket_connect(&sock, to, 9, NX_NO_WAIT);
}

/* Not bound yet: the route is looked at first, and that answer is NX_NOT_BOUND
 * where there is one. */
static VOID routes(ULONG unused)
{
    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_SUCCESS, make_socket());
    CHECK_STATUS(NX_NOT_BOUND, nx_tcp_client_socket_connect(
                                   &sock, IP_ADDRESS(1, 2, 3, 4), 9, 0));
    CHECK_STATUS(NX_NOT_BOUND, nx_tcp_client_socket_connect(
                                   &sock, IP_ADDRESS(127, 0, 0, 1), 9, 0));
    CHECK_STATUS(NX_IP_ADDRESS_ERROR, nx_tcp_client_socket_connect(
                                          &sock, IP_ADDRESS(1, 2, 4, 4), 9, 0));
    CHECK_STATUS(NX_IP_ADDRESS_ERROR,
                 nx_ip_gateway_address_set(&ip, IP_ADDRESS(1, 2, 4, 1)));
    CHECK_STATUS(NX_SUCCESS,
                 nx_ip_gateway_address_set(&ip, IP_ADDRESS(1, 2, 3, 1)));
    CHECK_STATUS(NX_NOT_BOUND, nx_tcp_client_socket_connect(
                                   &sock, IP_ADDRESS(1, 2, 4, 4), 9, 0));
    CHECK_STATUS(NX_IP_ADDRESS_ERROR,
                 nx_tcp_client_socket_connect(&sock, 0, 9, 0));
    CHECK_STATUS(
        NX_IP_ADDRESS_ERROR,
        nx_tcp_client_socket_connect(&sock, IP_ADDRESS(224, 0, 0, 1), 9, 0));
    CHECK_STATUS(NX_INVALID_PORT, nx_tcp_client_socket_connect(
                                      &sock, IP_ADDRESS(1, 2, 3, 4), 65536, 0));
    CHECK_STATUS(NX_IP_ADDRESS_ERROR, reach(NULL));
    passed();
}

static VOID routes_v6(ULONG unused)
{
    NXD_ADDRESS a;
    UINT index = 9;

    NX_PARAMETER_NOT_USED(unused);
    CHECK_STATUS(NX_SUCCESS, make_socket());
    v6(&a, 0x20010db8, 0x25);
    CHECK_STATUS(NX_NO_INTERFACE_ADDRESS, reach(&a));
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_enable(&ip));
    CHECK_STATUS(NX_ALREADY_ENABLED, nxd_ipv6_enable(&ip));
    CHECK_STATUS(NX_NO_INTERFACE_ADDRESS, reach(&a));
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_address_set(&ip, 0, NULL, 10, NULL));
    CHECK_STATUS(NX_NO_INTERFACE_ADDRESS, reach(&a));
    v6(&a, 0x20010db8, 5);
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_address_set(&ip, 0, &a, 64, &index));
    CHECK(index == 1);
    CHECK_STATUS(NX_DUPLICATED_ENTRY,
                 nxd_ipv6_address_set(&ip, 0, &a, 64, &index));
    CHECK_STATUS(NX_INVALID_INTERFACE,
                 nxd_ipv6_address_set(&ip, 1, &a, 64, &index));
    CHECK_STATUS(NX_IP_ADDRESS_ERROR,
                 nxd_ipv6_address_set(&ip, 0, NULL, 64, &index));
    v6(&a, 0x20010db8, 0x25);
    CHECK_STATUS(NX_NOT_BOUND, reach(&a));
    v6(&a, 0, 1);
    CHECK_STATUS(NX_NOT_BOUND, reach(&a));
    v6(&a, 0x20020000, 0x25);
    CHECK_STATUS(NX_NO_INTERFACE_ADDRESS, reach(&a));
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_default_router_add(&ip, &a, 0, 0));
    CHECK_STATUS(NX_NOT_BOUND, reach(&a));
    v6(&a, 0xFF020000, 1);
    CHECK_STATUS(NX_IP_ADDRESS_ERROR,
                 nxd_ipv6_address_set(&ip, 0, &a, 64, &index));
    v6(&a, 0x20010db8, 6);
    CHECK_STATUS(NX_SUCCESS, nxd_ipv6_address_set(&ip, 0, &a, 64, NULL));
    v6(&a, 0x20010db8, 7);
    CHECK_STATUS(NX_NO_MORE_ENTRIES,
                 nxd_ipv6_address_set(&ip, 0, &a, 64, NULL));
    a.nxd_ip_version = 5;
    CHECK_STATUS(NX_IP_ADDRESS_ERROR, reach(&a));
    passed();
}

static void define_node(void *first, VOID (*entry)(ULONG))
{
    make_pool(first);
    CHECK_STATUS(NX_SUCCESS, make_ip(&ip, IP_ADDRESS(1, 2, 3, 5)));
    CHECK_STATUS(NX_SUCCESS, nx_tcp_enable(&ip));
    memory += 2048;
    spawn(&one, entry, 5, &memory);
}

static void define_routes(void *first)
{
    define_node(first, routes);
}

static void define_routes_v6(void *first)
{
    define_node(first, routes_v6);
}

static void test_routes(void **state)
{
    (void)state;
    assert_int_equal(run(define_routes), PASSED);
}

static void test_routes_v6(void **state)
{
    (void)state;
    assert_int_equal(run(define_routes_v6), PASSED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_order),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_routes_v6),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
