/* netx_alarm_tls.c - mails an alarm of a pump station over TLS. */
/* SPDX-License-Identifier: MIT */
/*
 * Written for a device with NetX Duo, ThreadX and NX Secure.  There the trust
 * anchor is an array; here it is a file in DER:
 *
 *     export DUVA_NX_MAP='192.0.2.25:587=127.0.0.1:2587'
 *     netx_alarm_tls authority.der
 *
 * The server's certificate must be for mail.example.net.  Returns 0 when the
 * mail was accepted, else 1.
 */
#include "nx_api.h"
#include "nx_secure_tls_api.h"
#include "nxd_smtp_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SERVER   "mail.example.net"
#define USERNAME "alarm"
#define PASSWORD "pigeon"
#define FROM     "pump7@example.net"
#define TO       "duty@example.org"
#define DOMAIN   "pump7.example.net"
#define SUBJECT  "Pump 7: pressure below 2 bar"
#define BODY     "Pressure at pump 7 fell below 2 bar.\r\n" \
                 "Valve B was closed. Please have a look.\r\n"

#define STACK_SIZE   4096
#define PAYLOAD_SIZE 1536
#define POOL_SIZE    (12 * (PAYLOAD_SIZE + sizeof(NX_PACKET)))
#define CHAIN        3         /* certificates that the server may send */

static TX_THREAD      thread;
static NX_PACKET_POOL pool;
static NX_IP          ip;
static NX_SMTP_CLIENT client;

/* Memory of the TLS session; there is one at a time. */
static UCHAR metadata[16384];
static UCHAR records[18 * 1024];
static UCHAR remote_der[CHAIN][2048];
static NX_SECURE_X509_CERT remote[CHAIN];
static NX_SECURE_X509_CERT authority;
static UCHAR  authority_der[4096];
static USHORT authority_size;

extern const NX_SECURE_TLS_CRYPTO nx_crypto_tls_ciphers_ecc;
extern const USHORT nx_crypto_ecc_supported_groups[];
extern const UINT nx_crypto_ecc_supported_groups_size;
extern const NX_CRYPTO_METHOD *nx_crypto_ecc_curves[];

VOID _nx_ram_network_driver(NX_IP_DRIVER *request);

static ULONG real_time_clock(VOID)
{
    return (ULONG)time(NULL);
}

static UINT trust(NX_SECURE_TLS_SESSION *session)
{
    UINT status = nx_secure_x509_certificate_initialize(
        &authority, authority_der, authority_size, NX_NULL, 0, NX_NULL, 0,
        NX_SECURE_X509_KEY_TYPE_NONE);

    return status == NX_SUCCESS
               ? nx_secure_tls_trusted_certificate_add(session, &authority)
               : status;
}

/* Called for each mail.  When it fails, the client deletes the session. */
static UINT tls_setup(NX_SMTP_CLIENT *client_ptr,
                      NX_SECURE_TLS_SESSION *session)
{
    UINT status, i;

    NX_PARAMETER_NOT_USED(client_ptr);
    status = nx_secure_tls_session_create(session, &nx_crypto_tls_ciphers_ecc,
                                          metadata, sizeof(metadata));
    if (status == NX_SUCCESS)
        status = nx_secure_tls_ecc_initialize(
            session, nx_crypto_ecc_supported_groups,
            (USHORT)nx_crypto_ecc_supported_groups_size, nx_crypto_ecc_curves);
    if (status == NX_SUCCESS)
        status = nx_secure_tls_session_packet_buffer_set(session, records,
                                                         sizeof(records));
    for (i = 0; i < CHAIN && status == NX_SUCCESS; i++)
        status = nx_secure_tls_remote_certificate_allocate(
            session, &remote[i], remote_der[i], sizeof(remote_der[i]));
    if (status == NX_SUCCESS)
        status = nx_secure_tls_session_time_function_set(session,
                                                         real_time_clock);
    return status == NX_SUCCESS ? trust(session) : status;
}

static UINT send_alarm(VOID)
{
    NXD_ADDRESS address;
    UINT        status;

    address.nxd_ip_version = NX_IP_VERSION_V4;
    address.nxd_ip_address.v4 = IP_ADDRESS(192, 0, 2, 25);
    status = nxd_smtp_client_create(&client, &ip, &pool, USERNAME, PASSWORD,
                                    FROM, DOMAIN, NX_SMTP_CLIENT_AUTH_NONE,
                                    &address, 587);
    if (status != NX_SUCCESS)
        return status;
#if DUVA_NETX_MORE             /* a smaller client writes no Date */
    nx_smtp_client_clock_set(&client, real_time_clock);
#endif
    status = nx_smtp_client_secure_set(&client, NX_SMTP_CLIENT_TLS_STARTTLS,
                                       SERVER, tls_setup);
    if (status == NX_SUCCESS)
        status = nx_smtp_mail_send(&client, TO, NX_SMTP_MAIL_PRIORITY_HIGH,
                                   SUBJECT, BODY, sizeof(BODY) - 1);
    nx_smtp_client_delete(&client);
    return status;
}

static VOID run(ULONG input)
{
    UINT status;

    NX_PARAMETER_NOT_USED(input);
    nx_secure_tls_initialize();
    status = send_alarm();
    printf(SERVER ": status 0x%02x, %s\n", (unsigned)status,
           status == NX_SUCCESS ? "mail accepted" : "mail not accepted");
    exit(status != NX_SUCCESS);
}

static UINT start_network(CHAR *memory)
{
    UINT status;

    nx_system_initialize();
    status = nx_packet_pool_create(&pool, "pool", PAYLOAD_SIZE, memory,
                                   POOL_SIZE);
    status |= nx_ip_create(&ip, "ip", IP_ADDRESS(192, 0, 2, 7), 0xFFFFFF00,
                           &pool, _nx_ram_network_driver, memory + POOL_SIZE,
                           STACK_SIZE, 1);
    status |= nx_arp_enable(&ip, memory + POOL_SIZE + STACK_SIZE, 1024);
    return status | nx_tcp_enable(&ip);
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

int main(int argc, char **argv)
{
    FILE *file = argc == 2 ? fopen(argv[1], "rb") : NULL;

    if (file == NULL) {
        fprintf(stderr, "usage: netx_alarm_tls AUTHORITY.der\n");
        return 1;
    }
    authority_size = (USHORT)fread(authority_der, 1, sizeof(authority_der),
                                   file);
    fclose(file);
    tx_kernel_enter();
    return 0;
}
