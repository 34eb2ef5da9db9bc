/* link.h - a link to a simulated server that cuts both streams at will. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_MIX_LINK_H
#define DUVA_TEST_MIX_LINK_H

#include "server.h"
#include "traffic.h"

#include "duva/client.h"

/* How one play goes; n is a place or a seed. */
struct way {
    enum way_kind {
        LATE,                  /* answers come when the client waits, all */
        EACH,                  /* the same, a line at a time */
        EARLY,                 /* they come as early as they can */
        ONES_LATE, ONES_EARLY, /* the same, octet by octet */
        PIECES,                /* all at random */
        SPLIT,                 /* early up to octet n, then late */
        /* random, and then: */
        CUT,                   /* the server's stream ends after octet n */
        HANGUP_AT,             /* hung up after octet n of the client */
        GOODBYE,               /* the same, with a last 421 */
        TIMEOUT_AT, CANCEL_AT, /* wait n is in vain, is given up */
        WAYS
    }      kind;
    size_t n;
};

struct mix_link {
    duva_link          link;
    struct played     *p;
    const duva_engine *engine;
    struct way         way;
    uint64_t           row;
    struct server      server;
    struct traffic     traffic;
    size_t             read, ready, written, waits, bye;
    size_t             fruitless; /* calls since something moved */
    int                fired, closed;
};

/* The memory of server and traffic is kept to be used again. */
void mix_link_begin(struct mix_link *l, const struct mix *m, struct played *p,
                    const duva_engine *e, struct way way);

/* What the connection ended of, if the way ended it. */
duva_err mix_link_err(const struct mix_link *l);

#endif
