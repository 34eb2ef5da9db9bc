/* peer.h - a small SMTP server in memory, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_PEER_H
#define DUVA_TEST_PEER_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Zero it, set what matters, call peer_begin(). */
struct peer {
    const char *ehlo;          /* its lines; NULL: no extensions */
    unsigned    limit;         /* recipients of one mail; 0: any number */
    int         full;          /* not even one */
    const char *too_many;      /* what those beyond it hear */
    const char *at_end;        /* the answer to the final dot; NULL: 250 */
    const char *at_auth;       /* and to AUTH; NULL: 235 */
    const char *at_next;       /* and to MAIL after a message; NULL: 250 */
    /* what came of it */
    char       *message;       /* all messages, without stuffed dots */
    size_t      message_len;
    unsigned    messages, rcpts, transactions, quits, auths;
    int         closed;
    /* its own */
    char        out[65536];
    size_t      out_len, out_pos;
    char        line[1100];
    size_t      length;
    int         in_message;
    size_t      chunk;         /* octets of BDAT still to come, */
    int         last_chunk;    /* the last of the message */
};

static inline void peer_say(struct peer *p, const char *text)
{
    const size_t len = strlen(text);

    if (p->out_len + len + 2 > sizeof(p->out))
        abort();
    memcpy(p->out + p->out_len, text, len);
    memcpy(p->out + p->out_len + len, "\r\n", 2);
    p->out_len += len + 2;
}

static inline void peer_begin(struct peer *p)
{
    peer_say(p, "220 peer");
}

static inline int peer_hears(const struct peer *p, const char *verb)
{
    return strncmp(p->line, verb, strlen(verb)) == 0;
}

static inline void peer_rcpt(struct peer *p)
{
    if (peer_hears(p, "RCPT TO:<no")) {
        peer_say(p, "550 5.1.1 nobody");
    } else if (p->full || (p->limit > 0 && p->rcpts == p->limit)) {
        peer_say(p, p->too_many);
    } else {
        p->rcpts++;
        peer_say(p, "250 ok");
    }
}

static inline void peer_keep(struct peer *p, const char *data, size_t len)
{
    p->message = realloc(p->message, p->message_len + len + 1);
    if (p->message == NULL)
        abort();
    memcpy(p->message + p->message_len, data, len);
    p->message_len += len;
}

static inline void peer_message_end(struct peer *p)
{
    p->in_message = 0;
    p->messages++;
    peer_say(p, p->at_end != NULL ? p->at_end : "250 queued");
}

static inline void peer_message_line(struct peer *p)
{
    const size_t dot = p->line[0] == '.';

    if (strcmp(p->line, ".\r\n") == 0)
        peer_message_end(p);
    else
        peer_keep(p, p->line + dot, p->length - dot);
}

static inline void peer_chunk_end(struct peer *p)
{
    if (p->rcpts == 0)
        peer_say(p, "503 nobody");
    else if (p->last_chunk)
        peer_message_end(p);
    else
        peer_say(p, "250 more");
}

static inline void peer_bdat(struct peer *p)
{
    p->chunk = strtoul(p->line + 5, NULL, 10);
    p->last_chunk = strstr(p->line, " LAST\r\n") != NULL;
    if (p->chunk == 0)
        peer_chunk_end(p);
}

static inline void peer_line(struct peer *p)
{
    if (p->in_message) {
        peer_message_line(p);
    } else if (peer_hears(p, "EHLO ")) {
        peer_say(p, p->ehlo != NULL ? p->ehlo : "250 peer");
    } else if (p->at_next != NULL && p->messages > 0
               && peer_hears(p, "MAIL FROM:<")) {
        peer_say(p, p->at_next);
    } else if (peer_hears(p, "MAIL FROM:<")) {
        p->rcpts = 0;
        p->transactions++;
        peer_say(p, "250 ok");
    } else if (peer_hears(p, "RCPT TO:<")) {
        peer_rcpt(p);
    } else if (peer_hears(p, "DATA\r\n")) {
        p->in_message = p->rcpts > 0;
        peer_say(p, p->in_message ? "354 go on" : "554 nobody");
    } else if (peer_hears(p, "BDAT ")) {
        peer_bdat(p);
    } else if (peer_hears(p, "AUTH ")) {
        p->auths++;
        peer_say(p, p->at_auth != NULL ? p->at_auth : "235 welcome");
    } else if (peer_hears(p, "STARTTLS\r\n")) {
        peer_say(p, "220 go");
    } else if (peer_hears(p, "RSET\r\n")) {
        peer_say(p, "250 ok");
    } else if (peer_hears(p, "QUIT\r\n")) {
        p->quits++;
        peer_say(p, "221 bye");
        p->closed = 1;
    } else {
        peer_say(p, "500 what?");
    }
}

/* The client says something. */
static inline void peer_take(struct peer *p, const char *data, size_t len)
{
    while (len > 0) {
        size_t n = 1;

        if (p->chunk > 0) {
            n = len < p->chunk ? len : p->chunk;
            peer_keep(p, data, n);
            p->chunk -= n;
            if (p->chunk == 0)
                peer_chunk_end(p);
        } else {
            if (p->length + 1 >= sizeof(p->line))
                abort();
            p->line[p->length++] = *data;
            if (*data == '\n') {
                p->line[p->length] = '\0';
                peer_line(p);
                p->length = 0;
            }
        }
        data += n;
        len -= n;
    }
}

/* What it says, len octets at most; 0: nothing now. */
static inline size_t peer_give(struct peer *p, char *buf, size_t len)
{
    if (len > p->out_len - p->out_pos)
        len = p->out_len - p->out_pos;
    memcpy(buf, p->out + p->out_pos, len);
    p->out_pos += len;
    if (p->out_pos == p->out_len)
        p->out_pos = p->out_len = 0;
    return len;
}

#endif
