/* profile.h - what the library is made of: profiles, and switches. */
/* SPDX-License-Identifier: MIT */
/*
 * A build takes a profile, and may turn single switches on or off.  Set them on
 * the command line of the compiler, or in a file of your own that
 * DUVA_CONFIG_FILE names: -DDUVA_CONFIG_FILE='"duva_config.h"'.  All files of a
 * program must have the same.  What is off is not there to be called.
 */
#ifndef DUVA_PROFILE_H
#define DUVA_PROFILE_H

#define DUVA_CLASSIC 1         /* what the NetX Duo guide describes: AUTH PLAIN
                                  and LOGIN, one mail to one recipient */
#define DUVA_SECURE  2         /* and TLS, SCRAM, OAuth, enhanced codes, SIZE
                                  and 8BITMIME, mails and recipients */
#define DUVA_FULL    3         /* everything: the default */

#ifdef DUVA_CONFIG_FILE
#include DUVA_CONFIG_FILE
#endif

#ifndef DUVA_PROFILE
#define DUVA_PROFILE DUVA_FULL
#endif
#if DUVA_PROFILE == DUVA_CLASSIC
#define DUVA__SECURE 0
#define DUVA__FULL 0
#elif DUVA_PROFILE == DUVA_SECURE
#define DUVA__SECURE 1
#define DUVA__FULL 0
#elif DUVA_PROFILE == DUVA_FULL
#define DUVA__SECURE 1
#define DUVA__FULL 1
#else
#error "DUVA_PROFILE is none of DUVA_CLASSIC, DUVA_SECURE, DUVA_FULL"
#endif

/* ---- the engine: each is 0 or 1 ---- */

#ifndef DUVA_WITH_TLS          /* STARTTLS and implicit TLS; REQUIRETLS */
#define DUVA_WITH_TLS DUVA__SECURE
#endif
#ifndef DUVA_WITH_ENHANCED     /* duva_status.enhanced (RFC 2034); without it
                                  the code stays in the text */
#define DUVA_WITH_ENHANCED DUVA__SECURE
#endif
#ifndef DUVA_WITH_SIZE         /* the parameters SIZE and BODY of MAIL; without
                                  them octets above 127 go as they are */
#define DUVA_WITH_SIZE DUVA__SECURE
#endif
#ifndef DUVA_WITH_INITIAL      /* AUTH with an initial response (RFC 4954 4);
                                  without it the response waits for 334 */
#define DUVA_WITH_INITIAL DUVA__SECURE
#endif
#ifndef DUVA_WITH_MAILS        /* RSET, for a mail behind one that was not
                                  accepted; without it that is ERR_STATE */
#define DUVA_WITH_MAILS DUVA__SECURE
#endif
#ifndef DUVA_WITH_RECIPIENTS   /* several recipients of a mail; without it that
                                  is ERR_UNSUPPORTED, LEFT_OUT */
#define DUVA_WITH_RECIPIENTS DUVA__SECURE
#endif
#ifndef DUVA_WITH_PIPELINING   /* RFC 2920, and config.window; needs MAILS */
#define DUVA_WITH_PIPELINING DUVA__FULL
#endif
#ifndef DUVA_WITH_CHUNKING     /* RFC 3030: BDAT, BINARYMIME; needs SIZE */
#define DUVA_WITH_CHUNKING DUVA__FULL
#endif
#ifndef DUVA_WITH_SMTPUTF8     /* RFC 6531 */
#define DUVA_WITH_SMTPUTF8 DUVA__FULL
#endif
#ifndef DUVA_WITH_LIMITS       /* RFC 9422 */
#define DUVA_WITH_LIMITS DUVA__FULL
#endif
#ifndef DUVA_WITH_LMTP         /* RFC 2033; needs RECIPIENTS */
#define DUVA_WITH_LMTP DUVA__FULL
#endif
#ifndef DUVA_WITH_QUERIES      /* query.h */
#define DUVA_WITH_QUERIES DUVA__FULL
#endif
#ifndef DUVA_WITH_STOP         /* config.stop_after */
#define DUVA_WITH_STOP DUVA__FULL
#endif
#ifndef DUVA_TRACE             /* config.trace */
#define DUVA_TRACE DUVA__FULL
#endif

/* Parameters of MAIL and RCPT: see extras.h. */
#ifndef DUVA_WITH_DSN
#define DUVA_WITH_DSN DUVA__FULL
#endif
#ifndef DUVA_WITH_DELIVERBY
#define DUVA_WITH_DELIVERBY DUVA__FULL
#endif
#ifndef DUVA_WITH_FUTURERELEASE
#define DUVA_WITH_FUTURERELEASE DUVA__FULL
#endif
#ifndef DUVA_WITH_MT_PRIORITY
#define DUVA_WITH_MT_PRIORITY DUVA__FULL
#endif
#ifndef DUVA_WITH_RRVS
#define DUVA_WITH_RRVS DUVA__FULL
#endif
#ifndef DUVA_WITH_NO_SOLICITING
#define DUVA_WITH_NO_SOLICITING DUVA__FULL
#endif
#ifndef DUVA_WITH_SUBMITTER    /* AUTH= */
#define DUVA_WITH_SUBMITTER DUVA__FULL
#endif
#ifndef DUVA_WITH_BURL         /* needs CHUNKING */
#if DUVA_WITH_CHUNKING
#define DUVA_WITH_BURL DUVA__FULL
#else
#define DUVA_WITH_BURL 0
#endif
#endif
#ifndef DUVA_WITH_PARAMS       /* those that have no field */
#define DUVA_WITH_PARAMS DUVA__FULL
#endif

/* Mechanisms beside PLAIN and LOGIN: whether their names are known in EHLO. */
#ifndef DUVA_WITH_SCRAM
#define DUVA_WITH_SCRAM DUVA__SECURE
#endif
#ifndef DUVA_WITH_OAUTH
#define DUVA_WITH_OAUTH DUVA__SECURE
#endif
#ifndef DUVA_WITH_CRAM_MD5
#define DUVA_WITH_CRAM_MD5 DUVA__FULL
#endif
#ifndef DUVA_WITH_EXTERNAL
#define DUVA_WITH_EXTERNAL DUVA__FULL
#endif
#ifndef DUVA_WITH_ANONYMOUS
#define DUVA_WITH_ANONYMOUS DUVA__FULL
#endif

/* Octets for the text of a reply in a result, with the final NUL: 1 for none,
 * 4096 at most. */
#ifndef DUVA_TEXT_SIZE
#if DUVA_PROFILE == DUVA_CLASSIC
#define DUVA_TEXT_SIZE 1
#elif defined(__unix__) || defined(__APPLE__) || defined(_WIN32)
#define DUVA_TEXT_SIZE 512     /* a reply line of RFC 5321 */
#else
#define DUVA_TEXT_SIZE 128
#endif
#endif

/* The NetX Duo SMTP Client API.  1: with kept connections, recipients, bodies
 * from a function, attachments, reply_get, Date, Message-ID, priority.  0: what
 * the guide has; and TLS, where the engine and NetX Duo have it. */
#ifndef DUVA_NETX_MORE
#define DUVA_NETX_MORE DUVA__FULL
#endif

/* Commands are written while replies are due, or the message in pieces. */
#define DUVA__FLIGHT                                                           \
    (DUVA_WITH_PIPELINING || DUVA_WITH_CHUNKING || DUVA_WITH_LMTP)

#define DUVA__EXTRAS                                                           \
    (DUVA_WITH_DSN || DUVA_WITH_DELIVERBY || DUVA_WITH_FUTURERELEASE           \
     || DUVA_WITH_MT_PRIORITY || DUVA_WITH_RRVS || DUVA_WITH_NO_SOLICITING     \
     || DUVA_WITH_SUBMITTER || DUVA_WITH_BURL || DUVA_WITH_PARAMS)

/* ---- what does not go together ---- */

#if (DUVA_WITH_TLS | DUVA_WITH_ENHANCED | DUVA_WITH_SIZE | DUVA_WITH_INITIAL   \
     | DUVA_WITH_MAILS | DUVA_WITH_RECIPIENTS | DUVA_WITH_PIPELINING           \
     | DUVA_WITH_CHUNKING                                                      \
     | DUVA_WITH_SMTPUTF8 | DUVA_WITH_LIMITS | DUVA_WITH_LMTP                  \
     | DUVA_WITH_QUERIES | DUVA_WITH_STOP | DUVA_TRACE | DUVA_WITH_DSN         \
     | DUVA_WITH_DELIVERBY | DUVA_WITH_FUTURERELEASE | DUVA_WITH_MT_PRIORITY   \
     | DUVA_WITH_RRVS | DUVA_WITH_NO_SOLICITING | DUVA_WITH_SUBMITTER          \
     | DUVA_WITH_BURL | DUVA_WITH_PARAMS | DUVA_WITH_SCRAM | DUVA_WITH_OAUTH   \
     | DUVA_WITH_CRAM_MD5 | DUVA_WITH_EXTERNAL | DUVA_WITH_ANONYMOUS           \
     | DUVA_NETX_MORE) & ~1
#error "a switch of duva/profile.h is neither 0 nor 1"
#endif

#if DUVA_WITH_BURL > DUVA_WITH_CHUNKING                                        \
    || DUVA_WITH_CHUNKING > DUVA_WITH_SIZE                                     \
    || DUVA_WITH_PIPELINING > DUVA_WITH_MAILS                                  \
    || DUVA_WITH_LMTP > DUVA_WITH_RECIPIENTS
#error "BURL needs CHUNKING, that SIZE; PIPELINING MAILS; LMTP RECIPIENTS"
#endif
#if DUVA_NETX_MORE                                                             \
    && !(DUVA_WITH_ENHANCED && DUVA_WITH_SIZE && DUVA_WITH_MAILS               \
         && DUVA_WITH_RECIPIENTS && DUVA_WITH_INITIAL)
#error "DUVA_NETX_MORE needs ENHANCED, SIZE, MAILS, RECIPIENTS and INITIAL"
#endif
#if DUVA_TEXT_SIZE < 1 || DUVA_TEXT_SIZE > 4096
#error "DUVA_TEXT_SIZE must be 1 to 4096"
#endif
#if DUVA_WITH_ENHANCED && DUVA_TEXT_SIZE < 32
#error "DUVA_WITH_ENHANCED needs a DUVA_TEXT_SIZE of 32 or more"
#endif

#endif
