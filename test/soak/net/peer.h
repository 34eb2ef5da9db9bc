/* peer.h - a connection of the server on a socket, with TLS and as a proxy. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_PEER_H
#define SOAK_PEER_H

#include "server.h"

#include <openssl/ssl.h>

enum peer_state {
    PEER_PROXY_FIRST,          /* a proxy is greeted, */
    PEER_PROXY_ASKED,          /* or by SOCKS asked for the host */
    PEER_HANDSHAKE,
    PEER_OPEN,
    PEER_GONE
};

struct peer {
    struct peer     *next;
    int              fd;
    uint8_t          state;
    uint8_t          eof;      /* the client has hung up */
    uint8_t          failed;   /* nothing can be written any more */
    uint32_t         events;   /* of epoll, asked for */
    int64_t          due;      /* when it is stepped without one; -1: never */
    SSL             *ssl;      /* NULL: no TLS */
    SSL_CTX         *context;
    struct profile   profile;
    struct treatment start;
    const struct witness *witness;
    uint64_t         seed;
    struct server    server;
    struct octets    asked;    /* of a proxy */
    char             out[4096];
    size_t           out_len, out_at;
};

/* Takes the descriptor.  The profile and start are set. */
void peer_open(struct peer *p, enum peer_state state);

/* Does all that can be done.  Returns the epoll events to wait for. */
uint32_t peer_step(struct peer *p, int64_t now);

/* Ends it: by RST, or by FIN. */
void     peer_end(struct peer *p, int reset);

#endif
