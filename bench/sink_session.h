/* sink_session.h - the server's side of one SMTP connection, without I/O. */
/* SPDX-License-Identifier: MIT */
#ifndef BENCH_SINK_SESSION_H
#define BENCH_SINK_SESSION_H

#include <stddef.h>
#include <stdint.h>

/* What has arrived since the last report.  sum adds up the CRC-32 of each
 * mail, with CRLF and without stuffed dots, so that the order in which mails
 * arrive does not matter; octets counts the same. */
struct tally {
    uint64_t connections, mails, recipients, octets, sum;
    uint64_t refused;          /* commands that were answered with 5xx */
    uint64_t cut;              /* mails that a hang-up left incomplete */
    uint64_t turns;            /* times that answers went out */
};

enum { OFFER_CHUNKING = 1, OFFER_STARTTLS = 2 };

enum session_state {
    SESSION_COMMAND,
    SESSION_DATA,              /* inside a line of the message */
    SESSION_DATA_CR,
    SESSION_DATA_START,        /* at the start of a line */
    SESSION_DATA_DOT,          /* behind the dot that starts one */
    SESSION_DATA_DOT_CR,
    SESSION_CHUNK,
    SESSION_TLS,               /* 220 was said to STARTTLS */
    SESSION_OVER               /* 221 was said */
};

/* Zero it, then set tally and offers. */
struct session {
    struct tally      *tally;
    unsigned           offers;
    enum session_state state;
    int                has_sender;
    unsigned long      recipients;
    uint64_t           octets;
    unsigned long      crc;
    uint64_t           chunk;  /* octets of it that are still to come */
    int                chunk_last, chunk_wrong;
    char               line[1024]; /* a command that came in pieces */
    size_t             line_len;
    char              *out;    /* answers that wait to be sent */
    size_t             out_len, out_size;
};

void session_greet(struct session *s);

/* Takes all of the octets, unless it stops in SESSION_TLS or SESSION_OVER:
 * what follows is then dropped. */
void session_feed(struct session *s, const char *data, size_t len);

/* STARTTLS was followed by a handshake. */
void session_secured(struct session *s);

/* Counts what the hang-up cut off and gives memory back. */
void session_end(struct session *s);

#endif
