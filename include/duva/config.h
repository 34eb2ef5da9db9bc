/* config.h - options of a session, and capabilities of a server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CONFIG_H
#define DUVA_CONFIG_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum duva_tls_mode {
    DUVA_TLS_REQUIRED,         /* mandatory, by STARTTLS: the default */
    DUVA_TLS_IMPLICIT,         /* handshake before the greeting: port 465 */
    DUVA_TLS_IF_OFFERED,       /* opportunistic: an attacker can remove it */
    DUVA_TLS_NEVER             /* without DUVA_WITH_TLS the only one: others
                                  are ERR_ARG */
} duva_tls_mode;

/* Options, all off by default. */
#define DUVA_LOCK_STEP              0x01u /* no PIPELINING though advertised */
#define DUVA_ALLOW_CLEAR_PASSWORD   0x02u /* by AUTH without verified TLS */
#define DUVA_QUIRK_LEADING_SPACE    0x04u /* "  250 ok" is 250 */
#define DUVA_QUIRK_BARE_LF          0x08u /* LF alone ends a reply line */
#define DUVA_QUIRK_AUTH_EQUALS      0x10u /* "AUTH=LOGIN" is "AUTH LOGIN" */
#define DUVA_QUIRK_UNLISTED_AUTH    0x20u /* try a mechanism not advertised */
#define DUVA_NO_CHUNKING            0x40u /* neither BDAT nor BURL */
#if DUVA_WITH_LMTP
#define DUVA_LMTP                   0x80u /* LMTP (RFC 2033): see mail.h */
#endif

#if DUVA_TRACE
/* A piece of the conversation: a line, or a part of one, of a command or a
 * reply.  The event and its text are valid during the call only.
 *
 * A command is traced when it is written to the output buffer, in parts when it
 * does not fit; "***" stands for a secret.  The message is not traced, but the
 * end of data ("." CRLF) is.  A line of a reply is traced before it has an
 * effect, in parts when it is fed in parts; so is what follows the end of the
 * session in the same duva_feed().  When a TLS handshake is complete there is
 * one event with from 'C', stage TLS and no text. */
typedef struct duva_trace_event {
    char        from;          /* 'C': the client, 'S': the server */
    uint8_t     last;          /* 1: text ends the last line of a reply */
    uint16_t    code;          /* of a reply: the code of this line; 0: not yet
                                  known, or not that of a valid reply */
    duva_stage  stage;         /* of the command, or of the one that a reply is
                                  for.  BODY: BDAT or BURL; END: the end of
                                  data, and the reply to it, to BDAT or BURL;
                                  RSET: also the commands of query.h.  Of a
                                  reply without a command: what is done now */
    uint8_t     ends;          /* 1: text ends a line, with the line end */
    const char *text;
    size_t      len;
} duva_trace_event;

/* Called by the engine within its calls.  It must not call the engine. */
typedef void duva_trace_fn(void *ctx, const duva_trace_event *event);
#endif

/* Read by the engine as long as it lives; several engines may share one. */
typedef struct duva_config {
    const char    *name;       /* for EHLO: "host.example" or "[192.0.2.1]" */
    duva_tls_mode  tls;
    uint32_t       options;    /* DUVA_LOCK_STEP, ... */
    /* Longest waits in milliseconds, DUVA_STAGES of them; [DUVA_STAGE_END] is
     * the wait for the reply to end of data.  0 is the default, and NULL all
     * defaults.  RFC 5321 4.5.3.2: greeting, MAIL, RCPT 5 minutes, DATA 2, each
     * write of the BODY 3, END 10.  Others: TLS, EHLO, STARTTLS, AUTH, RSET 5
     * minutes, QUIT 1 second. */
    const uint32_t *timeout_ms;
#if DUVA_TRACE
    duva_trace_fn *trace;      /* NULL: none */
    void          *trace_ctx;
#endif
#if DUVA_WITH_PIPELINING
    /* Most messages that may be sent before their replies; as many are
     * UNCERTAIN when the connection is lost.  0: a mail is over before the next
     * begins.  From 1 on the next mail may begin before the reply to the last,
     * when the server advertises PIPELINING and has shown that it can take
     * that: see duva_overlap in overlap.h.  More than 1 has no effect without
     * CHUNKING. */
    uint32_t       window;
#endif
#if DUVA_WITH_STOP
    /* The session ends when this stage has succeeded, before the next command.
     * 0: never; GREETING; EHLO: the first one; TLS: with the EHLO behind it or,
     * where there is no TLS, with EHLO; AUTH: also by duva_auth_skip(); MAIL;
     * RCPT: all recipients of a mail, if it would be sent to any; or DATA.
     *
     * QUIT is sent, but not after DATA, where the connection must be closed.
     * The result of the session and of its mail is ERR_CANCELLED, STOPPED.  The
     * mail, and each recipient that was not rejected, is RETRY.  The message is
     * sent by DATA, as with DUVA_NO_CHUNKING. */
    duva_stage stop_after;
#endif
} duva_config;

/* What the server advertises: duva_caps.bits.  Of an extension that the library
 * was compiled without (profile.h) nothing is known. */
#define DUVA_CAP_EHLO       0x01u  /* supports EHLO */
#define DUVA_CAP_PIPELINING 0x02u
#define DUVA_CAP_SIZE       0x04u
#define DUVA_CAP_8BITMIME   0x08u
#define DUVA_CAP_STARTTLS   0x10u
#define DUVA_CAP_AUTH       0x20u
#define DUVA_CAP_REQUIRETLS 0x40u
#define DUVA_CAP_CHUNKING   0x80u
#define DUVA_CAP_BINARYMIME 0x100u
#define DUVA_CAP_SMTPUTF8   0x200u
#define DUVA_CAP_DSN        0x400u
#define DUVA_CAP_DELIVERBY  0x800u
#define DUVA_CAP_FUTURERELEASE 0x1000u
#define DUVA_CAP_MT_PRIORITY   0x2000u
#define DUVA_CAP_RRVS          0x4000u
#define DUVA_CAP_NO_SOLICITING 0x8000u
#define DUVA_CAP_ETRN          0x10000u
#define DUVA_CAP_LIMITS        0x20000u
#define DUVA_CAP_ENHANCEDSTATUSCODES 0x40000u
#define DUVA_CAP_BURL          0x80000u

/* The keyword of a DUVA_CAP_* bit, as EHLO has it: "SMTPUTF8". */
const char *duva_cap_name(uint32_t bit);

/* Empty until EHLO, and again after STARTTLS. */
typedef struct duva_caps {
#if DUVA_WITH_SIZE
    uint32_t size_max;         /* RFC 1870; 0 when there is no limit, or one
                                  of 4 GiB or more */
#endif
    uint32_t bits;             /* DUVA_CAP_* */
    uint32_t auth;             /* DUVA_AUTH_*: of those in sasl.h */
    /* 0 when there is no limit. */
#if DUVA_WITH_DELIVERBY
    uint32_t by_min;           /* DELIVERBY: least seconds for return */
#endif
#if DUVA_WITH_FUTURERELEASE
    uint32_t hold_max;         /* FUTURERELEASE: most seconds */
    uint64_t hold_until;       /* and last date, as digits: 20261224180000 */
#endif
#if DUVA_WITH_LIMITS
    uint32_t mail_max;         /* LIMITS (RFC 9422): mails of a session */
    uint32_t rcpt_max;         /* recipients of a mail */
    uint32_t domain_max;       /* domains of a mail: see duva_mail_start() */
#endif
} duva_caps;

#ifdef __cplusplus
}
#endif
#endif
