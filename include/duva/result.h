/* result.h - verdict, error and reply of a mail or a session. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_RESULT_H
#define DUVA_RESULT_H

#include "duva/reason.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Error codes.  They are negative, so that a call can return a count or an
 * error. */
typedef enum duva_err {
    DUVA_OK = 0,
    DUVA_ERR_ARG = -1,         /* wrong argument: see reason */
    DUVA_ERR_STATE = -2,       /* the call is not legal in this state */
    DUVA_ERR_SPACE = -3,       /* a buffer of the caller is too small */
    DUVA_ERR_RESOLVE = -4,     /* host name not found: see cause */
    DUVA_ERR_CONNECT = -5,     /* no connection to any address: see cause */
    DUVA_ERR_CLOSED = -6,      /* the server closed the connection; or the
                                  session ended for another mail's message */
    DUVA_ERR_IO = -7,          /* the network failed: see cause */
    DUVA_ERR_TIMEOUT = -8,     /* duva_timeout_ms() passed */
    DUVA_ERR_CANCELLED = -9,   /* cancelled by the caller */
    DUVA_ERR_TLS = -10,        /* handshake or certificate: see reason, cause */
    DUVA_ERR_PROTOCOL = -11,   /* the server violated RFC 5321: see reason */
    DUVA_ERR_UNSUPPORTED = -12,/* not supported by the server: see reason */
    DUVA_ERR_REJECTED = -13,   /* the reply was 4yz or 5yz: see status */
    DUVA_ERR_BODY = -14,       /* the message cannot be sent: see reason */
    DUVA_ERR_RESOURCES = -15   /* memory or descriptors ran out: see cause */
} duva_err;

/* The stage of a session: what a reply belongs to, or was awaited for. */
typedef enum duva_stage {
    DUVA_STAGE_CONNECT, DUVA_STAGE_TLS, DUVA_STAGE_GREETING, DUVA_STAGE_EHLO,
    DUVA_STAGE_STARTTLS, DUVA_STAGE_AUTH, DUVA_STAGE_IDLE, DUVA_STAGE_RSET,
    DUVA_STAGE_MAIL, DUVA_STAGE_RCPT, DUVA_STAGE_DATA, DUVA_STAGE_BODY,
    DUVA_STAGE_END, DUVA_STAGE_QUIT, DUVA_STAGES
} duva_stage;

/* What the caller should do with a mail or a recipient. */
typedef enum duva_verdict {
    DUVA_PENDING,              /* not decided yet: send it */
    DUVA_ACCEPTED,             /* the server is responsible (RFC 5321 6.1) */
    DUVA_RETRY,                /* deferred (4yz), or not tried: send later */
    DUVA_REFUSED,              /* rejected (5yz): do not send it unchanged */
    DUVA_UNCERTAIN             /* the connection was lost after end of data:
                                  may be delivered (RFC 1047) */
} duva_verdict;

/* A reply as a plain value: 550 5.7.26 becomes { 550, { 5, 7, 26 }, stage }.
 * code is 0 when there was no reply.  enhanced holds class, subject and detail
 * (RFC 3463); it is all zero when there was none, or one that contradicts the
 * reply code. */
typedef struct duva_status {
    uint16_t code;
#if DUVA_WITH_ENHANCED
    uint16_t enhanced[3];
#endif
    uint16_t stage;            /* duva_stage */
} duva_status;

/* The result of one mail or one session.  The caller owns it; it points to
 * nothing and may be copied and kept. */
typedef struct duva_result {
    duva_verdict verdict;      /* what to do */
    duva_err     err;          /* why */
    duva_reason  reason;       /* its detail */
    uint32_t     where;        /* position, recipient or bit: see duva_reason */
    int32_t      cause;        /* errno, NX_* or TLS code: for logs only */
    duva_status  status;       /* the reply that decided it */
    uint8_t      fell_back;    /* 1: TLS failed and was opportunistic: this is
                                  of a second connection, in clear (RFC 7435) */
    /* Text of that reply without its codes, truncated; lines are separated by
     * '\n', other control characters are replaced by '?'. */
    char         text[DUVA_TEXT_SIZE];
} duva_result;

/* A borrowed range of octets.  How long it is valid stands at the function that
 * returns it. */
typedef struct duva_span {
    const void *data;
    size_t      len;
} duva_span;

/* What a TLS handshake negotiated.  Valid as long as the connection. */
typedef struct duva_tls_info {
    uint8_t     verified;      /* 1: chain, dates and host name were checked */
    uint8_t     resumed;       /* 1: the session was resumed */
    const char *protocol;      /* "TLSv1.3"; static, or NULL */
    const char *cipher;        /* the library's name of it; static, or NULL */
    /* Channel binding for SASL: "tls-exporter" (RFC 9266) or
     * "tls-server-end-point" (RFC 5929), or NULL.  Valid until close(). */
    const char *binding_type;
    duva_span   binding;
} duva_tls_info;

/* English for logs and users: static strings, never NULL. */
const char *duva_err_text(duva_err err);
/* A fixed word for programs, such as "rejected"; "ok" for DUVA_OK. */
const char *duva_err_name(duva_err err);
const char *duva_stage_name(duva_stage stage);
const char *duva_verdict_name(duva_verdict verdict);

#ifdef __cplusplus
}
#endif
#endif
