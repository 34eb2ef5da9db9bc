/* client.h - the engine and a link, joined. */
/* SPDX-License-Identifier: MIT */
/*
 * Everything here is made of public calls of engine.h and link.h.  Two styles,
 * one code: duva_step() for programs with an event loop of their own,
 * duva_run() for those that may block.
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

/* Sends up to len octets of the message over the link by itself, as sendfile()
 * does, and returns how many, 0 for not now, or a duva_err.  What it sent the
 * source does not give any more. */
typedef int duva_direct_fn(void *ctx, duva_link *link, size_t len);

/* Makes a message fit its server: asked, with the ctx of the source, when the
 * mail begins on a connection, with what is offered there (DUVA_CAP_*).  It may
 * set the size and the flags of the mail, and leaves the source at the start.
 * Returns DUVA_OK; or a duva_err, with reason and where of mail->result, and
 * the mail is REFUSED before anything is said of it.  fit.h has some. */
typedef int duva_fit_fn(void *ctx, uint32_t caps, duva_mail *mail);

/* A source for a message in memory: set data and len, and pos to 0.  A pos
 * behind the end is the end. */
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

/* The fields are the caller's to set before duva_client_init() and not to
 * touch after it. */
typedef struct duva_client {
    duva_engine     engine;
    duva_link      *link;      /* connected */
    duva_tls       *tls;       /* NULL: config.tls must be DUVA_TLS_NEVER */
    const char     *host;      /* the name that a certificate must carry */
    /* Mechanisms in order of preference, ended by NULL: the first that the
     * server offers, and that has a TLS to bind to if it needs one, is used;
     * when there is none the session fails.  NULL: no authentication. */
    duva_sasl *const *auth;
    uint8_t         ask_auth;  /* 1: stop in DUVA_AUTH and let the caller say
                                  duva_auth() or duva_auth_skip() */
    duva_source_fn *source;    /* of the mail that is being said */
    void           *source_ctx;
    duva_direct_fn *direct;    /* NULL: none; else used where the engine may be
                                  passed by and there is no TLS */
    duva_fit_fn    *fit;       /* for duva_send_mail(); NULL: as in duva_job */
    /* Asked by duva_step() whenever a mail may be started, between calls of
     * the engine: the next one, or NULL: none now.  NULL: nobody is asked. */
    duva_job     *(*more)(void *ctx);
    void           *more_ctx;
    duva_job       *job, *job_end; /* private: those not yet started */
    uint32_t        mails;     /* transactions begun: see duva_send_mail() */
    uint8_t         want;      /* DUVA_CAN_*: what duva_step() waits for */
    duva_tls_info   secured;   /* out: what the handshake established */
} duva_client;

/* Sets up c->engine.  Errors: those of duva_init(), and DUVA_ERR_ARG when
 * c->link is NULL, or config asks for TLS and c->tls is NULL. */
int duva_client_init(duva_client *c, const duva_config *config, void *buf,
                     size_t len);

/* Does all that can be done without waiting.  Returns 0 when the link must
 * be waited for (c->want says for what, duva_timeout_ms() how long; if
 * nothing happens, say duva_abort(&c->engine, DUVA_ERR_TIMEOUT, 0)), or 1
 * when the engine is IDLE or CLOSED (or in AUTH, with ask_auth). */
int duva_step(duva_client *c);

/* duva_step() and the link's wait(), until duva_step() says 1.  Returns the
 * session's err so far: DUVA_OK in IDLE and after duva_quit().  What a link's
 * call returns below zero goes to duva_abort() as it is. */
int duva_run(duva_client *c);

/* Sends one mail: runs the session until it is idle, starts the mail and runs
 * until it is decided.  Recipients that are too many for one transaction (RFC
 * 5321 4.5.3.1.10: enhanced code X.5.3, or without one 452, 552, 431 or those
 * words), and those beyond LIMITS (RFC 9422), are sent in further
 * transactions; mail->result is then that of the last one that was accepted,
 * without its text when a refused one followed.  A session that has had as many
 * transactions as LIMITS allows has no more: ERR_UNSUPPORTED, OUT_OF_LIMITS,
 * and RETRY for whoever is left.  Returns DUVA_OK when the mail was accepted,
 * else mail->result.err; mail->result is always filled, also when the session
 * died before the mail began.  DUVA_ERR_ARG also when a pointer but source_ctx
 * is NULL: only then it is not. */
int duva_send_mail(duva_client *c, duva_mail *mail, duva_source_fn *source,
                   void *source_ctx);

/* Sends the mails in their order, as many at a time as config.window and the
 * server allow, and returns when all are decided.  Each job[i].mail.result is
 * filled.  Recipients whom the server puts off stay RETRY.  Returns DUVA_OK
 * when all mails were accepted, else the err of the first that was not.
 * DUVA_ERR_ARG, with no result filled, when c, a source, or job is NULL, this
 * one though count is not 0. */
int duva_send_mails(duva_client *c, duva_job *job, size_t count);

/* For a mail that no server has seen: gives it that result, and its verdict to
 * each recipient who has none that is final. */
void duva_mail_never_begun(duva_mail *mail, const duva_result *why);

/* 1 when the handshake of a session that wanted TLS if offered failed, or the
 * server hung up in it: the mail may then be tried again in clear, on a new
 * connection (RFC 7435).  Not when a certificate was refused, ours or the
 * server's: who says that he is somebody else gets nothing.  Else 0. */
int duva_may_go_clear(const duva_client *c);

/* Says one command and runs until it is answered: DUVA_OK, and q->status tells;
 * the errors of duva_command(), with DUVA_ERR_STATE for a session that is over;
 * or what ended the session meanwhile.  Not there with DUVA_SMALL. */
int duva_ask(duva_client *c, duva_query *q);

/* Sends QUIT on a link whose engine has ended the session without it, as after
 * a reply that it cannot parse.  What was received is discarded into buf; then
 * it waits up to wait_ms for the reply, and does not read it.  The link stays
 * open.  Returns DUVA_OK, DUVA_ERR_TIMEOUT when the link cannot write, or its
 * error. */
int duva_send_quit(duva_link *link, void *buf, size_t len, uint32_t wait_ms);

/* Says QUIT when that is possible, and closes the link.  It changes no
 * verdict.  Returns the session's err. */
int duva_close(duva_client *c);

#ifdef __cplusplus
}
#endif
#endif
