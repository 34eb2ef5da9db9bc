/* pool.h - many sessions on one libuv loop, fed with mails by any thread. */
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

/* What one connection has for itself, since it holds the state of a session.
 * A kit serves one connection at a time, and one after the other. */
typedef struct duva_kit {
    duva_tls         *tls;     /* NULL: config.tls must be DUVA_TLS_NEVER */
    duva_sasl *const *auth;    /* as in duva_client; NULL: none */
    void             *own;     /* the caller's */
} duva_kit;

/* A proxy on the way to servers: it finds their names, which are not looked up
 * here.  Borrowed like the routes that name it. */
typedef struct duva_pool_proxy {
    duva_proxy_kind kind;
    const char     *host;
    const char     *port;      /* NULL: "1080" */
    const char     *user;      /* NULL: nobody logs in */
    const char     *pass;
} duva_pool_proxy;

/* What becomes of a connection. */
typedef enum duva_pool_event {
    DUVA_POOL_DIAL,            /* it is on its way to the first hop, */
    DUVA_POOL_PROXY,           /* which is a proxy, and is asked, */
    DUVA_POOL_OPEN,            /* or the server: it may speak */
    DUVA_POOL_READY,           /* greeted, secured, logged in */
    DUVA_POOL_BEGIN,           /* a mail is given to it, */
    DUVA_POOL_END,             /* and is decided: in the order of the first */
    DUVA_POOL_GONE             /* it has ended, or never was */
} duva_pool_event;

/* A way to a server: its name, our credentials, the TLS policy, and what is
 * fair there.  Mails with the same route share connections, so there should be
 * one for each.  Routes to one host and port share its limits, whatever proxy
 * they go through: what one of them does there counts for all, and a pause is
 * for all.  When there is no connection left for a route with mails, another
 * one gives up an idle one, or a busy one after 20 mails.  Zero it and set
 * host, config and what matters.  It is borrowed, and must not change, from the
 * first duva_pool_send() until that pool is over, and is for one pool at a
 * time.  Each 0 stands for the number in its comment. */
typedef struct duva_pool_mail duva_pool_mail;
typedef struct duva_pool_route {
    const char *host;
    const char *port;          /* NULL: "25"; for a proxy it must be digits */
    const duva_pool_proxy *proxy; /* NULL: none */
    const char *tls_host;      /* whom the certificate must name; NULL: host */
    /* With a name.  A window of 1 or more lets the next mail follow at once:
     * see duva_overlap in overlap.h; more than 1 has a use with CHUNKING
     * only. */
    duva_config config;
    /* Makes a kit, zeroed before, and gives it back when the pool is over;
     * both on the loop's thread.  make() returns DUVA_OK or a duva_err.
     * NULL: no TLS and no credentials. */
    int       (*make)(void *ctx, duva_kit *kit);
    void      (*unmake)(void *ctx, duva_kit *kit);
    /* Told what becomes of each connection of the route, numbered from 1 in the
     * order of their events DIAL; mail is NULL but at BEGIN and END.  On the
     * loop's thread; no call of the pool may be made there.  NULL: nobody. */
    void      (*watch)(void *ctx, uint64_t connection, duva_pool_event event,
                       const duva_pool_mail *mail);
    void       *ctx;           /* of all three */
    uint32_t connections;      /* open at a time to the server: 10 */
    uint32_t mails;            /* on one connection: any number */
    uint32_t rate;             /* mails begun in a second there: any */
    uint32_t tries;            /* how often a mail is sent that comes back with
                                  RETRY: 1 */
    uint32_t backoff_ms;       /* the first pause after a failure: 1 000 */
    uint32_t backoff_max_ms;   /* and the longest: 300 000 */
    uint32_t connect_ms;       /* to connect, whatever number of addresses, and
                                  as long for a proxy to open the way: 30 000 */
    uint32_t idle_ms;          /* and without mails, until it ends: 5 000 */
    uint32_t buffer;           /* octets of output of one connection: 4 096 */
    void    *state;            /* private: NULL */
} duva_pool_route;

/* A mail for the pool.  Zero it, set job, to and done.  It belongs to the pool
 * from duva_pool_send() until done(), which comes on the loop's thread when
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

/* Hands in a mail, from any thread.  What happens to it then:
 *
 * It waits for a connection of its route: an idle one, or a new one as long
 * as the server has fewer than route.connections.  A mail that comes back with
 * RETRY is sent again until route.tries are used up, if its source can go back
 * to the start.  What is about a connection, not about the mail, is no try:
 * once, the mail goes on a new connection.  That is: a connection that had
 * carried mails before is found dead or closed by 421; MAIL there is answered
 * by 4yz or 503; commands that followed an end of data are lost (overlap.h).
 *
 * A connection that fails, 421, and 4yz to MAIL, DATA or the message are
 * reason to pause: no mail is begun there and no connection made for
 * backoff_ms, twice that the next time and so on up to backoff_max_ms, each
 * time less a random part of up to a half.  An accepted mail ends that.  But
 * when one fails before it could carry a mail while others can, the server has
 * enough of them: for as long there are no more, and mails go on.  When
 * the route's last connection fails before it could carry a mail, this is a
 * try of all that wait: those that have no more get the verdict of the
 * failure.
 *
 * Host names are looked up in libuv's threads, and again after a minute.  For
 * each connection the addresses race as for duva_posix_open(), up to 8 at a
 * time, and count as one; that which worked last comes first.  With a proxy all
 * that is about its name, and it is asked over the first connection.  When it
 * does not let us through the mails have the result of duva_proxy_why(), of
 * DUVA_STAGE_CONNECT; what cannot be told to it is REFUSED, with ERR_ARG.
 *
 * DUVA_ERR_ARG: a pointer, or a proxy's host, is NULL, config.name cannot be
 * said, config asks for TLS and route.make is NULL, or buffer is under
 * DUVA_BUFFER_MIN.
 * DUVA_ERR_STATE: the pool was stopped.  The mail is then still the caller's,
 * and done() does not come. */
int duva_pool_send(duva_pool *pool, duva_pool_mail *mail);

/* Stops the pool, from any thread: it takes no more mails.
 * FINISH: those that it has are sent first, as ever; connections still on their
 * way that none of them needs are given up.
 * ABORT: those that wait are RETRY, those under way what duva_abort() makes of
 * them, with DUVA_ERR_CANCELLED; it may follow a FINISH.
 * When each mail was reported and each connection closed the pool is over, and
 * over(ctx) of the first call comes on the loop's thread, if it is not NULL;
 * it may call duva_pool_free().  DUVA_ERR_STATE: it was stopped like that
 * before. */
typedef enum duva_pool_how {
    DUVA_POOL_FINISH = 1, DUVA_POOL_ABORT
} duva_pool_how;
int duva_pool_stop(duva_pool *pool, duva_pool_how how, void (*over)(void *ctx),
                   void *ctx);

/* How far it is, from any thread.  Each mail is in one of the first six. */
typedef struct duva_pool_progress {
    uint64_t waiting, under_way; /* mails */
    uint64_t accepted, retry, refused, uncertain; /* reported */
    uint64_t resent;           /* times that a mail was sent again */
    uint64_t connected;        /* connections that were ever made */
    uint64_t failed;           /* and those that failed or were not made */
    uint32_t connections, idle; /* now: connected or on the way to; idle */
} duva_pool_progress;
void duva_pool_look(duva_pool *pool, duva_pool_progress *now);

/* Gives the memory back.  DUVA_ERR_STATE: the pool is not over. */
int duva_pool_free(duva_pool *pool);

/* Memory of an idle connection, without its buffer, its kit, and what the
 * system has for a socket. */
size_t duva_pool_session_size(void);

#ifdef __cplusplus
}
#endif
#endif
