/* client.h - joins an engine and a link. */
/* SPDX-License-Identifier: MIT */
/*
 * The client uses only public calls of engine.h and link.h.  duva_step() is for
 * programs with an event loop of their own, duva_run() for those that may
 * block; duva_run() calls duva_step().
 */
#ifndef DUVA_CLIENT_H
#define DUVA_CLIENT_H

#include "duva/engine.h"
#include "duva/link.h"
#include "duva/query.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A source of message bytes: fills buf with up to len of them and returns how
 * many, 0 at the end of the message, or less than 0 when it failed.  With buf
 * NULL it goes back to the start of the message and returns 0, or less than 0
 * when it cannot; this comes before each sending but the first. */
typedef int duva_source_fn(void *ctx, void *buf, size_t len);

/* Sends up to len octets of the message over the link itself, as sendfile()
 * does.  Returns how many, 0 for not now, or a duva_err.  The source continues
 * behind them. */
typedef int duva_direct_fn(void *ctx, duva_link *link, size_t len);

/* Adapts a message to what the server advertises (caps: DUVA_CAP_*).  Called
 * with the ctx of the source when the mail begins on a connection.  It may set
 * the size and the flags of the mail, and leaves the source at the start.
 * Returns DUVA_OK; or a duva_err, with reason and where set in mail->result:
 * the mail is then REFUSED before MAIL.  fit.h has such functions. */
typedef int duva_fit_fn(void *ctx, uint32_t caps, duva_mail *mail);

/* A source for a message in memory: set data and len, and pos to 0.  A pos
 * beyond len is the end of the message. */
typedef struct duva_memory {
    const char *data;
    size_t      len;
    size_t      pos;
} duva_memory;
int duva_memory_read(void *memory, void *buf, size_t len);

/* A mail and its message, for duva_send_mails(). */
typedef struct duva_job {
    duva_mail       mail;
    duva_source_fn *source;
    void           *source_ctx;
    duva_direct_fn *direct;    /* NULL: none; see duva_client */
    duva_fit_fn    *fit;       /* NULL: the message is sent as it is; else
                                  direct must be NULL */
} duva_job;

/* The caller sets the fields before duva_client_init() and does not change them
 * after it. */
typedef struct duva_client {
    duva_engine     engine;
    duva_link      *link;      /* connected */
    duva_tls       *tls;       /* NULL: config.tls must be DUVA_TLS_NEVER */
    const char     *host;      /* the name that a certificate must carry */
    /* Mechanisms in order of preference, ended by NULL.  The first is used that
     * the server advertises and, if it needs one, has a channel binding; when
     * there is none the session fails.  NULL: no authentication. */
    duva_sasl *const *auth;
    uint8_t         ask_auth;  /* 1: stop in DUVA_AUTH; the caller then calls
                                  duva_auth() or duva_auth_skip() */
    duva_source_fn *source;    /* of the mail that is being sent */
    void           *source_ctx;
    duva_direct_fn *direct;    /* NULL: none; used without TLS, where
                                  duva_body_direct() allows it */
    duva_fit_fn    *fit;       /* for duva_send_mail(); NULL: as in duva_job */
    /* Called by duva_step() whenever a mail may be started: returns the next
     * one, or NULL for none now.  It must not call duva_step().  NULL: not
     * called. */
    duva_job     *(*more)(void *ctx);
    void           *more_ctx;
    duva_job       *job, *job_end; /* private: jobs not yet started */
    uint32_t        mails;     /* transactions begun: see duva_send_mail() */
    uint8_t         want;      /* DUVA_CAN_*: what duva_step() waits for */
    duva_tls_info   secured;   /* out: what the handshake established */
} duva_client;

/* Sets up c->engine.  Errors: those of duva_init(), and DUVA_ERR_ARG when
 * c->link is NULL, or config asks for TLS and c->tls is NULL. */
int duva_client_init(duva_client *c, const duva_config *config, void *buf,
                     size_t len);

/* Does all that is possible without waiting.  Returns 1 when the engine is IDLE
 * or CLOSED (or in AUTH, with ask_auth), or 0 when the link must be waited for:
 * c->want has the events, duva_timeout_ms() the longest wait.  After that time
 * without an event call duva_abort(&c->engine, DUVA_ERR_TIMEOUT, 0). */
int duva_step(duva_client *c);

/* Calls duva_step() and the link's wait() until duva_step() returns 1.  Returns
 * the session's err so far: DUVA_OK in IDLE and after duva_quit().  An error of
 * the link is passed to duva_abort(). */
int duva_run(duva_client *c);

/* Sends one mail: runs the session until it is idle, starts the mail and runs
 * until it has a verdict.  Recipients that are too many for one transaction
 * (RFC 5321 4.5.3.1.10: enhanced code X.5.3, or without one 452, 552, 431 or
 * the text "too many recipients"), and those beyond LIMITS (RFC 9422), are sent
 * in further transactions; mail->result is then that of the last accepted one,
 * without its text when a rejected one followed.  When the session has had as
 * many transactions as LIMITS allows: ERR_UNSUPPORTED, OUT_OF_LIMITS, and RETRY
 * for the recipients that are left.  Returns DUVA_OK when the mail was
 * accepted, else mail->result.err; mail->result is filled also when the session
 * ended before the mail began.  DUVA_ERR_ARG also when a pointer other than
 * source_ctx is NULL: only then it is not filled. */
int duva_send_mail(duva_client *c, duva_mail *mail, duva_source_fn *source,
                   void *source_ctx);

/* Sends the mails in their order, with as many open transactions as
 * config.window and the server allow, and returns when all have a verdict.
 * Each job[i].mail.result is filled.  Deferred recipients keep RETRY.  Returns
 * DUVA_OK when all mails were accepted, else the err of the first that was not.
 * DUVA_ERR_ARG, with no result filled: c or a source is NULL, or job is NULL
 * and count is not 0. */
int duva_send_mails(duva_client *c, duva_job *job, size_t count);

/* For a mail that was not begun: sets its result, and the same verdict for each
 * recipient that is PENDING or RETRY. */
void duva_mail_never_begun(duva_mail *mail, const duva_result *why);

/* 1 when TLS was opportunistic (DUVA_TLS_IF_OFFERED) and its handshake failed,
 * or the connection was lost in it: the mail may be sent in clear on a new
 * connection (RFC 7435).  Else 0; also when a certificate was rejected, that of
 * the server or of the client. */
int duva_may_go_clear(const duva_client *c);

/* Sends one command and runs until its reply.  Returns DUVA_OK with the reply
 * in q->status; an error of duva_command(), DUVA_ERR_STATE also when the
 * session is over; or the error that ended the session. */
#if DUVA_WITH_QUERIES
int duva_ask(duva_client *c, duva_query *q);
#endif

/* Sends QUIT on a link whose engine has ended the session without it, as after
 * a reply that it cannot parse.  Discards received octets into buf, then waits
 * up to wait_ms for the reply without reading it.  The link stays open.
 * Returns DUVA_OK, DUVA_ERR_TIMEOUT when the link cannot write, or its
 * error. */
int duva_send_quit(duva_link *link, void *buf, size_t len, uint32_t wait_ms);

/* Sends QUIT when that is legal, and closes the link.  Changes no verdict.
 * Returns the session's err. */
int duva_close(duva_client *c);

#ifdef __cplusplus
}
#endif
#endif
