/* sink_session.c - turns a client's octets into answers and counts. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#include "sink_session.h"

static void answer(struct session *s, const char *text)
{
    const size_t len = strlen(text);

    if (s->out_len + len > s->out_size) {
        s->out_size = 2 * (s->out_len + len) + 512;
        s->out = realloc(s->out, s->out_size);
        if (s->out == NULL)
            abort();
    }
    memcpy(s->out + s->out_len, text, len);
    s->out_len += len;
    s->tally->refused += *text == '5';
}

void session_greet(struct session *s)
{
    s->tally->connections++;
    answer(s, "220 sink.example ESMTP\r\n");
}

static void forget_mail(struct session *s)
{
    s->has_sender = 0;
    s->recipients = 0;
    s->octets = 0;
    s->crc = 0;
}

static void take(struct session *s, const char *data, size_t len)
{
    if (len == 0)
        return;
    s->crc = crc32_z(s->crc, (const unsigned char *)data, len);
    s->octets += len;
}

static void mail_done(struct session *s)
{
    s->tally->mails++;
    s->tally->recipients += s->recipients;
    s->tally->octets += s->octets;
    s->tally->sum += s->crc;
    forget_mail(s);
    s->state = SESSION_COMMAND;
    answer(s, "250 2.0.0 Taken\r\n");
}

/* ---- messages ---- */

/* Where a line ends, so that the next octet can be judged. */
static enum session_state state_behind(enum session_state before,
                                       const char *data, size_t len)
{
    const int after_cr = len > 1 ? data[len - 2] == '\r'
                                 : before == SESSION_DATA_CR;

    if (data[len - 1] == '\n' && after_cr)
        return SESSION_DATA_START;
    return data[len - 1] == '\r' ? SESSION_DATA_CR : SESSION_DATA;
}

/* Inside a line: all up to the next line that starts with a dot, which is
 * what the memmem() of the C library finds fast. */
static size_t take_lines(struct session *s, const char *data, size_t len)
{
    const char *found;
    size_t      n = len;

    if (s->state == SESSION_DATA_CR && *data == '\n') {
        take(s, data, 1);
        s->state = SESSION_DATA_START;
        return 1;
    }
    found = memmem(data, len, "\r\n.", 3);
    if (found != NULL)
        n = (size_t)(found - data) + 2;
    take(s, data, n);
    s->state = state_behind(s->state, data, n);
    return n;
}

static size_t feed_data(struct session *s, const char *data, size_t len)
{
    switch (s->state) {
    case SESSION_DATA_START:
        s->state = *data == '.' ? SESSION_DATA_DOT : SESSION_DATA;
        return *data == '.';
    case SESSION_DATA_DOT:
        s->state = *data == '\r' ? SESSION_DATA_DOT_CR : SESSION_DATA;
        return *data == '\r';
    case SESSION_DATA_DOT_CR:
        if (*data == '\n') {
            mail_done(s);
            return 1;
        }
        take(s, "\r", 1);
        s->state = SESSION_DATA_CR;
        return 0;
    default:
        return take_lines(s, data, len);
    }
}

static void chunk_done(struct session *s)
{
    char text[64];

    s->state = SESSION_COMMAND;
    if (s->chunk_wrong) {
        answer(s, "503 5.5.1 No recipients\r\n");
        return;
    }
    if (s->chunk_last) {
        mail_done(s);
        return;
    }
    snprintf(text, sizeof(text), "250 2.0.0 %llu octets\r\n",
             (unsigned long long)s->octets);
    answer(s, text);
}

static size_t feed_chunk(struct session *s, const char *data, size_t len)
{
    if (len > s->chunk)
        len = (size_t)s->chunk;
    if (!s->chunk_wrong)
        take(s, data, len);
    s->chunk -= len;
    if (s->chunk == 0)
        chunk_done(s);
    return len;
}

/* ---- commands ---- */

static void say_ehlo(struct session *s)
{
    answer(s, "250-sink.example\r\n250-PIPELINING\r\n"
              "250-SIZE 2000000000\r\n250-8BITMIME\r\n");
    if (s->offers & OFFER_STARTTLS)
        answer(s, "250-STARTTLS\r\n");
    if (s->offers & OFFER_CHUNKING)
        answer(s, "250-CHUNKING\r\n");
    answer(s, "250 ENHANCEDSTATUSCODES\r\n");
}

static void on_bdat(struct session *s, const char *arg)
{
    char *end;

    s->chunk = strtoull(arg, &end, 10);
    s->chunk_last = strcasecmp(end, " LAST") == 0;
    s->chunk_wrong = s->recipients == 0;
    s->state = SESSION_CHUNK;
    if (!(s->offers & OFFER_CHUNKING) || end == arg) {
        s->state = SESSION_OVER;
        answer(s, "502 5.5.1 No such command\r\n");
    } else if (s->chunk == 0) {
        chunk_done(s);
    }
}

static void on_data(struct session *s)
{
    if (s->recipients == 0) {
        answer(s, "503 5.5.1 No recipients\r\n");
        return;
    }
    s->state = SESSION_DATA_START;
    answer(s, "354 Go ahead\r\n");
}

static void on_mail(struct session *s)
{
    if (s->has_sender) {
        answer(s, "503 5.5.1 One sender is enough\r\n");
        return;
    }
    s->has_sender = 1;
    answer(s, "250 2.1.0 Sender ok\r\n");
}

static void on_rcpt(struct session *s)
{
    if (!s->has_sender) {
        answer(s, "503 5.5.1 No sender\r\n");
        return;
    }
    s->recipients++;
    answer(s, "250 2.1.5 Recipient ok\r\n");
}

static void on_starttls(struct session *s)
{
    if (!(s->offers & OFFER_STARTTLS)) {
        answer(s, "502 5.5.1 No such command\r\n");
        return;
    }
    answer(s, "220 2.0.0 Ready\r\n");
    s->state = SESSION_TLS;
}

static int starts(const char *line, const char *with)
{
    return strncasecmp(line, with, strlen(with)) == 0;
}

/* line ends in a NUL instead of CRLF. */
static void command(struct session *s, const char *line)
{
    if (starts(line, "MAIL FROM:")) {
        on_mail(s);
    } else if (starts(line, "RCPT TO:")) {
        on_rcpt(s);
    } else if (starts(line, "BDAT ")) {
        on_bdat(s, line + 5);
    } else if (starts(line, "DATA")) {
        on_data(s);
    } else if (starts(line, "EHLO")) {
        forget_mail(s);
        say_ehlo(s);
    } else if (starts(line, "HELO") || starts(line, "RSET")) {
        forget_mail(s);
        answer(s, "250 2.0.0 Ok\r\n");
    } else if (starts(line, "NOOP")) {
        answer(s, "250 2.0.0 Ok\r\n");
    } else if (starts(line, "STARTTLS")) {
        on_starttls(s);
    } else if (starts(line, "QUIT")) {
        s->state = SESSION_OVER;
        answer(s, "221 2.0.0 Bye\r\n");
    } else {
        answer(s, "500 5.5.2 No such command\r\n");
    }
}

static size_t feed_command(struct session *s, const char *data, size_t len)
{
    const char  *end = memchr(data, '\n', len);
    const size_t n = end != NULL ? (size_t)(end - data) + 1 : len;

    if (s->line_len + n >= sizeof(s->line)) {
        answer(s, "500 5.5.2 Too long\r\n");
        s->state = SESSION_OVER;
        return n;
    }
    memcpy(s->line + s->line_len, data, n);
    s->line_len += n;
    if (end == NULL)
        return n;
    s->line_len--;
    if (s->line_len > 0 && s->line[s->line_len - 1] == '\r')
        s->line_len--;
    s->line[s->line_len] = '\0';
    s->line_len = 0;
    command(s, s->line);
    return n;
}

void session_feed(struct session *s, const char *data, size_t len)
{
    while (len > 0 && s->state < SESSION_TLS) {
        size_t n;

        if (s->state == SESSION_COMMAND)
            n = feed_command(s, data, len);
        else if (s->state == SESSION_CHUNK)
            n = feed_chunk(s, data, len);
        else
            n = feed_data(s, data, len);
        data += n;
        len -= n;
    }
}

void session_secured(struct session *s)
{
    forget_mail(s);
    s->offers &= ~(unsigned)OFFER_STARTTLS;
    s->state = SESSION_COMMAND;
}

void session_end(struct session *s)
{
    s->tally->cut += s->has_sender && s->state != SESSION_OVER;
    free(s->out);
    s->out = NULL;
}
