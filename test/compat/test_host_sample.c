/* test_host_sample.c - a firmware for a target runs on POSIX without change. */
/* SPDX-License-Identifier: MIT */

#define _POSIX_C_SOURCE 200809L

#include "test_host_peer.h"

#include "nx_api.h"
#include "nx_ip.h"

/* --- the firmware: nothing in it knows of POSIX --- */

#define OWN_ADDRESS IP_ADDRESS(1, 2, 3, 5)
#define SERVER_ADDRESS IP_ADDRESS(1, 2, 3, 4)
#define SERVER_PORT 25

NX_PACKET_POOL default_pool;
NX_PACKET_POOL tcp_pool;
NX_IP own_ip;
TX_THREAD worker;
static NX_TCP_SOCKET line_socket;

void _nx_ram_network_driver(struct NX_IP_DRIVER_STRUCT *request);
void worker_entry(ULONG info);
void firmware_define(void *first_unused_memory);

void firmware_define(void *first_unused_memory)
{
    CHAR *free_memory = (CHAR *)first_unused_memory;
    UINT status;

    status = nx_packet_pool_create(&default_pool, "Default Pool", 512,
                                   free_memory, 2048);
    free_memory = free_memory + 2048;
    status |= nx_packet_pool_create(&tcp_pool, "TCP Pool", 800, free_memory,
                                    (10 * 800));
    free_memory = free_memory + (10 * 800);
    if (status != NX_SUCCESS)
        return;
    nx_system_initialize();
    status = tx_thread_create(&worker, "worker", worker_entry, 0, free_memory,
                              2048, 16, 16, TX_NO_TIME_SLICE, TX_DONT_START);
    if (status != NX_SUCCESS) {
        printf("No thread. Status 0x%x\r\n", status);
        return;
    }
    free_memory = free_memory + 4096;
    status = nx_ip_create(&own_ip, "IP Instance", OWN_ADDRESS, 0xFFFFFF00UL,
                          &default_pool, _nx_ram_network_driver, free_memory,
                          2048, 1);
    free_memory = free_memory + 2048;
    status |= nx_arp_enable(&own_ip, (void **)free_memory, 1040);
    status |= nx_tcp_enable(&own_ip);
    status |= nx_icmp_enable(&own_ip);
    if (status == NX_SUCCESS)
        tx_thread_resume(&worker);
}

void worker_entry(ULONG info)
{
    NXD_ADDRESS server;
    NX_PACKET *packet;
    UINT status;

    NX_PARAMETER_NOT_USED(info);
    tx_thread_sleep(NX_IP_PERIODIC_RATE / 10);
    server.nxd_ip_version = NX_IP_VERSION_V4;
    server.nxd_ip_address.v4 = SERVER_ADDRESS;
    status = nx_tcp_socket_create(&own_ip, &line_socket, "Line", NX_IP_NORMAL,
                                  NX_FRAGMENT_OKAY, NX_IP_TIME_TO_LIVE, 1460,
                                  NX_NULL, NX_NULL);
    if (status == NX_SUCCESS)
        status = nx_tcp_client_socket_bind(&line_socket, NX_ANY_PORT, 100);
    if (status == NX_SUCCESS)
        status = nxd_tcp_client_socket_connect(
            &line_socket, &server, SERVER_PORT, 5 * NX_IP_PERIODIC_RATE);
    if (status == NX_SUCCESS)
        status = nx_packet_allocate(&tcp_pool, &packet, NX_TCP_PACKET,
                                    NX_WAIT_FOREVER);
    if (status == NX_SUCCESS)
        status = nx_packet_data_append(packet, "alarm\r\n", 7, &tcp_pool,
                                       NX_WAIT_FOREVER);
    if (status == NX_SUCCESS)
        status = nx_tcp_socket_send(&line_socket, packet, 200);
    if (status != NX_SUCCESS) {
        printf("Alarm not sent. Status 0x%x\r\n", status);
        return;
    }
    nx_tcp_socket_disconnect(&line_socket, 200);
    nx_tcp_client_socket_unbind(&line_socket);
    nx_tcp_socket_delete(&line_socket);
}

/* --- the POSIX side --- */

#include "test_host_run.h"

static struct peer server;
static int heard[2];

static void talk_hear(int fd)
{
    char line[8] = "";

    peer_read(fd, line, 7);
    peer_check(write(heard[1], line, 7) == 7, "write");
}

static void define_with_server(void *first)
{
    server.talk = talk_hear;
    peer_serve(&server);
    pthread_detach(server.thread);
    firmware_define(first);
}

static void test_firmware_runs_unchanged(void **state)
{
    char line[16] = "";
    char map[64];

    (void)state;
    assert_int_equal(pipe(heard), 0);
    server.listener = peer_listen(AF_INET, 4, &server.port);
    snprintf(map, sizeof map, "1.2.3.4:25=127.0.0.1:%u", server.port);
    assert_int_equal(setenv("DUVA_NX_MAP", map, 1), 0);
    /* The thread ends, and so does the process: as it should. */
    assert_int_equal(run(define_with_server), 0);
    assert_int_equal(read(heard[0], line, sizeof line - 1), 7);
    assert_string_equal(line, "alarm\r\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_firmware_runs_unchanged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
