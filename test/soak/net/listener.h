/* listener.h - the server on sockets, as a process of its own. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_LISTENER_H
#define SOAK_LISTENER_H

#include "ledger.h"

#include <sys/types.h>

/* A port for each way in. */
enum door { DOOR_SMTP, DOOR_SMTPS, DOOR_LMTP, DOOR_PROXY, DOORS };

struct listener_options {
    uint64_t    seed;
    unsigned    per_mille;     /* chance of a fault */
    int         tails;         /* some do not read what is pipelined behind
                                  the end of data */
    int         restarts;      /* ports are closed now and then */
    uint32_t    mails;         /* numbers below it are ours */
    const char *folder;        /* has cert.pem and key.pem; gets "records" and
                                  "violations" */
};

struct listener {
    pid_t       pid;
    int         alive;         /* a pipe: the process ends when it is closed */
    char        port[DOORS][8];
    const char *folder;
};

/* Starts it.  0: it could not be started, and has said why. */
int listener_start(struct listener *l, const struct listener_options *o);

/* Ends it, and enters what it has seen in the ledger.  0: it had failed. */
int listener_stop(struct listener *l, struct ledger *ledger);

#endif
