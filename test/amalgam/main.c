/* main.c - sends a mail by duva.c, to a server in memory. */
/* SPDX-License-Identifier: MIT */
#include "link.h"

#include <stdio.h>
#include <string.h>

static const char text[] = "Pressure is low.\n.\n";

static int send(duva_client *client, duva_mail *mail)
{
#if DUVA_WITH_MIME
    duva_address  from = { .addr = "ada@example.net" };
    duva_address  to = { .addr = "bob@example.org" };
    duva_part     part = { .data = text, .len = sizeof text - 1 };
    duva_message  message = { .from = { &from, 1 }, .to = { &to, 1 },
                              .subject = "Pump 7", .date = 1, .seed = { 1 },
                              .parts = &part, .part_count = 1 };
    duva_mime     mime = { .message = &message };

    return duva_send_mail(client, mail, duva_mime_read, &mime);
#else
    duva_memory memory = { .data = text, .len = sizeof text - 1 };

    return duva_send_mail(client, mail, duva_memory_read, &memory);
#endif
}

int main(void)
{
    static const char end[] = "Pressure is low.\r\n..\r\n.\r\n";
    static memory_link  server;
    static uint8_t      buffer[256];
    duva_sasl_password  plain;
    duva_sasl   *auth[] = { &plain.base, NULL };
    duva_config  config = { .name = "pump7.example.net",
                            .tls = DUVA_TLS_NEVER,
                            .options = DUVA_ALLOW_CLEAR_PASSWORD };
    duva_client  client = { .link = &server.link, .auth = auth };
    duva_rcpt    rcpt = { .addr = "bob@example.org" };
    duva_mail    mail = { .from = "ada@example.net", .rcpt = &rcpt,
                          .rcpt_count = 1 };
    const size_t len = sizeof end - 1;

    duva_sasl_plain_init(&plain, "ada", "s3cret");
    memory_link_open(&server);
    if (duva_client_init(&client, &config, buffer, sizeof buffer) != DUVA_OK
        || send(&client, &mail) != DUVA_OK || duva_close(&client) != DUVA_OK) {
        fprintf(stderr, "%s\n", duva_err_text((duva_err)mail.result.err));
        return 1;
    }
    if (mail.result.verdict != DUVA_ACCEPTED || server.message_len < len
        || memcmp(server.message + server.message_len - len, end, len) != 0) {
        fprintf(stderr, "the server has: %s\n", server.message);
        return 1;
    }
    return 0;
}
