/* pool.h - a connection pool on one libuv loop; any thread may queue mails. */
/* SPDX-License-Identifier: MIT */
/*
 *     static void done(duva_pool_mail *m)
 *     {
 *         puts(duva_verdict_name(m->job.mail.result.verdict));
 *     }
 *     ...
 *     duva_pool_route to = { .host = "mx.example", .config = config };
 *     duva_pool_mail  m = { .job = { .mail = mail, .source = duva_memory_read,
 *                                    .source_ctx = &text },
 *                           .to = &to, .done = done };
 *     duva_pool      *pool = duva_pool_new(uv_default_loop());
 *
 *     duva_pool_send(pool, &m);
 *     duva_pool_stop(pool, DUVA_POOL_FINISH, NULL, NULL);
 *     uv_run(uv_default_loop(), UV_RUN_DEFAULT);
 *     duva_pool_free(pool);
 */
#ifndef DUVA_POOL_H
#define DUVA_POOL_H

#include "duva/client.h"
#include "duva/proxy.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct duva_pool duva_pool;

/* The TLS adapter and the mechanisms of one connection, which cannot be shared
 * since they hold the state of a session.  A context serves one connection at a
 * time, and is used again for later ones. */
typedef struct duva_pool_context {
    duva_tls         *tls;     /* NULL: config.tls must be DUVA_TLS_NEVER */
    duva_sasl *const *auth;    /* as in duva_client; NULL: none */
    void             *own;     /* the caller's */
} duva_pool_context;

/* A proxy.  It resolves the names of the servers; they are not looked up here.
 * Borrowed like the routes that name it. */
typedef struct duva_pool_proxy {
    duva_proxy_kind kind;
    const char     *host;
    const char     *port;      /* NULL: "1080" */
    const char     *user;      /* NULL: no authentication */
    const char     *pass;
} duva_pool_proxy;

/* Events of a connection, in their order. */
typedef enum duva_pool_event {
    DUVA_POOL_CONNECTING,      /* attempts to its endpoint have begun */
    DUVA_POOL_PROXY,           /* that is a proxy: its dialogue begins */
    DUVA_POOL_OPEN,            /* connected to the server */
    DUVA_POOL_READY,           /* greeting, EHLO, TLS and AUTH are over */
    DUVA_POOL_BEGIN,           /* a mail is given to it, */
    DUVA_POOL_END,             /* and has its verdict: in the same order */
    DUVA_POOL_GONE             /* closed, or never connected */
} duva_pool_event;

/* A route: destination, credentials, TLS, proxy, and limits.  Its mails share
 * connections, so make one route for each set of these.  Routes to one host and
 * port share limits and pauses, whatever proxy they use.  When there is no
 * connection left for a route with mails, another one closes an idle
 * connection, or a busy one after 20 mails.  Zero it and set host, config and
 * what matters; 0 stands for the number in a comment.  It is borrowed, and must
 * not change, from the first duva_pool_send() until that pool is over. */
typedef struct duva_pool_mail duva_pool_mail;
typedef struct duva_pool_route {
    const char *host;
    const char *port;          /* NULL: "25"; for a proxy it must be digits */
    const duva_pool_proxy *proxy; /* NULL: none */
    const char *tls_host;      /* the name in the certificate; NULL: host */
    /* Must have a name.  A window of 1 or more sends the next mail before the
     * last is answered: see duva_overlap in overlap.h; more than 1 has no
     * effect without CHUNKING. */
    duva_config config;
    /* Makes a context, which is zeroed, and frees it when the pool is over, on
     * the loop's thread.  DUVA_OK or a duva_err.  NULL: no TLS, no AUTH. */
    int       (*make)(void *ctx, duva_pool_context *context);
    void      (*unmake)(void *ctx, duva_pool_context *context);
    /* Gets the events of each connection of the route, numbered from 1 in the
     * order of their events CONNECTING; mail is NULL except at BEGIN and END.
     * On the loop's thread; no call of the pool may be made there.  NULL: not
     * called. */
    void      (*watch)(void *ctx, uint64_t connection, duva_pool_event event,
                       const duva_pool_mail *mail);
    void       *ctx;           /* of all three */
    uint32_t connections;      /* most to the destination at a time: 10 */
    uint32_t mails;            /* most on one connection: any number */
    uint32_t rate;             /* most begun in a second: any number */
    uint32_t tries;            /* how often a mail is sent when its verdict is
                                  RETRY: 1 */
    uint32_t backoff_ms;       /* the first pause after a failure: 1 000 */
    uint32_t backoff_max_ms;   /* and the longest: 300 000 */
    uint32_t connect_ms;       /* all connection attempts together; the dialogue
                                  with a proxy may take as long: 30 000 */
    uint32_t idle_ms;          /* without mails, until QUIT: 5 000 */
    uint32_t buffer;           /* octets of a connection's buffer: 4 096 */
    void    *state;            /* private: NULL */
} duva_pool_route;

/* A mail for the pool.  Zero it, set job, to and done.  The pool borrows it
 * from duva_pool_send() until done(), which is called on the loop's thread when
 * job.mail.result and the verdicts of the recipients are final.  done() may
 * free it or hand it in again, and may call duva_pool_send() and
 * duva_pool_stop(), but not run the loop.  The source too is called on the
 * loop's thread and should not block. */
struct duva_pool_mail {
    duva_job         job;
    duva_pool_route *to;
    void           (*done)(duva_pool_mail *mail);
    void            *ctx;      /* the caller's */
    duva_pool_mail  *next;     /* private */
    uint32_t         tries;    /* private */
    uint64_t         after;    /* private */
};

/* Makes a pool on a loop, to be called on the loop's thread.  It keeps the
 * loop running until it is over.  NULL: there is no memory, or the loop cannot
 * take it.  Later a mail that memory or descriptors run short for is RETRY with
 * DUVA_ERR_RESOURCES; but libuv itself ends the process when it has no memory
 * for its table of descriptors, or none of those for a new loop. */
struct uv_loop_s;
duva_pool *duva_pool_new(struct uv_loop_s *loop);

/* Queues a mail, from any thread.
 *
 * It waits for a connection of its route: an idle one, or a new one as long
 * as the destination has fewer than route.connections.  A mail that comes back
 * with RETRY is sent again until route.tries are used up, if its source can go
 * back to the start.  A failure of the connection, not of the mail, is no try:
 * once, the mail goes on a new connection.  Such failures are: a connection
 * that had carried mails before is found closed, or closed by 421; MAIL there
 * is answered by 4yz or 503; commands behind an end of data are lost
 * (overlap.h).
 *
 * A connection that fails, 421, and 4yz to MAIL, DATA or end of data begin a
 * pause: no mail is begun at the destination and no connection opened for
 * backoff_ms, twice that the next time and so on up to backoff_max_ms, each
 * time less a random part of up to a half.  An accepted mail ends that.  But
 * when one fails before it could carry a mail while others can, the destination
 * is taken to be at its own limit: no more connections are opened for that
 * time, and mails go on over the others.  When the route's last connection
 * fails before it could carry a mail, this is a try of all mails that wait:
 * those without another try get the verdict of the failure.
 *
 * Host names are resolved in libuv's threads, and again after a minute.
 * Connection attempts are those of duva_posix_open(), up to 8 at a time, and
 * count as one connection; the address that worked last comes first.  With a
 * proxy all that is about its name.  When the proxy denies the connection the
 * mails have the result of duva_proxy_why(), of DUVA_STAGE_CONNECT; a name that
 * cannot be sent to it is REFUSED, with DUVA_ERR_ARG.
 *
 * DUVA_ERR_ARG: a pointer, or a proxy's host, is NULL, config.name is
 * invalid, config asks for TLS and route.make is NULL, or buffer is under
 * DUVA_BUFFER_MIN.
 * DUVA_ERR_STATE: the pool was stopped.  The mail is then still the caller's,
 * and done() does not come. */
int duva_pool_send(duva_pool *pool, duva_pool_mail *mail);

/* Stops the pool, from any thread: it takes no more mails.
 * FINISH: its mails are sent first; connection attempts that none of them needs
 * are given up.
 * ABORT: mails that wait are RETRY, those on a connection have the verdict of
 * duva_abort(), with DUVA_ERR_CANCELLED; it may follow a FINISH.
 * When each mail was reported and each connection closed the pool is over, and
 * over(ctx) of the first call comes on the loop's thread, if it is not NULL;
 * it may call duva_pool_free().  DUVA_ERR_STATE: it was stopped like that
 * before. */
typedef enum duva_pool_how {
    DUVA_POOL_FINISH = 1, DUVA_POOL_ABORT
} duva_pool_how;
int duva_pool_stop(duva_pool *pool, duva_pool_how how, void (*over)(void *ctx),
                   void *ctx);

/* Progress, from any thread.  Each mail is counted in one of the first six. */
typedef struct duva_pool_progress {
    uint64_t waiting, under_way; /* in the queue; on a connection */
    uint64_t accepted, retry, refused, uncertain; /* reported */
    uint64_t resent;           /* times that a mail was sent again */
    uint64_t connected;        /* connections that were ever opened */
    uint64_t failed;           /* and those that failed or never opened */
    uint32_t connections, idle; /* now: open or connecting; idle */
} duva_pool_progress;
void duva_pool_look(duva_pool *pool, duva_pool_progress *now);

/* Frees the pool.  DUVA_ERR_STATE: it is not over. */
int duva_pool_free(duva_pool *pool);

/* Octets of memory of an idle connection, without its buffer, its context, and
 * the system's memory for a socket. */
size_t duva_pool_session_size(void);

#ifdef __cplusplus
}
#endif
#endif
