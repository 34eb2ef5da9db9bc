/* world.h - lwIP with a clock of its own, a mail server and a name server. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_LWIP_WORLD_H
#define TEST_LWIP_WORLD_H

#include "duva_lwip.h"

#include <stddef.h>
#include <stdint.h>

enum { WORLD_PORT = 25, WORLD_ROOM = 1 << 16 };

/* The peer of the link, which also runs on lwIP. */
struct world_server {
    struct tcp_pcb *pcb;       /* NULL: no connection */
    uint8_t         got[WORLD_ROOM];
    size_t          len;
    int             reads;     /* 0: it opens its window no more */
    int             ended;     /* the link has closed its side */
    int             connections;
};
extern struct world_server world_server;

/* What the name server answers.  NULL: that there is no such address. */
struct world_names {
    const char *ipv4, *ipv6;
    int         silent;
    int         asked;         /* queries that have come */
};
extern struct world_names world_names;

/* Once for the program. */
void world_init(void);

/* Listens on 127.0.0.1, on ::1, or on both; nobody else does. */
void world_listen(int ipv4, int ipv6);

/* 1: every packet of IPv4 is lost. */
extern int world_is_cut;

/* Lets lwIP work, and 5 ms pass.  A duva_lwip_poll_fn. */
void world_poll(void *ctx);

/* Lets ms pass. */
void world_pass(uint32_t ms);

/* Ends all connections and listeners, and waits until lwIP has freed them. */
void world_end(void);

/* Octets of lwIP's memory in use, of all kinds. */
size_t world_memory(void);

/* Takes all of lwIP's heap but about keep octets, until world_give_memory(). */
void world_take_memory(size_t keep);
void world_give_memory(void);

#endif
