/* proxy.h - the way through a proxy: a link over the link to the proxy. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PROXY_H
#define DUVA_PROXY_H

#include "duva/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The proxy finds the host: its name is not looked up here. */
typedef enum duva_proxy_kind {
    DUVA_PROXY_SOCKS5,         /* RFC 1928, with RFC 1929 */
    DUVA_PROXY_HTTP            /* CONNECT: RFC 9110 9.3.6, with RFC 7617 */
} duva_proxy_kind;

/* Where to, and who asks.  Zero it, then set what matters. */
typedef struct duva_proxy_route {
    duva_proxy_kind kind;
    uint16_t    port;          /* of the host */
    const char *host;          /* a name in ASCII, or an address: no zone */
    const char *user;          /* NULL: nobody logs in to the proxy */
    const char *pass;
} duva_proxy_route;

/* Room for what a proxy is told, which is longer than what it answers. */
#define DUVA_PROXY_SIZE 1408
#define DUVA_PROXY_WORDS 128

typedef struct duva_proxy {
    duva_link   link;          /* to the host, once duva_proxy_step() said 1 */
    duva_link  *under;         /* to the proxy */
    const duva_proxy_route *route;
    uint8_t     want;          /* DUVA_CAN_*: what the step waits for */
    uint8_t     reason;        /* duva_reason: what is wrong with the proxy,
                                  or none: then it is the link below */
    uint16_t    code;          /* of its refusal: REP of SOCKS, HTTP's status;
                                  else 0 */
    char        words[DUVA_PROXY_WORDS]; /* HTTP: what it said to that; '?' in
                                  place of what is not ASCII text */
    /* private */
    uint8_t     phase, awaits, line;
    int8_t      err;
    uint16_t    pos, len, need, column, heard, text;
    uint8_t     buf[DUVA_PROXY_SIZE];
} duva_proxy;

/* Sets p up over a link that is connected to the proxy, and borrows both it
 * and route until duva_proxy_step() no longer says 0.  Nothing is sent yet.
 * DUVA_ERR_ARG: a pointer is NULL, also the password of a user; kind is none;
 * or host, port, user or password cannot be said: the host is not
 * a name of letters, digits, '.', '-' and '_' nor an address, the port is 0;
 * for SOCKS user or password have not 1 to 255 octets; for HTTP they have
 * more than 255, or a control character, or the user has a colon. */
int duva_proxy_begin(duva_proxy *p, duva_link *under,
                     const duva_proxy_route *route);

/* Asks the proxy.  Returns 0 when under must be waited for (p->want says for
 * what), 1 when the way is open, or a duva_err for good, with link.cause.
 * DUVA_ERR_PROTOCOL, PROXY_STRANGE: no such proxy would say that; PROXY_LONG:
 * its answer has no end, 16 KB are enough.
 * DUVA_ERR_REJECTED, PROXY_METHOD: it knows no way to log in that is ours;
 * PROXY_LOGIN: it wants a user, or another password; PROXY_FORBIDDEN: it will
 * not connect, see code.
 * DUVA_ERR_CONNECT, PROXY_UNREACHED: it tried and could not, see code.
 * Else it is what the link below said.
 *
 * From then on all reading and writing goes through p->link, whose close()
 * closes the link below too.  What the host says in the same breath as the
 * proxy's answer is read first.  User and password are wiped from p. */
int duva_proxy_step(duva_proxy *p);

/* Octets that the host said in the same breath: while there are any, reading
 * from p->link takes them and leaves the link below alone.  Without them that
 * one leads to the host too, and p can be forgotten. */
size_t duva_proxy_left(const duva_proxy *p);

/* What happened, in English or in the proxy's own words: static, or p's. */
const char *duva_proxy_text(const duva_proxy *p);

/* The result of a mail that came no further than the proxy: RETRY, with err,
 * the link's cause, the reason with its code, and in text what it said. */
void duva_proxy_why(const duva_proxy *p, duva_err err, duva_result *why);

#ifdef __cplusplus
}
#endif
#endif
