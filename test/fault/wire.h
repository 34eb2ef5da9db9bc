/* wire.h - a link that plays the server of a script, and fails on demand. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_WIRE_H
#define DUVA_TEST_WIRE_H

#include "check.h"
#include "traffic.h"

#include "duva/client.h"

enum fault_kind {
    NO_FAULT,
    ONES,                      /* all goes octet by octet, and only after a
                                  wait each */
    CUT,                       /* the server's stream ends after octet n */
    HANGUP_AT,                 /* hung up after octet n of the client */
    GOODBYE,                   /* the same, but for writing only, and there is
                                  a last 421 to be read */
    TIMEOUT_AT, CANCEL_AT,     /* the n-th wait is in vain, is given up */
    CALL,                      /* the n-th call fails, and all after it */
    FAULT_KINDS
};

struct fault {
    enum fault_kind kind;
    size_t          n;
    duva_err        err;       /* what CALL answers */
    int             direct;    /* messages go past the engine where they may */
};

struct wire {
    duva_link       link;
    duva_tls        tls;
    struct played  *p;
    struct fault    fault;
    const duva_engine *engine;
    size_t          at, done;  /* the present item, octets of it done */
    size_t          bye;       /* octets of the last 421 read */
    int             ready;     /* somebody waited for what comes next */
    int             blocked;
    int             fired;     /* the fault has happened */
    int             raced;     /* the client wanted to speak where in the
                                  script something else comes first */
    size_t          heard, said, waits, calls; /* counts, for the next run */
    size_t          fruitless; /* calls since something moved */
    int             closed;
    struct traffic  traffic;
};

/* The memory of traffic is kept to be used again. */
void wire_begin(struct wire *w, struct played *p, const duva_engine *e,
                struct fault fault);

/* The error that the fault of w leads to. */
duva_err fault_err(const struct fault *fault);

#endif
