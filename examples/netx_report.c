/* netx_report.c - mails HTML and a long log to several recipients. */
/* SPDX-License-Identifier: MIT */
/*
 * Two mails over one connection: a report in text and HTML with the log
 * attached, and the log as the body of a mail of its own.  The log is never in
 * memory as a whole.  Written for a device with NetX Duo and ThreadX.  On a
 * host, map the address of its mail server to a real one:
 *
 *     DUVA_NX_MAP='192.0.2.25:25=127.0.0.1:2525' netx_report
 *
 * Returns 0 when both mails were accepted, else 1.
 */
#include "nx_api.h"
#include "nxd_smtp_client.h"
#include "nxd_smtp_client_content.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FROM   "pump7@example.net"
#define DOMAIN "pump7.example.net"
#define TEXT   "Pump 7 ran for 23 hours. Its log is attached.\r\n"
#define HTML   "<p>Pump 7 ran for <b>23 hours</b>. Its log is attached.</p>\r\n"

#define STACK_SIZE   4096
#define PAYLOAD_SIZE 1536
#define POOL_SIZE    (12 * (PAYLOAD_SIZE + sizeof(NX_PACKET)))
#define LOG_LINES    2000
#define LOG_LINE     32        /* octets, with CRLF */
#define RECIPIENTS   3
#define TEXT_SIZE    80        /* octets of each recipient's reply */

static TX_THREAD         thread;
static NX_PACKET_POOL    pool;
static NX_IP             ip;
static NX_SMTP_CLIENT    client;
static NX_SMTP_CONTENT   content;
static NX_SMTP_RECIPIENT recipients[RECIPIENTS];
static CHAR              texts[RECIPIENTS * TEXT_SIZE];
static ULONG             log_at;

VOID _nx_ram_network_driver(NX_IP_DRIVER *request);

static ULONG real_time_clock(VOID)
{
    return (ULONG)time(NULL);
}

/* Stands for a log in flash memory. */
static UINT read_log(VOID *context, UCHAR *buffer, ULONG size, ULONG *length)
{
    ULONG *at = (ULONG *)context, i;

    if (buffer == NX_NULL) {
        *at = 0;
        return NX_SUCCESS;
    }
    if (size > LOG_LINES * LOG_LINE - *at)
        size = LOG_LINES * LOG_LINE - *at;
    for (i = 0; i < size; i++, (*at)++) {
        CHAR line[LOG_LINE + 1];

        snprintf(line, sizeof(line), "%06u valve B open, 4.2 bar  \r\n",
                 (unsigned)(*at / LOG_LINE % 1000000));
        buffer[i] = (UCHAR)line[*at % LOG_LINE];
    }
    *length = size;
    return NX_SUCCESS;
}

static VOID print_result(const CHAR *what, UINT status)
{
    const CHAR   *address;
    NX_SMTP_REPLY reply;
    UINT          i;

    nx_smtp_client_reply_get(&client, &reply);
    printf("%s: status 0x%02x, reply %u %s\n", what, status,
           reply.nx_smtp_reply_code, reply.nx_smtp_reply_text);
    for (i = 0; nx_smtp_client_recipient_status_get(&client, i, &address,
                                                    &reply) == NX_SUCCESS; i++)
        printf("  %s: %s, %u %s\n", address,
               reply.nx_smtp_reply_verdict == NX_SMTP_VERDICT_ACCEPTED
                   ? "accepted" : "not accepted",
               reply.nx_smtp_reply_code, reply.nx_smtp_reply_text);
}

static UINT set_recipients(VOID)
{
    UINT status = nx_smtp_client_recipients_set(
        &client, recipients, RECIPIENTS, texts, sizeof(texts));

    status |= nx_smtp_client_recipient_add(&client, "duty@example.org",
                                           NX_SMTP_RECIPIENT_TO);
    status |= nx_smtp_client_recipient_add(&client, "office@example.org",
                                           NX_SMTP_RECIPIENT_CC);
    status |= nx_smtp_client_recipient_add(&client, "archive@example.org",
                                           NX_SMTP_RECIPIENT_BCC);
    return status | nx_smtp_client_recipient_policy_set(
                        &client, NX_SMTP_RECIPIENTS_ANY);
}

static UINT send_report(VOID)
{
    UINT status = nx_smtp_client_content_set(&client, &content);

    status |= nx_smtp_client_html_set(&client, HTML, sizeof(HTML) - 1);
    status |= nx_smtp_client_attachment_add_extended(
        &client, "pump7.log", "text/plain", read_log, &log_at,
        LOG_LINES * LOG_LINE);
    if (status == NX_SUCCESS)
        status = nx_smtp_mail_send(&client, NX_NULL,
                                   NX_SMTP_MAIL_PRIORITY_NORMAL,
                                   "Pump 7: report", TEXT, sizeof(TEXT) - 1);
    print_result("report", status);
    return status;
}

static UINT send_log(VOID)
{
    UINT status;

    nx_smtp_client_content_set(&client, NX_NULL);
    status = nx_smtp_mail_send_extended(&client, NX_NULL,
                                        NX_SMTP_MAIL_PRIORITY_LOW,
                                        "Pump 7: log", read_log, &log_at);
    print_result("log", status);
    return status;
}

static VOID run(ULONG input)
{
    NXD_ADDRESS address;
    UINT        status;

    NX_PARAMETER_NOT_USED(input);
    address.nxd_ip_version = NX_IP_VERSION_V4;
    address.nxd_ip_address.v4 = IP_ADDRESS(192, 0, 2, 25);
    status = nxd_smtp_client_create(&client, &ip, &pool, "", "", FROM, DOMAIN,
                                    NX_SMTP_CLIENT_AUTH_NONE, &address, 25);
    if (status == NX_SUCCESS) {
        nx_smtp_client_clock_set(&client, real_time_clock);
        status = set_recipients();
    }
    if (status == NX_SUCCESS)
        status = nx_smtp_client_connect(&client, 10 * NX_IP_PERIODIC_RATE);
    if (status == NX_SUCCESS) {
        status = send_report();
        status |= send_log();
        nx_smtp_client_disconnect(&client, 5 * NX_IP_PERIODIC_RATE);
    } else {
        printf("not connected, status 0x%02x\n", status);
    }
    nx_smtp_client_delete(&client);
    exit(status != NX_SUCCESS);
}

VOID tx_application_define(VOID *first_unused_memory)
{
    CHAR *memory = (CHAR *)first_unused_memory;
    UINT  status;

    nx_system_initialize();
    status = nx_packet_pool_create(&pool, "pool", PAYLOAD_SIZE,
                                   memory + STACK_SIZE, POOL_SIZE);
    memory += STACK_SIZE + POOL_SIZE;
    status |= nx_ip_create(&ip, "ip", IP_ADDRESS(192, 0, 2, 7), 0xFFFFFF00,
                           &pool, _nx_ram_network_driver, memory, STACK_SIZE,
                           1);
    status |= nx_arp_enable(&ip, memory + STACK_SIZE, 1024);
    status |= nx_tcp_enable(&ip);
    if (status == NX_SUCCESS)
        status = tx_thread_create(&thread, "report", run, 0,
                                  first_unused_memory, STACK_SIZE, 16, 16,
                                  TX_NO_TIME_SLICE, TX_AUTO_START);
    if (status != NX_SUCCESS) {
        printf("cannot start, status 0x%02x\n", status);
        exit(1);
    }
}

int main(void)
{
    tx_kernel_enter();
    return 0;
}
