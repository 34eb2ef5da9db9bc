/* types.h - the structures of the pool. */
/* SPDX-License-Identifier: MIT */
/*
 * pool -> queues, one for each route -> sessions, one for each connection.
 * Queues with one destination share its limits and pauses, and those with one
 * endpoint its addresses.  All but the inbox and the counters belongs to the
 * loop's thread.
 */
#ifndef DUVA_UV_TYPES_H
#define DUVA_UV_TYPES_H

#include "duva/overlap.h"
#include "duva/pool.h"
#include "duva/posix.h"

#include "../race.h"
#include "../resources.h"
#include "alarm.h"
#include "list.h"

#include <uv.h>

struct context {
    duva_pool_context context;
    struct context *next;
};

/* Host and port that limits are counted by. */
struct destination {
    duva_pool *pool;
    size_t queues;        /* that lead to it */
    size_t sessions;      /* of all of them */
    uint64_t opened;      /* sessions so far */
    uint64_t until;       /* a pause, ms */
    uint64_t slot;        /* when the next mail may begin, us */
    unsigned failures;    /* in a row */
    size_t places;        /* for connections, as far as is known */
    uint64_t full_until;  /* no more than those are tried, ms */
    unsigned refusals;    /* of further ones, in a row */
    duva_overlap overlap; /* what its sessions have found out */
};

/* Host and port that connections are opened to: the server or a proxy. */
struct endpoint {
    duva_pool *pool;
    size_t queues;     /* that use it */
    size_t connecting; /* sessions of all of them */
    uv_getaddrinfo_t request;
    struct addrinfo *addresses;
    const struct addrinfo *good; /* the one that worked last, or the first */
    duva_result failure;         /* of the last look-up */
    uint64_t looked_up;          /* when, ms */
    uint8_t looking_up, by_uv;
};

/* The mails and sessions of a route. */
struct queue {
    struct ring ring; /* in the pool's queues; first, to be found */
    struct queue *next_scheduled;
    uint8_t is_scheduled;
    uint8_t look_up_failed; /* endpoint->failure is not handled yet */
    struct alarm alarm;     /* the end of a pause */
    duva_pool *pool;
    struct destination *destination;
    struct endpoint *endpoint;
    duva_pool_route *route;
    struct mails waiting;
    struct mails for_newer; /* those that wait for a connection whose number
                               is above mail.after */
    size_t length;          /* of both */
    struct ring idle, busy; /* sessions */
    size_t sessions, connecting;
    uint64_t opened;          /* sessions so far */
    uint64_t last_opened;     /* destination->opened at the last of them */
    struct context *contexts; /* not in use */
};

/* A connection attempt, and then the connection. */
struct attempt {
    uv_poll_t poll;
    struct session *session;
    struct attempt *next; /* a later one */
    const struct addrinfo *to;
    int fd;
    int events; /* what is polled for */
};

/* The connection attempts of a session. */
struct race {
    struct duva__order order;
    uv_poll_cb on_poll; /* an attempt is poll->data */
    uint64_t due;       /* when another attempt may begin, ms */
    uint64_t end;       /* of all of them, ms */
    int cause;          /* the errno of the last one that failed */
    uint8_t listens;    /* for a greeting, see race.c */
};

struct session {
    struct ring ring;         /* idle or busy; first, to be found */
    struct attempt *attempts; /* the oldest first; then that which won */
    struct race race;
    struct alarm alarm;
    struct queue *queue;
    uint64_t number; /* among those of the route */
    struct context *context;
    struct mails begun; /* mails not yet decided */
    uint32_t mails;     /* that were ever begun */
    uint64_t asked;     /* when it began to wait for a reply, ms */
    uint64_t slowest;   /* the longest wait for a command's reply, ms */
    uint8_t kept;       /* it carried a mail, or was idle */
    uint8_t retired;    /* it takes no more mails */
    uint8_t connected, asking, ready, is_idle;
    uint8_t drained; /* nothing to read before the next event */
    duva_posix link;
    struct proxy_connect *proxy; /* NULL: none, or its dialogue is over */
    const duva_link_ops *below;  /* the link's own, */
    duva_link_ops ops;           /* and what it has instead */
    duva_client client;
    unsigned char out[];
};

struct duva_pool {
    uv_loop_t *loop;
    uv_thread_t thread;
    uv_async_t async;
    uv_timer_t timer;
    uint64_t timer_at; /* 0: it is off */
    struct alarms alarms;
    struct ring queues;
    struct queue *scheduled;
    size_t handles;        /* of libuv, and requests, not yet closed */
    uint64_t random_state; /* for pauses */
    uint8_t inside, closing, is_over;
    void (*on_leave)(duva_pool *pool); /* see loop.h */
    void (*on_left)(duva_pool *pool);  /* may free the pool */
    uv_mutex_t lock;                   /* of what follows */
    struct mails inbox;
    duva_pool_how stop; /* 0: no */
    void (*over)(void *ctx);
    void *over_ctx;
    duva_pool_progress now;
};

#endif
