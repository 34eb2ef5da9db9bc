/* drive.h - what the drivers over sockets share. */
/* SPDX-License-Identifier: MIT */
#ifndef SOAK_DRIVE_H
#define SOAK_DRIVE_H

#include "listener.h"
#include "mails.h"

#include <duva/openssl.h>
#include <duva/posix.h>
#include <duva/proxy.h>

#include <pthread.h>

enum { SILENCE_MS = 500, CONNECT_MS = 1000, TRIES = 3 };

struct drive {
    struct ledger   *ledger;
    struct listener *server;
    const char      *folder;
    const char      *command;  /* the path of duva(1), for the merge */
    uint64_t         seed;
    uint32_t         mails;    /* to be handed in */
    unsigned         threads;
    unsigned         files;    /* most open descriptors; 0: any number */
    duva_openssl     tls;      /* has read the certificate */
    uint32_t         timeout[DUVA_STAGES];
    pthread_mutex_t  lock;
    uint32_t         next;     /* mail, under the lock */
};

/* A way to the server. */
struct way {
    enum door     door;
    duva_tls_mode tls;
    duva_proxy_kind proxy;     /* of DOOR_PROXY */
    int           auth;        /* 0: none, 1: PLAIN, 2: LOGIN; with TLS only */
};

/* A way in to be taken by the random numbers. */
struct way way_random(struct random *r);

/* A config for it; window is random. */
duva_config drive_config(const struct drive *d, const struct way *w,
                         struct random *r);

/* The next mail, handed in; NULL: there are no more, or no memory.  It is to
 * be given to drive_done() when its verdict is final. */
struct test_mail *drive_next(struct drive *d, int lmtp);
int  drive_is_over(struct drive *d);

/* The verdicts of a sending that need not be the last. */
void drive_sent(struct drive *d, struct test_mail *m);
void drive_done(struct drive *d, struct test_mail *m);

/* The drivers: each hands in all mails.  0: it could not run. */
int drive_pool(struct drive *d);
int drive_blocking(struct drive *d);
int drive_steps(struct drive *d);
int drive_merge(struct drive *d);

/* Of shim.c, when it is there. */
extern void soak_shim_enable(int on) __attribute__((weak));

#endif
