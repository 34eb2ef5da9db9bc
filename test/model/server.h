/* server.h - a server with random behaviour. */
/* SPDX-License-Identifier: MIT */
#ifndef MODEL_SERVER_H
#define MODEL_SERVER_H

#include "choose.h"

#include <stddef.h>
#include <stdint.h>

enum { SERVER_OUT = 1 << 16 };

typedef struct server {
    choices *choices;
    int lmtp;
    unsigned trouble; /* 1 reply in so many is not the usual one */
    int keeps;        /* a refused BDAT leaves the transaction open */
    int behind; /* what follows an end of data in the same read: 0 is read, 1
                   is dropped, 2 is answered with 503 */
    int ended;  /* in this read */
    int nests;  /* MAIL is legal in a transaction */
    int pipelining, chunking;
    int open, accepted, failed;
    int in_data, last; /* reading a message; a chunk with LAST */
    size_t chunk;      /* octets of a chunk still to come */
    uint8_t tail[5];
    char line[1024];
    size_t line_len;
    unsigned replies; /* said so far */
    int hung_up;      /* after what is in out */
    uint8_t out[SERVER_OUT];
    size_t out_len, out_pos;
} server;

void server_init(server *s, choices *c, int lmtp);
void server_greets(server *s);
void server_reads(server *s, const uint8_t *data, size_t len);
/* Says something that nobody asked for, or hangs up. */
void server_acts(server *s);

#endif
