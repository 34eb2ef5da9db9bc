/* proxy.h - a connection through a proxy: a link over the link to it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PROXY_H
#define DUVA_PROXY_H

#include "duva/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The proxy resolves the name of the host; it is not looked up here. */
typedef enum duva_proxy_kind {
    DUVA_PROXY_SOCKS5,         /* RFC 1928, with RFC 1929 */
    DUVA_PROXY_HTTP            /* CONNECT: RFC 9110 9.3.6, with RFC 7617 */
} duva_proxy_kind;

/* The host, and the credentials for the proxy.  Zero it, then set what
 * matters. */
typedef struct duva_proxy_route {
    duva_proxy_kind kind;
    uint16_t    port;          /* of the host */
    const char *host;          /* a name in ASCII, or an address: no zone */
    const char *user;          /* NULL: no authentication */
    const char *pass;
} duva_proxy_route;

/* Octets of the longest request; replies are shorter. */
#define DUVA_PROXY_SIZE 1408
#define DUVA_PROXY_WORDS 128

typedef struct duva_proxy {
    duva_link   link;          /* to the host: see duva_proxy_step() */
    duva_link  *under;         /* to the proxy */
    const duva_proxy_route *route;
    uint8_t     want;          /* DUVA_CAN_*: what the step waits for */
    uint8_t     reason;        /* duva_reason: how the proxy failed; NONE: the
                                  link to it failed */
    uint16_t    code;          /* of a rejection: REP of SOCKS, status of HTTP;
                                  else 0 */
    char        words[DUVA_PROXY_WORDS]; /* HTTP: the text of that status, '?'
                                  in place of what is not ASCII text */
    /* private */
    uint8_t     phase, awaits, line;
    int8_t      err;
    uint16_t    pos, len, need, column, heard, text;
    uint8_t     buf[DUVA_PROXY_SIZE];
} duva_proxy;

/* Sets p up over a link that is connected to the proxy, and borrows both it
 * and route until duva_proxy_step() no longer returns 0.  Nothing is sent yet.
 * DUVA_ERR_ARG: a pointer is NULL, also the password of a user; kind is not
 * valid; or host, port, user or password cannot be sent: the host is not
 * a name of letters, digits, '.', '-' and '_' nor an address, the port is 0;
 * for SOCKS user or password have not 1 to 255 octets; for HTTP they have
 * more than 255, or a control character, or the user has a colon. */
int duva_proxy_begin(duva_proxy *p, duva_link *under,
                     const duva_proxy_route *route);

/* Continues the dialogue with the proxy.  Returns 0 when under must be waited
 * for (p->want has what for), 1 when the host is connected, or a final
 * duva_err, with link.cause:
 * DUVA_ERR_PROTOCOL: PROXY_STRANGE, a reply that is not valid; PROXY_LONG, a
 * reply of more than 16 KB.
 * DUVA_ERR_REJECTED: PROXY_METHOD, no authentication method in common;
 * PROXY_LOGIN, user missing, or user or password rejected; PROXY_FORBIDDEN, it
 * denies the connection, see code.
 * DUVA_ERR_CONNECT: PROXY_UNREACHED, it could not connect, see code.
 * Else the error of the link below.
 *
 * After 1 read and write through p->link, whose close() closes the link below
 * too.  Octets of the host that came with the proxy's last reply are read
 * first.  User and password are wiped from p. */
int duva_proxy_step(duva_proxy *p);

/* Octets of the host that came with the proxy's last reply: while there are
 * any, p->link reads them, and not the link below.  After that the link below
 * may be used without p. */
size_t duva_proxy_left(const duva_proxy *p);

/* What happened, in English or in the text of the proxy: static, or in p. */
const char *duva_proxy_text(const duva_proxy *p);

/* The result of a mail that the proxy prevented: RETRY, with err, the link's
 * cause, the reason with its code, and duva_proxy_text(). */
void duva_proxy_why(const duva_proxy *p, duva_err err, duva_result *why);

#ifdef __cplusplus
}
#endif
#endif
