/* mailer.c - a device that mails an alarm, then reports on the same connection.
 *
 * It is started with settings, as name=value:
 *   host, port   of the server
 *   net          4 or 6: the kind of address to wait for
 *   dns          the UDP port of the name server
 *   user, pass   for SCRAM-SHA-256; without user there is no authentication
 *   ca           a file of the host: the certificate of the authority
 *   mails        the number of reports after the alarm
 *   wait         the time limit of each stage, in milliseconds
 *   time         seconds since 1970, in place of the clock
 *   lock         1: no PIPELINING
 *   trace        1: the conversation is printed
 * and those of faults.h.  heap=N gives TLS N octets of memory.
 */
/* SPDX-License-Identifier: MIT */
#include "board.h"
#include "duva_lwip.h"
#include "faults.h"
#include "message.h"
#include "network.h"
#include "settings.h"

#include <duva/client.h>
#include <duva/mbedtls.h>
#include <duva/scram.h>

#include <lwip/ip_addr.h>
#include <mbedtls/platform_time.h>
#include <mbedtls/platform_util.h>

#include <string.h>
#include <time.h>

enum { OUT = 1024, START_MS = 20000 };

static char            certificate[4096];
static duva_client     client;
static duva_lwip       tcp;
static duva_mbedtls    tls;
static duva_sasl_scram scram;

static uint32_t wait_ms(void)
{
    return (uint32_t)settings_number("wait", START_MS);
}

/* ---- the mails ---- */

static void print_result(const char *what, const duva_mail *mail)
{
    const duva_result *r = &mail->result;
    size_t             i;

    board_print("%s: %s, code %u, stage %s, err %s, reason %s, cause %ld\n",
                what, duva_verdict_name(r->verdict), r->status.code,
                duva_stage_name((duva_stage)r->status.stage),
                duva_err_name(r->err),
                r->reason == DUVA_REASON_NONE ? "-"
                                              : duva_reason_name(r->reason),
                (long)r->cause);
    for (i = 0; i < mail->rcpt_count; i++)
        board_print("  %s: %s, code %u\n", mail->rcpt[i].addr,
                    duva_verdict_name(mail->rcpt[i].verdict),
                    mail->rcpt[i].status.code);
}

static int send_mail(const char *what, duva_mail *mail, const char *subject,
                     const char *text, int with_log)
{
    static struct message message;

    if (message_compose(&message, subject, text, with_log) != 0) {
        board_print("%s: no random octets\n", what);
        return DUVA_ERR_RESOURCES;
    }
    mail->from = MESSAGE_FROM;
    mail->size = message_size(&message);
    duva_send_mail(&client, mail, message_read, &message);
    print_result(what, mail);
    message_print_digest(&message);
    return mail->result.err;
}

static int send_alarm(void)
{
    duva_rcpt rcpt[3];
    duva_mail mail;

    memset(rcpt, 0, sizeof(rcpt));
    rcpt[0].addr = "duty@example.org";
    rcpt[1].addr = "nobody@refused.example";
    rcpt[2].addr = "log@example.org";
    memset(&mail, 0, sizeof(mail));
    mail.rcpt = rcpt;
    mail.rcpt_count = 3;
    mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    return send_mail("alarm", &mail, "Pump 7: pressure below 2 bar",
                     "Pressure at pump 7 fell below 2 bar.\n"
                     ".\n"
                     "Valve B was closed. Please have a look.\n", 1);
}

static int send_report(unsigned n)
{
    char      subject[32] = "Report ", name[16] = "report ";
    char      digits[4] = { (char)('0' + n / 100), (char)('0' + n / 10 % 10),
                            (char)('0' + n % 10), '\0' };
    duva_rcpt rcpt;
    duva_mail mail;

    memset(&rcpt, 0, sizeof(rcpt));
    rcpt.addr = "log@example.org";
    memset(&mail, 0, sizeof(mail));
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
    return send_mail(strcat(name, digits), &mail, strcat(subject, digits),
                     "All is well.\n", 0);
}

/* ---- the session ---- */

static void poll_network(void *unused)
{
    if (client.engine.config != NULL)
        faults_at(duva_where(&client.engine));
    network_poll(unused);
}

static void print_event(void *ctx, const duva_trace_event *event)
{
    (void)ctx;
    board_print("%c: %.*s", event->from, (int)event->len, event->text);
}

static int init_tls(void)
{
    static duva_tls_config config;
    const int len = board_file(settings_text("ca"), certificate,
                               sizeof(certificate));
    int       err = DUVA_ERR_ARG;

    config.ca.data = certificate;
    config.ca.len = (size_t)len + 1; /* PEM, with its NUL */
    if (len >= 0)
        err = duva_mbedtls_init(&tls, &config, board_random, NULL);
    if (err != DUVA_OK)
        board_print("no TLS: %s, cause %ld\n", duva_err_name(err),
                    (long)tls.tls.link.cause);
    return err;
}

static int connect_to(const char *host)
{
    int err;

    tcp.poll = poll_network;
    err = duva_lwip_open(&tcp, host, (uint16_t)settings_number("port", 587),
                         wait_ms());
    if (err == DUVA_OK)
        board_print("connected to %s\n", ipaddr_ntoa(&tcp.address));
    else
        board_print("no connection: %s, cause %ld\n", duva_err_name(err),
                    (long)tcp.link.cause);
    return err;
}

/* mbedTLS has no random octets here but those that it is given. */
static int random_octets(void *out, size_t len)
{
    return board_random(NULL, out, len) == 0 ? DUVA_OK : DUVA_ERR_IO;
}

static duva_sasl *const *mechanisms(void)
{
    static duva_crypto crypto;
    static duva_sasl  *list[2];

    if (settings_text("user") == NULL)
        return NULL;
    crypto = duva_crypto_mbedtls;
    crypto.random = random_octets;
    duva_sasl_scram_init(&scram, &crypto, DUVA_SHA256, 0,
                         settings_text("user"), settings_text("pass"));
    list[0] = &scram.base;
    return list;
}

static int start_session(void)
{
    static uint32_t    limits[DUVA_STAGES];
    static duva_config config;
    static uint8_t     out[OUT];
    const char        *host = settings_text("host");
    size_t             i;

    if (init_tls() != DUVA_OK || connect_to(host) != DUVA_OK)
        return DUVA_ERR_CONNECT;
    for (i = 0; i < DUVA_STAGES; i++)
        limits[i] = wait_ms();
    config.name = "pump7.example.net";
    config.timeout_ms = limits;
    if (settings_number("lock", 0))
        config.options = DUVA_LOCK_STEP;
    if (settings_number("trace", 0))
        config.trace = print_event;
    client.link = &tcp.link;
    client.tls = &tls.tls;
    client.host = host;
    client.auth = mechanisms();
    return duva_client_init(&client, &config, out, sizeof(out));
}

/* ---- the clock of mbedTLS ---- */

static mbedtls_time_t now(mbedtls_time_t *out)
{
    const mbedtls_time_t t = (mbedtls_time_t)settings_number("time",
                                                             board_time());

    if (out != NULL)
        *out = t;
    return t;
}

#if MBEDTLS_VERSION_NUMBER >= 0x03000000
mbedtls_ms_time_t mbedtls_ms_time(void)
{
    return board_ms();
}
#endif

struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *t, struct tm *out)
{
    return gmtime_r(t, out);
}

/* ---- the program ---- */

static void print_memory(void)
{
    board_print("memory: stack %lu, heap of TLS %lu, client %lu, link %lu, "
                "TLS %lu, mechanism %lu, message %lu, buffer %lu\n",
                (unsigned long)board_stack_used(),
                (unsigned long)board_heap_used(),
                (unsigned long)sizeof(client), (unsigned long)sizeof(tcp),
                (unsigned long)sizeof(tls), (unsigned long)sizeof(scram),
                (unsigned long)sizeof(struct message), (unsigned long)OUT);
}

/* Returns the exit code: 0 when every mail was accepted. */
int main(void)
{
    unsigned i, failed = 0;

    settings_read();
    network_dns_port = (uint16_t)settings_number("dns", 53);
    board_heap_limit(settings_number("heap", BOARD_HEAP_MAX));
    mbedtls_platform_set_time(now);
    if (network_start((int)settings_number("net", 4), START_MS) != 0) {
        board_print("no network\n");
        return 2;
    }
    faults_hold_memory();
    if (start_session() != DUVA_OK)
        return 1;
    failed += send_alarm() != DUVA_OK;
    for (i = 1; i <= settings_number("mails", 0); i++)
        failed += send_report(i) != DUVA_OK;
    duva_close(&client);
    duva_mbedtls_free(&tls);
    print_memory();
    board_print("done: %u failed\n", failed);
    return failed != 0;
}
