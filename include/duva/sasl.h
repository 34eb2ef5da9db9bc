/* sasl.h - one authentication mechanism, one exchange (RFC 4422, 4954). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SASL_H
#define DUVA_SASL_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Mechanisms as bits, for what a server offers (duva_caps.auth). */
#define DUVA_AUTH_PLAIN 0x01u
#define DUVA_AUTH_LOGIN 0x02u

/* What an engine must know of a mechanism. */
#define DUVA_SASL_SHOWS_PASSWORD 0x01u /* whoever reads the wire has it */

/* Spans of one response. */
#define DUVA_SASL_PARTS 5

typedef struct duva_sasl duva_sasl;

/* A mechanism embeds this as its first member.
 *
 * step() reads one challenge, in base64 as the server sent it, and describes
 * the answer as up to DUVA_SASL_PARTS spans; the engine encodes and sends them
 * in pieces, so that a token of 4 KB needs no buffer of 4 KB.  challenge is
 * NULL when the initial response is asked for; its data is NULL when it
 * filled the engine's buffer.  Returns the number of spans (0 is an empty
 * response), DUVA_SASL_NO_INITIAL when the server must speak first, or a
 * duva_err to give up.  The spans hold until the next step() or until the
 * engine leaves AUTH; the challenge holds for the call only. */
#define DUVA_SASL_NO_INITIAL (DUVA_SASL_PARTS + 1)

struct duva_sasl {
    const char *name;          /* as in EHLO: "PLAIN" */
    uint32_t    bit;           /* DUVA_AUTH_PLAIN */
    uint8_t     flags;         /* DUVA_SASL_* */
    uint8_t     rounds;        /* challenges that it answers at the most */
    uint8_t     round;         /* challenges so far; the engine counts */
    int (*step)(duva_sasl *self, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS]);
};

/* Name and password, for PLAIN (RFC 4616) and LOGIN.  The strings are
 * borrowed until the engine leaves AUTH, and are sent as they stand. */
typedef struct duva_sasl_password {
    duva_sasl   base;
    const char *authzid;       /* PLAIN: act as this identity; NULL: as user */
    const char *user;
    const char *pass;
} duva_sasl_password;

/* Each prepares the struct for one exchange; call it again for the next. */
void duva_sasl_plain_init(duva_sasl_password *s, const char *user,
                          const char *pass);
void duva_sasl_login_init(duva_sasl_password *s, const char *user,
                          const char *pass);

#ifdef __cplusplus
}
#endif
#endif
