/* result.h - what happened, where, and what to do about it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_RESULT_H
#define DUVA_RESULT_H

#include "duva/reason.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Room for the server's words in a result, with the final NUL: 32 at least.  A
 * build may set another size; every file of the program must then agree. */
#ifndef DUVA_TEXT_SIZE
#if defined(__unix__) || defined(__APPLE__) || defined(_WIN32)
#define DUVA_TEXT_SIZE 512     /* a reply line of RFC 5321 */
#else
#define DUVA_TEXT_SIZE 128
#endif
#endif

/* 1 makes a smaller engine, for devices to which half a kilobyte of code
 * matters.  It leaves out TLS (config.tls must be DUVA_TLS_NEVER), PIPELINING,
 * CHUNKING, all parameters of MAIL and RCPT (the fields for them are not
 * there), LIMITS, duva_command(), LMTP, quirks of servers (DUVA_QUIRK_*, but
 * UNLISTED_AUTH), and duva_status.enhanced, whose code then stays in the text.
 * Nothing else changes.  Every file of the program must agree. */
#ifndef DUVA_SMALL
#define DUVA_SMALL 0
#endif

/* Why something stopped; negative, so that counts can be returned beside it. */
typedef enum duva_err {
    DUVA_OK = 0,
    DUVA_ERR_ARG = -1,         /* the caller broke the contract: see reason */
    DUVA_ERR_STATE = -2,       /* that call is not legal now */
    DUVA_ERR_SPACE = -3,       /* a buffer of the caller's is too small */
    DUVA_ERR_RESOLVE = -4,     /* host name not found: see cause */
    DUVA_ERR_CONNECT = -5,     /* no address of the host answered: see cause */
    DUVA_ERR_CLOSED = -6,      /* the server hung up; or the session had to end
                                  for the message of another mail */
    DUVA_ERR_IO = -7,          /* the network failed: see cause */
    DUVA_ERR_TIMEOUT = -8,     /* duva_timeout_ms() passed */
    DUVA_ERR_CANCELLED = -9,   /* the caller asked */
    DUVA_ERR_TLS = -10,        /* handshake or certificate: see cause */
    DUVA_ERR_PROTOCOL = -11,   /* the server broke RFC 5321: see reason */
    DUVA_ERR_UNSUPPORTED = -12,/* the server lacks what is asked: see reason */
    DUVA_ERR_REJECTED = -13,   /* the server said 4yz or 5yz: see status */
    DUVA_ERR_BODY = -14,       /* the message cannot be sent: see reason */
    DUVA_ERR_RESOURCES = -15   /* memory or descriptors ran out: see cause */
} duva_err;

/* How far the session had come. */
typedef enum duva_stage {
    DUVA_STAGE_CONNECT, DUVA_STAGE_TLS, DUVA_STAGE_GREETING, DUVA_STAGE_EHLO,
    DUVA_STAGE_STARTTLS, DUVA_STAGE_AUTH, DUVA_STAGE_IDLE, DUVA_STAGE_RSET,
    DUVA_STAGE_MAIL, DUVA_STAGE_RCPT, DUVA_STAGE_DATA, DUVA_STAGE_BODY,
    DUVA_STAGE_END, DUVA_STAGE_QUIT, DUVA_STAGES
} duva_stage;

/* What the caller should do next with a mail or a recipient. */
typedef enum duva_verdict {
    DUVA_PENDING,              /* not decided yet: please send */
    DUVA_ACCEPTED,             /* the server has taken responsibility */
    DUVA_RETRY,                /* 4yz, or never tried: send again later */
    DUVA_REFUSED,              /* 5yz: do not send again unchanged */
    DUVA_UNCERTAIN             /* lost after the final dot: may be delivered */
} duva_verdict;

/* One server reply as a plain value; all zero when the server said nothing.
 * 550 5.7.26 becomes { 550, { 5, 7, 26 }, stage }.  enhanced holds class,
 * subject and detail (RFC 3463); it is all zero when there was none, or one
 * that contradicts the reply code. */
typedef struct duva_status {
    uint16_t code;
    uint16_t enhanced[3];
    uint16_t stage;            /* duva_stage */
} duva_status;

/* The full story of one mail or one session.  Owned by the caller; safe to
 * copy and to keep after the engine is gone. */
typedef struct duva_result {
    duva_verdict verdict;      /* what should I do? */
    duva_err     err;          /* why? */
    duva_reason  reason;       /* why, exactly? */
    uint32_t     where;        /* and where: see duva_reason */
    int32_t      cause;        /* errno, NX_*, a TLS code: for logs only */
    duva_status  status;       /* the reply that decided it */
    uint8_t      fell_back;    /* 1: TLS failed and was not required: this is of
                                  a second connection, in clear (RFC 7435) */
    /* That reply's text without its codes, cut to fit; lines of a long reply
     * are parted by '\n'.  Other control characters are replaced by '?'. */
    char         text[DUVA_TEXT_SIZE];
} duva_result;

/* Bytes somewhere else; whoever hands out a span says how long it holds. */
typedef struct duva_span {
    const void *data;
    size_t      len;
} duva_span;

/* What a handshake established.  Valid as long as the connection. */
typedef struct duva_tls_info {
    uint8_t     verified;      /* chain and host name were checked */
    uint8_t     resumed;       /* with a session of before */
    const char *protocol;      /* "TLSv1.3"; static, or NULL */
    const char *cipher;        /* the library's name of it; static, or NULL */
    /* What binds a SASL exchange to this TLS: "tls-exporter" (RFC 9266) or
     * "tls-server-end-point" (RFC 5929), or NULL.  Held until close(). */
    const char *binding_type;
    duva_span   binding;
} duva_tls_info;

/* English for logs and people: static strings, never NULL. */
const char *duva_err_text(duva_err err);
/* One word each for programs: "rejected"; "ok" when there is none. */
const char *duva_err_name(duva_err err);
const char *duva_stage_name(duva_stage stage);
const char *duva_verdict_name(duva_verdict verdict);
/* The keyword of a DUVA_CAP_* bit, as EHLO has it: "SMTPUTF8". */
const char *duva_cap_name(uint32_t bit);

#ifdef __cplusplus
}
#endif
#endif
