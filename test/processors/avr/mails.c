/* mails.c - mails to a server in memory, where int has 16 bits. */
/* SPDX-License-Identifier: MIT */
#include "duva/client.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <string.h>

enum { LINES = 1000, LINE = 70 }; /* more octets than size_t can count */

#if DUVA_WITH_INITIAL
#define AUTH { "AUTH PLAIN AGFkYQBzM2NyZXQ=", "235 2.7.0 hi\r\n" }
#else
#define AUTH                                                                   \
    { "AUTH PLAIN", "334 \r\n" }, { "AGFkYQBzM2NyZXQ=", "235 2.7.0 hi\r\n" }
#endif

static const struct turn {
    const char *command, *reply;
} accepted[] = {
    { "EHLO pump7.example", "250-mx.example\r\n250 AUTH PLAIN\r\n" },
    AUTH,
    { "MAIL FROM:<ada@example.net>", "250 ok\r\n" },
    { "RCPT TO:<bob@example.org>", "250 ok\r\n" },
    { "DATA", "354 go\r\n" },
    { ".", "250 2.0.0 stored\r\n" },
    { "QUIT", "221 bye\r\n" }
}, rejected[] = {
    { "EHLO pump7.example", "250-mx.example\r\n250 AUTH PLAIN\r\n" },
    AUTH,
    { "MAIL FROM:<ada@example.net>", "250 ok\r\n" },
    { "RCPT TO:<bob@example.org>", "550 5.1.1 nobody\r\n" },
    { "QUIT", "221 bye\r\n" }
};

static struct server {
    const struct turn *turn, *end;
    const char        *reply;  /* what is left of it */
    char               line[80];
    uint8_t            len, is_wrong, in_message;
    uint32_t           octets; /* of the message */
    uint16_t           lines;
} server;

static void say(const char *text)
{
    for (; *text != '\0'; text++) {
        while (!(UCSR0A & _BV(UDRE0)))
            ;
        UDR0 = (uint8_t)*text;
    }
}

static void hear_line(void)
{
    struct server *const s = &server;

    s->line[s->len] = '\0';
    if (s->in_message && strcmp(s->line, ".") != 0) {
        s->octets += s->len + 2u;
        s->lines++;
    } else if (s->turn == s->end || strcmp(s->line, s->turn->command) != 0) {
        s->is_wrong = 1;
    } else {
        s->in_message = strcmp(s->line, "DATA") == 0;
        s->reply = s->turn++->reply;
    }
    s->len = 0;
}

static int link_write(duva_link *link, const void *data, size_t len)
{
    const char *at = data;
    size_t      i;

    (void)link;
    for (i = 0; i < len; i++)
        if (at[i] == '\n')
            hear_line();
        else if (at[i] != '\r' && server.len < sizeof server.line - 1)
            server.line[server.len++] = at[i];
    return (int)len;
}

static int link_read(duva_link *link, void *data, size_t len)
{
    size_t n = strlen(server.reply);

    (void)link;
    if (n > len)
        n = len;
    memcpy(data, server.reply, n);
    server.reply += n;
    return (int)n;
}

static int link_wait(duva_link *link, unsigned can, uint32_t ms)
{
    (void)link;
    (void)ms;
    return (int)can;
}

static void link_close(duva_link *link)
{
    (void)link;
}

/* LINES lines of LINE octets. */
static int read_lines(void *line, void *buf, size_t len)
{
    static const char end[] = "\r\n";
    uint32_t *const   at = line;
    char             *to = buf;
    size_t            i;

    if (buf == NULL) {
        *at = 0;
        return 0;
    }
    for (i = 0; i < len && *at < (uint32_t)LINES * LINE; i++, ++*at)
        to[i] = *at % LINE < LINE - 2 ? 'x' : end[*at % LINE - (LINE - 2)];
    return (int)i;
}

static duva_verdict mail(const struct turn *turn, size_t count)
{
    static const duva_link_ops ops = {
        .read = link_read, .write = link_write, .wait = link_wait,
        .close = link_close
    };
    static const duva_config config = {
        .name = "pump7.example", .tls = DUVA_TLS_NEVER,
        .options = DUVA_ALLOW_CLEAR_PASSWORD
    };
    static uint8_t      buffer[DUVA_BUFFER_MIN];
    static duva_client  client;
    duva_sasl_password  plain;
    duva_sasl          *auth[] = { &plain.base, NULL };
    duva_link           link = { .ops = &ops };
    duva_rcpt           rcpt = { .addr = "bob@example.org" };
    duva_mail           m = { .from = "ada@example.net", .rcpt = &rcpt,
                              .rcpt_count = 1 };
    uint32_t            at = 0;

    memset(&server, 0, sizeof server);
    server.turn = turn;
    server.end = turn + count;
    server.reply = "220 mx.example\r\n";
    memset(&client, 0, sizeof client);
    client.link = &link;
    client.auth = auth;
    duva_sasl_plain_init(&plain, "ada", "s3cret");
    if (duva_client_init(&client, &config, buffer, sizeof buffer) != DUVA_OK)
        return DUVA_PENDING;
    duva_send_mail(&client, &m, read_lines, &at);
    duva_close(&client);
    if (server.turn != server.end)
        server.is_wrong = 1;
    return m.result.verdict;
}

int main(void)
{
    UCSR0B = _BV(TXEN0);
    say(mail(accepted, sizeof accepted / sizeof accepted[0]) == DUVA_ACCEPTED
                && !server.is_wrong && server.lines == LINES
                && server.octets == (uint32_t)LINES * LINE
            ? "accepted: passed\n" : "accepted: FAILED\n");
    say(mail(rejected, sizeof rejected / sizeof rejected[0]) == DUVA_REFUSED
                && !server.is_wrong && server.lines == 0
            ? "rejected: passed\n" : "rejected: FAILED\n");
    cli();                     /* and asleep: the simulator ends */
    sleep_mode();
    return 0;
}
