/* wire.h - a link in memory to a server in memory, with a clock of its own. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_WIRE_H
#define SOAK_WIRE_H

#include "plan.h"

#include <duva/link.h>

enum { SEGMENTS = 64 };

/* Octets on their way, in one direction. */
struct pipe_line {
    struct octets octets;
    struct {
        int64_t at;            /* when they arrive */
        size_t  len;
    } segment[SEGMENTS];
    unsigned count;
    uint8_t  end;              /* enum close, behind the octets */
    int64_t  end_at;
};

/* A connection. */
struct wire {
    duva_link     link;        /* the client's */
    duva_tls      tls;         /* no TLS, but its messages */
    uint8_t       hello_sent, closed;
    const struct plan *plan;
    int64_t      *now;         /* of the run: ms */
    struct random random;
    struct server server;
    struct pipe_line up, down; /* to the server, to the client */
};

void wire_open(struct wire *w, const struct plan *p, int64_t *now,
               const struct witness *witness, unsigned session);

/* Lets time pass: until that moment, or everything has been handled. */
void wire_pass(struct wire *w, int64_t until);
void wire_settle(struct wire *w);
void wire_free(struct wire *w);

#endif
