/* one_send.c - a mail by duva/client.h, over a link of the caller's. */
/* SPDX-License-Identifier: MIT */
#include "one_send.h"

#include "duva/client.h"

#include <string.h>

int one_send(duva_link *link, const char *recipient, const char *message,
             size_t len)
{
    static duva_client        client;
    static duva_config        config;
    static duva_sasl_password plain;
    static duva_mail          mail;
    static duva_rcpt          rcpt;
    static uint8_t            buffer[DUVA_BUFFER_MIN];
    duva_sasl   *auth[] = { &plain.base, NULL };
    duva_memory  source = { message, len, 0 };
    int          err;

    duva_sasl_plain_init(&plain, "ada", "s3cret");
    memset(&config, 0, sizeof(config));
    config.name = "device.example.net";
    config.tls = DUVA_TLS_NEVER;
    config.options = DUVA_ALLOW_CLEAR_PASSWORD;
    memset(&client, 0, sizeof(client));
    client.link = link;
    client.auth = auth;
    memset(&rcpt, 0, sizeof(rcpt));
    rcpt.addr = recipient;
    memset(&mail, 0, sizeof(mail));
    mail.from = "ada@example.net";
    mail.rcpt = &rcpt;
    mail.rcpt_count = 1;
    err = duva_client_init(&client, &config, buffer, sizeof(buffer));
    if (err != DUVA_OK)
        return err;
    err = duva_send_mail(&client, &mail, duva_memory_read, &source);
    duva_close(&client);
    return err;
}
