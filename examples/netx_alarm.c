/* netx_alarm.c - mails an alarm of a pump station over IPv4 and over IPv6. */
/* SPDX-License-Identifier: MIT */
/*
 * Written for a device with NetX Duo and ThreadX.  On POSIX, with the host
 * layer, map the addresses of its mail server to real ones:
 *
 *     DUVA_NX_MAP='192.0.2.25:25=127.0.0.1:2525,[2001:db8::25]:25=[::1]:2525'
 *
 * Returns 0 when all mails were accepted, else 1.
 */
#include "nx_api.h"
#include "nxd_smtp_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define USERNAME "alarm"
#define PASSWORD "pigeon"
#define FROM     "<pump7@example.net>"
#define TO       "<duty@example.org>"
#define DOMAIN   "pump7.example.net"
#define SUBJECT  "Pump 7: pressure below 2 bar"
#define BODY     "Pressure at pump 7 fell below 2 bar.\r\n" \
                 "Valve B was closed. Please have a look.\r\n"

#define STACK_SIZE   2048
#define PAYLOAD_SIZE 1536
#define POOL_SIZE    (12 * (PAYLOAD_SIZE + sizeof(NX_PACKET)))

static TX_THREAD      thread;
static NX_PACKET_POOL pool;
static NX_IP          ip;
static NX_SMTP_CLIENT client;
static UINT           ipv6_index;

VOID _nx_ram_network_driver(NX_IP_DRIVER *request);

#if DUVA_NETX_MORE             /* a smaller client writes no Date */
static ULONG real_time_clock(VOID)
{
    return (ULONG)time(NULL);
}
#endif

/* NetX Duo needs some seconds for duplicate address detection (RFC 4862 5.4);
 * the address must not be used before. */
static VOID await_ipv6_address(VOID)
{
    UINT i;

    for (i = 0; i < 100
                && ip.nx_ipv6_address[ipv6_index].nxd_ipv6_address_state
                       != NX_IPV6_ADDR_STATE_VALID;
         i++)
        tx_thread_sleep(NX_IP_PERIODIC_RATE / 10);
}

static UINT send_alarm(const CHAR *server, NXD_ADDRESS *address)
{
    /* AUTH_NONE with a user name: PLAIN, if the server advertises AUTH. */
    UINT status = nxd_smtp_client_create(
        &client, &ip, &pool, USERNAME, PASSWORD, FROM, DOMAIN,
        NX_SMTP_CLIENT_AUTH_NONE, address, 25);

    if (status == NX_SUCCESS) {
#if DUVA_NETX_MORE
        nx_smtp_client_clock_set(&client, real_time_clock);
#endif
        status = nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_HIGH,
                                   SUBJECT, BODY, sizeof(BODY) - 1);
        printf("%s: status 0x%02x, reply %u, %s\n", server, (unsigned)status,
               (unsigned)client.nx_smtp_client_reply_code_status,
               status == NX_SUCCESS ? "mail accepted" : "mail not accepted");
        nx_smtp_client_delete(&client);
    } else {
        printf("%s: no client, status 0x%02x\n", server, (unsigned)status);
    }
    return status;
}

static VOID run(ULONG input)
{
    NXD_ADDRESS address;
    UINT        failed = 0;

    NX_PARAMETER_NOT_USED(input);
    address.nxd_ip_version = NX_IP_VERSION_V4;
    address.nxd_ip_address.v4 = IP_ADDRESS(192, 0, 2, 25);
    failed |= send_alarm("192.0.2.25", &address);

    address.nxd_ip_version = NX_IP_VERSION_V6;
    address.nxd_ip_address.v6[0] = 0x20010db8;
    address.nxd_ip_address.v6[1] = 0;
    address.nxd_ip_address.v6[2] = 0;
    address.nxd_ip_address.v6[3] = 0x25;
    await_ipv6_address();
    failed |= send_alarm("2001:db8::25", &address);
    exit(failed != NX_SUCCESS);
}

static UINT start_network(CHAR *memory)
{
    NXD_ADDRESS own;
    UINT        status;

    nx_system_initialize();
    status = nx_packet_pool_create(&pool, "pool", PAYLOAD_SIZE, memory,
                                   POOL_SIZE);
    status |= nx_ip_create(&ip, "ip", IP_ADDRESS(192, 0, 2, 7), 0xFFFFFF00,
                           &pool, _nx_ram_network_driver, memory + POOL_SIZE,
                           STACK_SIZE, 1);
    status |= nx_arp_enable(&ip, memory + POOL_SIZE + STACK_SIZE, 1024);
    status |= nx_tcp_enable(&ip);
    status |= nxd_ipv6_enable(&ip);
    status |= nxd_icmp_enable(&ip);
    own.nxd_ip_version = NX_IP_VERSION_V6;
    own.nxd_ip_address.v6[0] = 0x20010db8;
    own.nxd_ip_address.v6[1] = 0;
    own.nxd_ip_address.v6[2] = 0;
    own.nxd_ip_address.v6[3] = 0x7;
    return status | nxd_ipv6_address_set(&ip, 0, &own, 64, &ipv6_index);
}

VOID tx_application_define(VOID *first_unused_memory)
{
    CHAR *memory = (CHAR *)first_unused_memory;
    UINT  status = start_network(memory + STACK_SIZE);

    if (status == NX_SUCCESS)
        status = tx_thread_create(&thread, "alarm", run, 0, memory, STACK_SIZE,
                                  16, 16, TX_NO_TIME_SLICE, TX_AUTO_START);
    if (status != NX_SUCCESS) {
        printf("cannot start, status 0x%02x\n", (unsigned)status);
        exit(1);
    }
}

int main(void)
{
    tx_kernel_enter();
    return 0;
}
