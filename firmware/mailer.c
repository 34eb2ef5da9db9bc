/* mailer.c - a device that mails: an alarm, then reports on a kept connection.
 *
 * The words with which it is started say what to do, as name=value:
 *   host, port        the server; dns: the port of the name server
 *   net               4 or 6: which address to wait for
 *   user, pass        for SCRAM-SHA-256
 *   ca                a file of the host with the certificate to trust
 *   mails             how many after the alarm
 *   trace             1: the conversation is printed
 *   heap              octets for TLS; fewer than it needs is a test
 *   pull, reset       the stage (see duva_stage_name) at which the cable is
 *                     pulled, or the board is reset
 */
/* SPDX-License-Identifier: MIT */
#include "board.h"
#include "duva_lwip.h"
#include "lan9118.h"
#include "network.h"

#include <duva/client.h>
#include <duva/mbedtls.h>
#include <duva/mime.h>
#include <duva/scram.h>

#include <mbedtls/memory_buffer_alloc.h>
#include <mbedtls/platform_time.h>
#include <mbedtls/platform_util.h>

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { HEAP = 64 * 1024, OUT = 1024, TIMEOUT_MS = 20000 };

static unsigned char heap[HEAP];
static char          arguments[1024], certificate[4096];

/* ---- what it was told ---- */

/* The value of a word, or NULL: it is not there. */
static const char *told(const char *name)
{
    const size_t len = strlen(name);
    const char  *word = arguments;

    for (; *word != '\0'; word += strlen(word) + 1)
        if (strncmp(word, name, len) == 0 && word[len] == '=')
            return word + len + 1;
    return NULL;
}

static unsigned number(const char *name, unsigned otherwise)
{
    const char *text = told(name);

    return text != NULL ? (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static void read_arguments(void)
{
    char *p;

    strncpy(arguments, board_arguments(), sizeof(arguments) - 2);
    for (p = arguments; *p != '\0'; p++)
        if (*p == ' ')
            *p = '\0';
}

/* ---- faults on purpose ---- */

static void disturb(duva_stage stage)
{
    const char *name = duva_stage_name(stage);
    const char *pull = told("pull"), *reset = told("reset");

    if (pull != NULL && strcmp(pull, name) == 0)
        lan9118_connect(0);
    if (reset != NULL && strcmp(reset, name) == 0) {
        board_print("reset at %s\n", name);
        board_exit(6);         /* power is gone: nothing is closed */
    }
}

static void poll_and_disturb(void *client)
{
    const duva_client *c = client;

    disturb(duva_where(&c->engine));
    network_poll(NULL);
}

static void print_piece(void *ctx, char from, const char *text, size_t len)
{
    (void)ctx;
    board_print("%c: %.*s", from, (int)len, text);
}

/* ---- the mails ---- */

static duva_client client;
static duva_lwip   tcp;
static duva_mbedtls tls;
static duva_sasl_scram scram;

/* A hundred readings, made as they are read. */
struct log {
    unsigned row, pos;
    char     line[24];
};

static int read_log(void *ctx, void *buf, size_t len)
{
    struct log *log = ctx;
    size_t      n;

    if (buf == NULL) {
        memset(log, 0, sizeof(*log));
        return 0;
    }
    if (log->line[log->pos] == '\0') {
        if (log->row == 100)
            return 0;
        log->pos = 0;
        log->row++;
        strcpy(log->line, "000,pressure,1.97\r\n");
        log->line[0] = (char)('0' + log->row / 100);
        log->line[1] = (char)('0' + log->row / 10 % 10);
        log->line[2] = (char)('0' + log->row % 10);
    }
    n = strlen(log->line + log->pos);
    if (n > len)
        n = len;
    memcpy(buf, log->line + log->pos, n);
    log->pos += (unsigned)n;
    return (int)n;
}

static void print_result(const char *what, const duva_mail *mail)
{
    const duva_result *r = &mail->result;
    size_t             i;

    board_print("%s: %s, code %u, stage %s, err %s, reason %s, cause %ld\n",
                what, duva_verdict_name(r->verdict), r->status.code,
                duva_stage_name((duva_stage)r->status.stage),
                r->err == DUVA_OK ? "-" : duva_err_name(r->err),
                r->reason == DUVA_REASON_NONE ? "-"
                                              : duva_reason_name(r->reason),
                (long)r->cause);
    for (i = 0; i < mail->rcpt_count; i++)
        board_print("  %s: %s, code %u\n", mail->rcpt[i].addr,
                    duva_verdict_name(mail->rcpt[i].verdict),
                    mail->rcpt[i].status.code);
}

static int send(const char *what, duva_mail *mail, const char *subject,
                const char *text, int with_log)
{
    static const duva_address from = { "Pump 7", "pump7@example.net", 0 };
    static const duva_address to = { NULL, "duty@example.org", 0 };
    static struct log log;
    static duva_mime  mime;
    duva_part         part[2];
    duva_message      message;

    memset(part, 0, sizeof(part));
    part[0].data = text;
    part[0].len = strlen(text);
    part[1].place = DUVA_PLACE_ATTACHED;
    part[1].type = "text/csv";
    part[1].name = "pressure.csv";
    part[1].read = read_log;
    part[1].ctx = &log;
    part[1].len = 1900;
    memset(&message, 0, sizeof(message));
    message.from.list = &from;
    message.from.count = 1;
    message.to.list = &to;
    message.to.count = 1;
    message.subject = subject;
    message.parts = part;
    message.part_count = with_log ? 2 : 1;
    message.date = board_time();
    if (board_random(NULL, message.seed, sizeof(message.seed)) != 0)
        return DUVA_ERR_RESOURCES;
    memset(&mime, 0, sizeof(mime));
    mime.message = &message;
    mail->size = duva_mime_size(&mime);
    duva_send_mail(&client, mail, duva_mime_read, &mime);
    print_result(what, mail);
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
    mail.from = "pump7@example.net";
    mail.rcpt = rcpt;
    mail.rcpt_count = 3;
    mail.policy = DUVA_WHOEVER_IS_ACCEPTED;
    return send("alarm", &mail, "Pump 7: pressure below 2 bar",
                "Pressure at pump 7 fell below 2 bar.\n"
                ".\n"
                "Valve B was closed. Please have a look.\n", 1);
}

static int send_report(unsigned n)
{
    char      subject[32] = "Report ", name[16] = "report ";
    char      digits[4] = { (char)('0' + n / 100), (char)('0' + n / 10 % 10),
                            (char)('0' + n % 10), '\0' };
    duva_rcpt rcpt = { .addr = "log@example.org" };
    duva_mail mail;

    memset(&mail, 0, sizeof(mail));
    mail.from = "pump7@example.net";
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
    return send(strcat(name, digits), &mail, strcat(subject, digits),
                "All is well.\n", 0);
}

/* ---- the session ---- */

static int init_tls(duva_tls_config *config)
{
    const int len = board_file(told("ca"), certificate, sizeof(certificate));

    if (len < 0)
        return DUVA_ERR_ARG;
    memset(config, 0, sizeof(*config));
    config->ca.data = (const uint8_t *)certificate;
    config->ca.len = (size_t)len + 1; /* PEM, with its NUL */
    return duva_mbedtls_init(&tls, config, board_random, NULL);
}

static int open_link(const char *host)
{
    int err;

    tcp.poll = network_poll;
    err = duva_lwip_open(&tcp, host, (uint16_t)number("port", 587),
                         TIMEOUT_MS);
    if (err != DUVA_OK)
        board_print("no connection: %s, cause %ld\n", duva_err_name(err),
                    (long)tcp.link.cause);
    return err;
}

/* mbedTLS has no source of random octets here but the one that it is given. */
static int random_octets(void *out, size_t len)
{
    return board_random(NULL, out, len) == 0 ? DUVA_OK : DUVA_ERR_IO;
}

static int start_session(const char *host)
{
    static duva_crypto      crypto;
    static uint32_t         wait_ms[DUVA_STAGES];
    static duva_tls_config  tls_config;
    static duva_config      config;
    static duva_sasl       *mechanisms[2];
    static uint8_t          out[OUT];
    int                     err = init_tls(&tls_config);
    size_t                  i;

    if (err != DUVA_OK) {
        board_print("no TLS: %s, cause %ld\n", duva_err_name(err),
                    (long)tls.tls.link.cause);
        return err;
    }
    if (open_link(host) != DUVA_OK)
        return DUVA_ERR_CONNECT;
    for (i = 0; i < DUVA_STAGES; i++)
        wait_ms[i] = TIMEOUT_MS;
    crypto = duva_crypto_mbedtls;
    crypto.random = random_octets;
    duva_sasl_scram_init(&scram, &crypto, DUVA_SHA256, 0,
                         told("user"), told("pass"));
    mechanisms[0] = &scram.base;
    config.name = "pump7.example.net";
    config.timeout_ms = wait_ms;
    if (number("trace", 0))
        config.trace = print_piece;
    client.link = &tcp.link;
    client.tls = &tls.tls;
    client.host = host;
    client.auth = mechanisms;
    err = duva_client_init(&client, &config, out, sizeof(out));
    tcp.poll = poll_and_disturb;
    tcp.poll_ctx = &client;
    return err;
}

static mbedtls_time_t now(mbedtls_time_t *out)
{
    const mbedtls_time_t t = (mbedtls_time_t)board_time();

    if (out != NULL)
        *out = t;
    return t;
}

struct tm *mbedtls_platform_gmtime_r(const mbedtls_time_t *t, struct tm *out)
{
    return gmtime_r(t, out);
}

static void print_memory(void)
{
    size_t used = 0, blocks;

    mbedtls_memory_buffer_alloc_max_get(&used, &blocks);
    board_print("memory: stack %lu, heap of TLS %lu, client %lu, link %lu, "
                "TLS %lu\n", (unsigned long)board_stack_used(),
                (unsigned long)used, (unsigned long)sizeof(client),
                (unsigned long)sizeof(tcp), (unsigned long)sizeof(tls));
}

int main(void)
{
    const unsigned version = (read_arguments(), number("net", 4));
    unsigned       i, failed = 0;

    network_dns_port = (uint16_t)number("dns", 53);
    mbedtls_memory_buffer_alloc_init(heap, number("heap", HEAP));
    mbedtls_platform_set_time(now);
    if (network_start((int)version, TIMEOUT_MS) != 0) {
        board_print("no network\n");
        return 2;
    }
    if (start_session(told("host")) != DUVA_OK)
        return 1;
    failed += send_alarm() != DUVA_OK;
    for (i = 1; i <= number("mails", 0); i++)
        failed += send_report(i) != DUVA_OK;
    duva_close(&client);
    duva_mbedtls_free(&tls);
    print_memory();
    board_print("done: %u failed\n", failed);
    return failed != 0;
}
