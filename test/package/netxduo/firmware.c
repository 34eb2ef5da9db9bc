/* firmware.c - mails to where nobody is. */
/* SPDX-License-Identifier: MIT */
#include "nx_api.h"
#include "one_mail.h"

#include <stdio.h>
#include <stdlib.h>

#define STACK_SIZE 2048
#define POOL_SIZE  (8 * (1536 + sizeof(NX_PACKET)))

static TX_THREAD      thread;
static NX_PACKET_POOL pool;
static NX_IP          ip;

VOID _nx_ram_network_driver(NX_IP_DRIVER *request);

static VOID run(ULONG input)
{
    static CHAR body[] = "Hello.\r\n";
    NXD_ADDRESS server;
    UINT        status;

    NX_PARAMETER_NOT_USED(input);
    server.nxd_ip_version = NX_IP_VERSION_V4;
    server.nxd_ip_address.v4 = IP_ADDRESS(192, 0, 2, 7);
    status = one_mail(&ip, &pool, &server, "bob@example.org", body,
                      sizeof(body) - 1);
    printf("status 0x%02x\n", (unsigned)status);
    exit(status != NX_NOT_CONNECTED);
}

VOID tx_application_define(VOID *first_unused_memory)
{
    CHAR *memory = (CHAR *)first_unused_memory;
    UINT  status;

    nx_system_initialize();
    status = nx_packet_pool_create(&pool, "pool", 1536, memory, POOL_SIZE);
    status |= nx_ip_create(&ip, "ip", IP_ADDRESS(192, 0, 2, 7), 0xFFFFFF00,
                           &pool, _nx_ram_network_driver, memory + POOL_SIZE,
                           STACK_SIZE, 1);
    status |= nx_tcp_enable(&ip);
    status |= tx_thread_create(&thread, "mail", run, 0,
                               memory + POOL_SIZE + STACK_SIZE, STACK_SIZE, 16,
                               16, TX_NO_TIME_SLICE, TX_AUTO_START);
    if (status != NX_SUCCESS)
        exit(2);
}

int main(void)
{
    tx_kernel_enter();
    return 0;
}
