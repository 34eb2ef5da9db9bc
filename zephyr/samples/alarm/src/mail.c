/* mail.c - sends an alarm with STARTTLS and SCRAM-SHA-256. */
/* SPDX-License-Identifier: MIT */
#include "mail.h"

#include <duva/client.h>
#include <duva/mbedtls.h>
#include <duva/mime.h>
#include <duva/scram.h>
#include <duva_sockets.h>

#include <zephyr/random/random.h>

#include <string.h>
#include <time.h>

static const char host[] = "mail.example.net";
static const char user[] = "pump7", password[] = "secret";
static const char from[] = "pump7@example.net", to[] = "duty@example.org";

/* src/authority.der. */
static const unsigned char authority[] = {
#include "authority.der.inc"
};

static duva_mail mail;

static int random_octets(void *context, unsigned char *out, size_t len)
{
    (void)context;
    return sys_csrand_get(out, len);
}

static int random_for_scram(void *out, size_t len)
{
    return sys_csrand_get(out, len) == 0 ? DUVA_OK : DUVA_ERR_RESOURCES;
}

/* The message.  It borrows all of these. */
static int compose(duva_mime *mime, const char *text)
{
    static const duva_address sender = { "Pump 7", from, 0 };
    static const duva_address receiver = { NULL, to, 0 };
    static duva_message       message;
    static duva_part          part;

    memset(&message, 0, sizeof message);
    memset(&part, 0, sizeof part);
    part.data = text;
    part.len = strlen(text);
    message.from.list = &sender;
    message.from.count = 1;
    message.to.list = &receiver;
    message.to.count = 1;
    message.subject = "Pump 7: pressure is low";
    message.parts = &part;
    message.part_count = 1;
    message.date = (uint32_t)time(NULL);
    memset(mime, 0, sizeof *mime);
    mime->message = &message;
    return random_octets(NULL, message.seed, sizeof message.seed);
}

/* An error that came before the session. */
static const duva_result *failed(int err)
{
    mail.result.verdict = DUVA_RETRY;
    mail.result.err = (duva_err)err;
    return &mail.result;
}

/* Over a connection, which is closed at the end. */
static void send_over(duva_link *link, duva_tls *tls, duva_mime *mime)
{
    static const duva_config config = { .name = "pump7.example.net" };
    static duva_client     client;
    static duva_sasl_scram scram;
    static duva_crypto     crypto;
    static duva_rcpt       rcpt;
    static uint8_t         out[1024];
    duva_sasl             *auth[] = { &scram.base, NULL };
    int                    err;

    crypto = duva_crypto_mbedtls;
    crypto.random = random_for_scram;
    duva_sasl_scram_init(&scram, &crypto, DUVA_SHA256, 0, user, password);
    memset(&client, 0, sizeof client);
    memset(&rcpt, 0, sizeof rcpt);
    client.link = link;
    client.tls = tls;
    client.host = host;
    client.auth = auth;
    rcpt.addr = to;
    mail.from = from;
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
    err = duva_client_init(&client, &config, out, sizeof out);
    if (err != DUVA_OK) {
        link->ops->close(link);
        failed(err);
        return;
    }
    duva_send_mail(&client, &mail, duva_mime_read, mime);
    duva_close(&client);
}

const duva_result *mail_alarm(const char *text)
{
    static duva_tls_config settings;
    static duva_mbedtls    tls;
    static duva_sockets    tcp;
    static duva_mime       mime;
    int                    err;

    memset(&mail, 0, sizeof mail);
    if (compose(&mime, text) != 0)
        return failed(DUVA_ERR_RESOURCES);
    settings.ca.data = authority;
    settings.ca.len = sizeof authority;
    err = duva_mbedtls_init(&tls, &settings, random_octets, NULL);
    if (err != DUVA_OK)
        return failed(err);
    err = duva_sockets_open(&tcp, host, 587, 30000);
    if (err == DUVA_OK)
        send_over(&tcp.link, &tls.tls, &mime);
    else
        failed(err);
    duva_mbedtls_free(&tls);
    return &mail.result;
}
