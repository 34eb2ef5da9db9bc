/* sasl.h - one authentication mechanism, one exchange (RFC 4422, 4954). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SASL_H
#define DUVA_SASL_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Mechanisms as bits, for what a server offers (duva_caps.auth). */
#define DUVA_AUTH_PLAIN              0x0001u /* RFC 4616 */
#define DUVA_AUTH_LOGIN              0x0002u /* in no standard */
#define DUVA_AUTH_CRAM_MD5           0x0004u /* RFC 2195 */
#define DUVA_AUTH_SCRAM_SHA_1        0x0008u /* RFC 5802 */
#define DUVA_AUTH_SCRAM_SHA_256      0x0010u /* RFC 7677 */
#define DUVA_AUTH_SCRAM_SHA_512      0x0020u
#define DUVA_AUTH_SCRAM_SHA_1_PLUS   0x0040u /* the same, bound to the TLS */
#define DUVA_AUTH_SCRAM_SHA_256_PLUS 0x0080u /* under it (RFC 5929, 9266) */
#define DUVA_AUTH_SCRAM_SHA_512_PLUS 0x0100u
#define DUVA_AUTH_OAUTHBEARER        0x0200u /* RFC 7628 */
#define DUVA_AUTH_XOAUTH2            0x0400u /* the same before it */
#define DUVA_AUTH_EXTERNAL           0x0800u /* RFC 4422 A: a certificate */
#define DUVA_AUTH_ANONYMOUS          0x1000u /* RFC 4505 */

/* What an engine must know of a mechanism. */
#define DUVA_SASL_SHOWS_PASSWORD 0x01u /* whoever reads the wire has it */
#define DUVA_SASL_BINDS          0x02u /* it needs duva_tls_info.binding */
#define DUVA_SASL_UNPROVEN       0x04u /* the server must still prove that it
                                          is the right one: 235 is refused */

/* Spans of one response. */
#define DUVA_SASL_PARTS 7

typedef struct duva_sasl duva_sasl;

/* A mechanism embeds this as its first member.
 *
 * step() reads one challenge, in base64 as the server sent it, and describes
 * the answer as up to DUVA_SASL_PARTS spans; the engine encodes and sends them
 * in pieces, so that a token of 4 KB needs no buffer of 4 KB.  challenge is
 * NULL when the initial response is asked for: whatever came before is then
 * forgotten.  Its data is NULL when it filled the engine's buffer.  Returns
 * the number of spans (0 is an empty response), DUVA_SASL_NO_INITIAL when the
 * server must speak first, or a duva_err to give up: the engine then cancels
 * the exchange with "*" and ends the session.  The spans hold until the next
 * step() or until the engine leaves AUTH; the challenge holds for the call
 * only. */
#define DUVA_SASL_NO_INITIAL (DUVA_SASL_PARTS + 1)

struct duva_sasl {
    const char *name;          /* as in EHLO: "PLAIN" */
    uint32_t    bit;           /* DUVA_AUTH_PLAIN */
    uint8_t     flags;         /* DUVA_SASL_* */
    uint8_t     rounds;        /* challenges that it answers at the most */
    uint8_t     round;         /* challenges so far; the engine counts */
    uint8_t     reason;        /* duva_reason of the err of the last step() */
    /* Set by the engine before the first step. */
    uint32_t    offered;       /* duva_caps.auth */
    const duva_tls_info *tls;  /* NULL: a readable link */
    int (*step)(duva_sasl *self, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS]);
};

/* Each init below prepares the struct for any number of exchanges, one after
 * the other.  The strings are borrowed until the engine leaves AUTH and, but
 * where it says otherwise, are sent as they stand.  Members below base may be
 * set between the init and duva_auth(). */

/* Name and password, for PLAIN (RFC 4616) and LOGIN. */
typedef struct duva_sasl_password {
    duva_sasl   base;
    const char *authzid;       /* PLAIN: act as this identity; NULL: as user */
    const char *user;
    const char *pass;
} duva_sasl_password;

void duva_sasl_plain_init(duva_sasl_password *s, const char *user,
                          const char *pass);
void duva_sasl_login_init(duva_sasl_password *s, const char *user,
                          const char *pass);

/* One name, for EXTERNAL, where the client certificate tells who we are and
 * name is whom to act as (NULL: whom it names), and ANONYMOUS, where it is a
 * trace such as a mail address (NULL: none). */
typedef struct duva_sasl_name {
    duva_sasl   base;
    const char *name;
} duva_sasl_name;

void duva_sasl_external_init(duva_sasl_name *s, const char *name);
void duva_sasl_anonymous_init(duva_sasl_name *s, const char *name);

/* Finds the access token at the moment when it is needed.  It is borrowed
 * until the engine leaves AUTH.  Returns DUVA_OK or a duva_err. */
typedef int duva_token_fn(void *ctx, duva_span *token);

/* Room for all but the token: name and host, and 32 octets around them.  What
 * does not fit is DUVA_ERR_SPACE.  Every file of the program must agree. */
#ifndef DUVA_OAUTH_SIZE
#define DUVA_OAUTH_SIZE 256
#endif

/* An OAuth 2 access token of any length (RFC 6750), for OAUTHBEARER and
 * XOAUTH2.  A refusal comes with a JSON text that says why; what of it does
 * not fit into said, or into the engine's buffer, is left out.  DUVA_ERR_ARG:
 * a token that is none (RFC 6750 2.1), or control characters in the names. */
typedef struct duva_sasl_oauth {
    duva_sasl   base;
    const char *user;          /* OAUTHBEARER: NULL or "" leaves it out */
    duva_span   token;         /* data NULL: ask get */
    duva_token_fn *get;
    void       *get_ctx;
    const char *host;          /* OAUTHBEARER: the server's name; NULL: */
    uint16_t    port;          /* left out; and port, 0: left out */
    char       *said;          /* out: that text, "" when there was none; */
    size_t      said_size;     /* control characters read '?'; NULL: unwanted */
    uint8_t     refused;       /* private, from here on */
    char        text[DUVA_OAUTH_SIZE];
} duva_sasl_oauth;

void duva_sasl_oauthbearer_init(duva_sasl_oauth *s, const char *user,
                                const char *token);
void duva_sasl_xoauth2_init(duva_sasl_oauth *s, const char *user,
                            const char *token);

#ifdef __cplusplus
}
#endif
#endif
