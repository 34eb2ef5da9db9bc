/* internal.h - what the files of the pool share. */
/* SPDX-License-Identifier: MIT */
/*
 * pool -> lanes, one for each route -> sessions, one for each connection; and
 * lanes that lead to one server share what is known of it, as those with one
 * first hop share its addresses.
 * All but the inbox and the counters belongs to the loop's thread.
 */
#ifndef DUVA_UV_INTERNAL_H
#define DUVA_UV_INTERNAL_H

#include "duva/overlap.h"
#include "duva/pool.h"
#include "duva/posix.h"

#include "../race.h"
#include "../resources.h"
#include "alarm.h"

#include <uv.h>

struct ring {                  /* a list without ends */
    struct ring *next, *prev;
};

struct queue {
    duva_pool_mail *first, *last;
};

struct context {
    duva_pool_context    context;
    struct context *next;
};

/* A host and a port that mails are for. */
struct server {
    duva_pool         *pool;
    size_t             lanes;  /* that lead to it */
    size_t             sessions; /* of all of them */
    uint64_t           turn;   /* sessions that were ever opened */
    uint64_t           until;  /* a pause, ms */
    uint64_t           slot;   /* when the next mail may begin, us */
    unsigned           failures; /* in a row */
    size_t             places; /* for connections, as far as is known */
    uint64_t           full_until; /* no more than those are tried, ms */
    unsigned           refusals; /* of further ones, in a row */
    duva_overlap       overlap; /* what its sessions found out */
};

/* A host and a port to connect to, the server's or a proxy's. */
struct hop {
    duva_pool         *pool;
    size_t             lanes;  /* that begin with it */
    size_t             connecting; /* sessions of all of them */
    uv_getaddrinfo_t   request;
    struct addrinfo   *addresses;
    const struct addrinfo *good; /* the one that worked last, or the first */
    uint64_t           looked_up; /* when, ms */
    uint8_t            looking_up, by_uv;
};

struct lane {
    struct ring        ring;   /* in the pool's lanes; first, to be found */
    struct lane       *unsettled; /* the next one that is */
    uint8_t            is_unsettled;
    struct alarm       alarm;  /* the end of a pause */
    duva_pool         *pool;
    struct server     *server;
    struct hop      *hop;
    duva_pool_route   *route;
    struct queue       waiting;
    struct queue       anew;   /* those that wait for a newer connection than
                                  the one numbered mail.after */
    size_t             length; /* of both */
    struct ring        idle, busy; /* sessions */
    size_t             sessions, connecting;
    uint64_t           dialled; /* sessions that were ever opened */
    uint64_t           turn;   /* the server's, when one was opened last */
    struct context        *contexts;   /* not in use */
};

/* A socket on its way to an address, and then the connection. */
struct attempt {
    uv_poll_t          poll;
    struct session    *session;
    struct attempt    *next;   /* a later one */
    const struct addrinfo *to;
    int                fd;
    int                events; /* what is polled for */
};

/* The addresses of the first hop race for a connection. */
struct race {
    struct duva__order order;
    uint64_t           due;    /* when another attempt may begin, ms */
    uint64_t           end;    /* of all of them, ms */
    int                cause;  /* the errno of the last one that failed */
    uint8_t            listens; /* for a greeting, see race.c */
};

struct session {
    struct ring        ring;   /* idle or busy; first, to be found */
    struct attempt    *attempts; /* the oldest first; then that which won */
    struct race        race;
    struct alarm       alarm;
    struct lane       *lane;
    uint64_t           number; /* among those of the route */
    struct context        *context;
    struct queue       begun;  /* mails not yet decided */
    uint32_t           mails;  /* that were ever begun */
    uint64_t           asked;  /* when it began to wait for a reply, ms */
    uint64_t           slowest; /* the longest wait for a command's reply, ms */
    uint8_t            kept;   /* it carried a mail, or was idle */
    uint8_t            retired; /* it takes no more mails */
    uint8_t            connected, asking, ready, is_idle;
    uint8_t            drained; /* nothing to read before the next event */
    duva_posix         link;
    struct way        *way;    /* through the proxy; NULL: it needs none now */
    const duva_link_ops *below; /* the link's own, */
    duva_link_ops      ops;    /* and what it has instead */
    duva_client        client;
    unsigned char      out[];
};

struct duva_pool {
    uv_loop_t         *loop;
    uv_thread_t        thread;
    uv_async_t         async;
    uv_timer_t         timer;
    uint64_t           timer_at; /* 0: it is off */
    struct alarms      alarms;
    struct ring        lanes;
    struct lane       *unsettled;
    size_t             handles; /* of libuv, and requests, not yet closed */
    uint64_t           chance; /* state of the generator for jitter */
    uint8_t            inside, closing, is_over;
    uv_mutex_t         lock;   /* of what follows */
    struct queue       inbox;
    duva_pool_how      stop;   /* 0: no */
    void             (*over)(void *ctx);
    void              *over_ctx;
    duva_pool_progress now;
};

/* pool.c: every callback of libuv is between these two. */
void duva__pool_enter(duva_pool *pool);
void duva__pool_leave(duva_pool *pool);
duva_pool_how duva__pool_stopped(duva_pool *pool);
uint64_t duva__pool_random(duva_pool *pool);
/* Counts, under the lock. */
void duva__pool_count(duva_pool *pool, uint64_t *counter, int by);

void duva__ring_init(struct ring *r);
void duva__ring_add(struct ring *r, struct ring *to);
void duva__ring_drop(struct ring *r);
void duva__queue_add(struct queue *q, duva_pool_mail *m);
duva_pool_mail *duva__queue_take(struct queue *q);

/* lane.c */
struct lane *duva__lane_of(duva_pool *pool, duva_pool_route *route);
void duva__lane_add(struct lane *lane, duva_pool_mail *m);
void duva__lane_unsettle(struct lane *lane);
/* Brings mails and connections together. */
void duva__lane_settle(struct lane *lane);
/* The next mail for a session, or NULL. */
duva_pool_mail *duva__lane_take(const struct session *s);
int  duva__lane_has(const struct session *s);
/* Does a mail wait for a newer connection, and there is no place for one? */
int  duva__lane_needs_place(const struct lane *lane);
/* Reports a mail that waits as not sent. */
void duva__pool_refuse(duva_pool *pool, duva_pool_mail *m, duva_err err,
                       int cause);
/* A session returns a mail that is decided.  What is no verdict is about the
 * connection: once, the mail goes on a new one without a try. */
void duva__lane_decided(struct lane *lane, duva_pool_mail *m,
                        int is_no_verdict);
/* A session has failed; it had not begun a mail if !ready. */
void duva__lane_failed(struct lane *lane, const duva_result *why, int ready);
void duva__lane_abort(struct lane *lane);
void duva__lane_free(struct lane *lane);

/* Its first hop has no address. */
void duva__lane_unknown(struct lane *lane, const duva_result *why);

/* server.c: limits and pauses are the route's numbers, and what counts is what
 * all routes to the server have done. */
const char *duva__port_of(const duva_pool_route *route);
/* NULL: there is no memory. */
struct server *duva__server_of(duva_pool *pool, const duva_pool_route *route);
void duva__server_release(struct server *server);
/* The lane behind another one, or the first; NULL: there is none. */
struct lane *duva__server_lane(const struct server *server,
                               const struct lane *after);
void duva__server_unsettle(const struct server *server);
/* Is there a place for one more connection, and whose turn is it? */
int  duva__server_has_room(const struct lane *lane);
int  duva__server_is_turn(const struct lane *lane);
void duva__server_took_turn(struct lane *lane);
/* Ends an idle connection of another route. */
void duva__server_make_room(const struct lane *lane);
/* Should a session leave its place to another route? */
int  duva__server_had_enough(const struct session *s);
/* When the next mail may begin, in ms; 0: now. */
uint64_t duva__server_due(const struct lane *lane);
void duva__server_count_mail(const struct lane *lane);
void duva__server_pause(struct lane *lane);
/* A connection failed before it could carry a mail.  It is full if there are
 * others that can. */
void duva__server_refused(struct lane *lane);
int  duva__server_is_paused(const struct lane *lane);

/* hop.c: what a route begins with, the server or a proxy. */
/* NULL: there is no memory. */
struct hop *duva__hop_of(duva_pool *pool, const duva_pool_route *route);
void duva__hop_release(struct hop *hop);
/* 1 when there are addresses, 0 when there will be, or it failed. */
int  duva__hop_resolve(struct hop *hop, const duva_pool_route *to);

/* way.c: from there to the server, if it is a proxy.  Makes s->way if it is:
 * DUVA_OK, or a duva_err. */
int  duva__way_plan(struct session *s);
/* As duva_proxy_step() and duva_proxy_why(). */
int  duva__way_step(struct session *s, uint8_t *want);
void duva__way_why(const struct session *s, int err, duva_result *why);
/* What the server said before it was listened to; 0: no more. */
int  duva__way_left(struct session *s, void *buf, size_t len);
void duva__way_forget(struct session *s);

/* verdict.c */
/* Shares what is known of commands behind an end of data: what one session
 * finds out all sessions with its server know. */
void duva__session_share(struct session *s);
/* Is what became of the mail about a connection that was kept, and no verdict
 * on the mail?  The session takes no more mails then. */
int  duva__session_is_to_blame(struct session *s, duva_pool_mail *m);
/* Begins to wait for the server: how long, at the most. */
uint32_t duva__session_wait_ms(struct session *s);

/* race.c: connects as duva_posix_open() does. */
/* How long that may take; and then the way through a proxy as long again. */
uint32_t duva__race_ms(const struct session *s);
void duva__race_begin(struct session *s);
/* For a session that is not yet connected. */
void duva__race_event(struct session *s, struct attempt *a);
void duva__race_alarm(struct session *s);
/* Is there a connection, of which there was no event yet? */
int  duva__race_is_won(const struct session *s);
/* Closes what is on its way; the link closes the socket of a connection. */
void duva__race_end(struct session *s);

/* session.c */
/* Begins to connect.  DUVA_OK, or a duva_err with the errno in cause. */
int  duva__session_open(struct lane *lane, int32_t *cause);
void duva__session_watch(struct attempt *a, int events);
void duva__session_set_alarm(struct session *s, uint64_t ms);
/* What came of the race. */
void duva__session_connected(struct session *s);
void duva__session_not_connected(struct session *s, int code);
/* Has the server not heard of it yet? */
int  duva__session_is_on_its_way(const struct session *s);
void duva__session_advance(struct session *s);
void duva__session_abort(struct session *s);
/* For one that is idle. */
void duva__session_quit(struct session *s);

#endif
