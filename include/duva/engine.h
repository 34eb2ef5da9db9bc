/* engine.h - the SMTP client protocol, and nothing else. */
/* SPDX-License-Identifier: MIT */
/*
 * The engine never touches a socket, a clock, a heap or a global.  Bytes go
 * in with duva_feed(), bytes come out of duva_pending(); in between,
 * duva_next() says the one thing that the engine needs now:
 *
 *     for (;;) switch (duva_next(e)) {
 *     case DUVA_SEND: p = duva_pending(e, &n); ... duva_sent(e, taken); break;
 *     case DUVA_RECV: n = read(...);           duva_feed(e, buf, n);    break;
 *     case DUVA_TLS:  ... handshake ...        duva_tls_done(e, &info); break;
 *     case DUVA_AUTH:                          duva_auth(e, &m.base);   break;
 *     case DUVA_BODY: p = duva_room(e, &n);    ... duva_filled(e, got); break;
 *     case DUVA_IDLE: duva_mail_start(e, &mail)   or   duva_quit(e);    break;
 *     case DUVA_CLOSED: return;
 *     }
 *
 * Rules.  Feeding is legal in every state but CLOSED: a server may speak at
 * any time, and one that cannot be written to must be read.  The first error
 * of a session is the one that stays.  One thread at a time in an engine;
 * engines share nothing.
 */
#ifndef DUVA_ENGINE_H
#define DUVA_ENGINE_H

#include "duva/config.h"
#include "duva/engine_state.h"
#include "duva/mail.h"
#include "duva/result.h"
#include "duva/sasl.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The smallest output buffer.  Commands and messages pass through it in
 * pieces, replies need none; a SASL challenge in base64 must be shorter. */
#define DUVA_BUFFER_MIN 64

typedef enum duva_need {       /* in order of urgency */
    DUVA_CLOSED,               /* over: see duva_outcome() */
    DUVA_SEND,                 /* bytes are waiting; when there is room for
                                  more of the message, BODY comes first */
    DUVA_TLS,                  /* handshake on this same connection */
    DUVA_AUTH,                 /* duva_auth() or duva_auth_skip() */
    DUVA_BODY,                 /* the next piece of the message */
    DUVA_IDLE,                 /* ready for a mail or for quit */
    DUVA_RECV                  /* nothing to do but wait for the server */
} duva_need;

/* Calls return DUVA_OK or a duva_err; a call that returns DUVA_ERR_ARG or
 * DUVA_ERR_STATE has changed nothing in the engine.
 *
 * buf is the output buffer, DUVA_BUFFER_MIN octets or more; it, config and
 * what they point to must outlive the engine.  ERR_ARG: NULL, a name that
 * duva_name_check() rejects, a tls that is none or was compiled out, a
 * stop_after that no session can stop after.  ERR_SPACE: buf is too small.
 * There is no destroy: forget the memory. */
int duva_init(duva_engine *e, const duva_config *config, void *buf, size_t len);

duva_need duva_next(const duva_engine *e);
/* Bytes from the server, in pieces of any size.  Takes all of them.  Returns
 * DUVA_OK also when they end the session: duva_next() tells.  ERR_STATE:
 * CLOSED. */
int duva_feed(duva_engine *e, const void *data, size_t len);

/* Bytes for the server.  The pointer holds until duva_sent(), which says how
 * many of them the link took; fewer than offered is fine. */
const void *duva_pending(const duva_engine *e, size_t *len);
void        duva_sent(duva_engine *e, size_t len);

/* In DUVA_BODY: write up to *len octets of the message at the pointer, then
 * say how many (ERR_ARG: more than that).  Line ends may be LF or CRLF; they
 * and the dots are the engine's business.  duva_body_end(): it is complete.
 * duva_filled() returns DUVA_ERR_BODY for what must not be sent (a lone CR, a
 * NUL, a line over 998 octets; an octet above 127 to a server without 8BITMIME:
 * NOT_ASCII); the session is then CLOSED without an end of data, so that the
 * server drops the message, and the mail is REFUSED. */
void *duva_room(duva_engine *e, size_t *len);
int   duva_filled(duva_engine *e, size_t len);
int   duva_body_end(duva_engine *e);

/* In DUVA_BODY, of a message that goes by BDAT and needs no change
 * (DUVA_MAIL_AS_IS or _BINARY, with _EXACT): how many octets of it may be sent
 * past the engine, from where they are; 0 otherwise.  Then say how
 * many the link took (ERR_ARG: more than that); with the last of them the
 * message is complete. */
#if DUVA_WITH_CHUNKING
size_t duva_body_direct(const duva_engine *e);
int    duva_body_directed(duva_engine *e, size_t len);
#endif

/* In DUVA_TLS: the handshake has succeeded.  All that was learned in the
 * clear is forgotten.  When info says that nobody verified the server, the
 * link counts as readable: see duva_auth().  info is borrowed as long as the
 * session lives. */
#if DUVA_WITH_TLS
int duva_tls_done(duva_engine *e, const duva_tls_info *info);

/* Any time: TLS failed.  As duva_abort(), with the adapter's reason. */
void duva_tls_failed(duva_engine *e, duva_reason reason, int32_t cause);
#endif

/* In DUVA_AUTH, which comes once after EHLO whatever the server offers: look
 * at duva_server() and choose.  The mechanism must stay put until the engine
 * leaves AUTH.  A mechanism that is not offered (NO_AUTH), that shows the
 * password on a link without verified TLS (CLEAR_LINK), or that has nothing
 * to bind to (NO_BINDING) is DUVA_ERR_UNSUPPORTED and ends the session.  So
 * does one that gives up by itself, with its err and reason.  ERR_ARG: no
 * mechanism. */
int duva_auth(duva_engine *e, duva_sasl *mechanism);
int duva_auth_skip(duva_engine *e);

/* In DUVA_IDLE.  Sends to each recipient whose verdict is PENDING or RETRY and
 * skips the others: starting the same mail again is the retry, but not while
 * it is under way.  The mail is borrowed until its result.verdict is no longer
 * PENDING.  ERR_ARG: an address cannot be said, mail->result tells which and
 * why; or it is for all or nobody, and a recipient is REFUSED (NO_RECIPIENT).
 * ERR_UNSUPPORTED: the server would not take it (TOO_BIG, OUT_OF_LIMITS), or
 * not as it must be sent (NOT_OFFERED); the mail is REFUSED and the engine
 * idle.  Recipients beyond what LIMITS has stay out of this
 * transaction and become RETRY at once, without a status; a mail that is for
 * all or nobody is OUT_OF_LIMITS then.  RSET goes out first when the last mail
 * left a transaction open. */
int duva_mail_start(duva_engine *e, duva_mail *mail);

/* 1: duva_mail_start() is legal.  With config.window also between an end of
 * data and its reply, as overlap.h says: asked before the octets of DUVA_SEND
 * are taken, the next mail goes into the same write (RFC 2920 3.1). */
#if !DUVA_WITH_PIPELINING
#define duva_may_start(e)                                                      \
    (duva_next(e) == DUVA_IDLE && (DUVA_WITH_MAILS || !(e)->open))
#define duva_speaking(e) ((e)->heard.mail)
#else
int duva_may_start(const duva_engine *e);

/* The mail whose message DUVA_BODY wants: the last one started; or NULL. */
duva_mail *duva_speaking(const duva_engine *e);
#endif

/* In DUVA_IDLE or DUVA_AUTH.  What the server answers changes nothing. */
int duva_quit(duva_engine *e);

/* Any time: timeout, hang-up, cancel, link error.  Ends in DUVA_CLOSED; a
 * mail whose final dot was sent becomes UNCERTAIN, an earlier one RETRY. */
void duva_abort(duva_engine *e, duva_err why, int32_t cause);

/* The longest that the present wait should last, in milliseconds; 0 in IDLE,
 * where nothing is awaited. */
uint32_t           duva_timeout_ms(const duva_engine *e);
duva_stage         duva_where(const duva_engine *e);
const duva_caps   *duva_server(const duva_engine *e);
/* The session as a whole.  err stays DUVA_OK when it ended with our QUIT.
 * verdict is what to do with a mail that it had not begun. */
const duva_result *duva_outcome(const duva_engine *e);
/* The result of a mail that was not begun when the session ended, or was not
 * the one that ended it: that of the session; but the message of another mail
 * (ERR_BODY) is ERR_CLOSED for this one. */
void duva_outcome_for_others(const duva_engine *e, duva_result *result);
/* What duva_init() was given. */
const duva_config *duva_config_of(const duva_engine *e);

#ifdef __cplusplus
}
#endif
#endif
