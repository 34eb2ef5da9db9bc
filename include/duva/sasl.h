/* sasl.h - SASL mechanisms (RFC 4422) for AUTH (RFC 4954). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SASL_H
#define DUVA_SASL_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Mechanisms as bits, for what a server advertises (duva_caps.auth). */
#define DUVA_AUTH_PLAIN              0x0001u /* RFC 4616 */
#define DUVA_AUTH_LOGIN              0x0002u /* not standardized */
#define DUVA_AUTH_CRAM_MD5           0x0004u /* RFC 2195 */
#define DUVA_AUTH_SCRAM_SHA_1        0x0008u /* RFC 5802 */
#define DUVA_AUTH_SCRAM_SHA_256      0x0010u /* RFC 7677 */
#define DUVA_AUTH_SCRAM_SHA_512      0x0020u
#define DUVA_AUTH_SCRAM_SHA_1_PLUS   0x0040u /* with channel binding */
#define DUVA_AUTH_SCRAM_SHA_256_PLUS 0x0080u /* (RFC 5929, 9266) */
#define DUVA_AUTH_SCRAM_SHA_512_PLUS 0x0100u
#define DUVA_AUTH_OAUTHBEARER        0x0200u /* RFC 7628 */
#define DUVA_AUTH_XOAUTH2            0x0400u /* its predecessor */
#define DUVA_AUTH_EXTERNAL           0x0800u /* RFC 4422 A */
#define DUVA_AUTH_ANONYMOUS          0x1000u /* RFC 4505 */

/* duva_sasl.flags */
#define DUVA_SASL_SHOWS_PASSWORD 0x01u /* clear text: only over verified TLS */
#define DUVA_SASL_BINDS          0x02u /* requires duva_tls_info.binding */
#define DUVA_SASL_UNPROVEN       0x04u /* the server has not yet proved that it
                                          knows the password: 235 is an error */

#define DUVA_SASL_WAITS          0x08u /* its initial response waits for 334 */

/* Most spans of one response. */
#define DUVA_SASL_PARTS 7

typedef struct duva_sasl duva_sasl;

/* A mechanism has this as its first member.
 *
 * step() reads one challenge, in base64 as the server sent it, and describes
 * the response as up to DUVA_SASL_PARTS spans of plain octets.  The engine
 * encodes and sends them in pieces, so a token may be longer than its buffer.
 *
 * challenge is NULL when the initial response is wanted: the exchange starts
 * anew.  challenge->data is NULL when the challenge did not fit into the
 * engine's buffer.  The challenge is valid during the call only; the spans must
 * be valid until the next step() or until the engine leaves DUVA_AUTH.
 *
 * Returns the number of spans (0: an empty response), DUVA_SASL_NO_INITIAL when
 * the server must send the first challenge, or a duva_err: the engine then
 * cancels the exchange with "*" (RFC 4954 4) and ends the session. */
#define DUVA_SASL_NO_INITIAL (DUVA_SASL_PARTS + 1)

struct duva_sasl {
    const char *name;          /* as in EHLO: "PLAIN" */
    uint32_t    bit;           /* DUVA_AUTH_PLAIN */
    uint8_t     flags;         /* DUVA_SASL_* */
    uint8_t     rounds;        /* most challenges that it responds to */
    uint8_t     round;         /* challenges so far; set by the engine */
    uint8_t     reason;        /* duva_reason of the last error of step() */
    /* Set by the engine before the first step. */
    uint32_t    offered;       /* duva_caps.auth */
    const duva_tls_info *tls;  /* NULL: no TLS */
    int (*step)(duva_sasl *self, const duva_span *challenge,
                duva_span part[DUVA_SASL_PARTS]);
};

/* Each init below prepares a struct for any number of exchanges, one at a time.
 * The strings are borrowed until the engine leaves DUVA_AUTH, and are sent
 * unchanged unless stated otherwise.  Members below base may be set between the
 * init and duva_auth(). */

/* User name and password, for PLAIN (RFC 4616) and LOGIN. */
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

/* EXTERNAL: the client certificate authenticates; name is the authorization
 * identity (NULL: that of the certificate).  ANONYMOUS (RFC 4505): name is
 * trace information such as a mail address (NULL: none). */
typedef struct duva_sasl_name {
    duva_sasl   base;
    const char *name;
} duva_sasl_name;

void duva_sasl_external_init(duva_sasl_name *s, const char *name);
void duva_sasl_anonymous_init(duva_sasl_name *s, const char *name);

/* Gets the access token when it is needed.  It is borrowed until the engine
 * leaves DUVA_AUTH.  Returns DUVA_OK or a duva_err. */
typedef int duva_token_fn(void *ctx, duva_span *token);

/* Octets for all but the token: user name, host and 32 more.  If they do not
 * fit: DUVA_ERR_SPACE.  Every file of the program must use the same size. */
#ifndef DUVA_OAUTH_SIZE
#define DUVA_OAUTH_SIZE 256
#endif

/* A bearer token of any length (RFC 6750), for OAUTHBEARER and XOAUTH2.  When
 * the server rejects it, said gets the JSON text of the reason (RFC 7628
 * 3.2.2), truncated to said_size and to the engine's buffer.  DUVA_ERR_ARG: the
 * token is not valid (RFC 6750 2.1), or a name has control characters. */
typedef struct duva_sasl_oauth {
    duva_sasl   base;
    const char *user;          /* OAUTHBEARER: NULL or "" omits it */
    duva_span   token;         /* data NULL: call get */
    duva_token_fn *get;
    void       *get_ctx;
    const char *host;          /* OAUTHBEARER: of the server; NULL, 0: */
    uint16_t    port;          /* omitted */
    char       *said;          /* out: that text, "" without one; control */
    size_t      said_size;     /* characters become '?'; NULL: not wanted */
    uint8_t     refused;       /* private, from here on */
    char        text[DUVA_OAUTH_SIZE];
} duva_sasl_oauth;

void duva_sasl_oauthbearer_init(duva_sasl_oauth *s, const char *user,
                                const char *token);
void duva_sasl_xoauth2_init(duva_sasl_oauth *s, const char *user,
                            const char *token);

/* Overwrites a secret, also where a compiler would drop a memset() because the
 * memory is not read again. */
void duva_wipe(void *secret, size_t len);

#ifdef __cplusplus
}
#endif
#endif
