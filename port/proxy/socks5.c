/* socks5.c - the dialogue of SOCKS 5 (RFC 1928). */
/* SPDX-License-Identifier: MIT */
#include "socks5.h"

#include "address.h"
#include "exchange.h"

#include <string.h>

enum { METHOD, LOGIN, REPLY, REST, ADDRESS };

enum { V5 = 5, LOGIN_V1 = 1, NO_LOGIN = 0, PASSWORD = 2, NOT_ALLOWED = 2,
       NO_COMMAND = 7, NO_ADDRESS = 8, NO_METHOD = 0xFF };

enum { IPV4 = 1, NAME = 3, IPV6 = 4 };

static int fits(const char *text)
{
    const size_t len = strlen(text);

    return len >= 1 && len <= 255;
}

int duva__socks5_fits(const duva_proxy_route *route)
{
    return route->user == NULL || (fits(route->user) && fits(route->pass));
}

static void put_octet(duva_proxy *p, unsigned octet)
{
    const uint8_t o = (uint8_t)octet;

    duva__proxy_put(p, &o, 1);
}

static void put_counted(duva_proxy *p, const char *text)
{
    put_octet(p, (unsigned)strlen(text));
    duva__proxy_put_text(p, text);
}

void duva__socks5_begin(duva_proxy *p)
{
    const int login = p->route->user != NULL;

    put_octet(p, V5);
    put_octet(p, login ? 2 : 1);
    put_octet(p, NO_LOGIN);
    if (login)
        put_octet(p, PASSWORD);
    p->awaits = METHOD;
    duva__proxy_send(p, 2);
}

static int login(duva_proxy *p)
{
    p->len = 0;
    put_octet(p, LOGIN_V1);
    put_counted(p, p->route->user);
    put_counted(p, p->route->pass);
    p->awaits = LOGIN;
    duva__proxy_send(p, 2);
    return 1;
}

/* A name is sent as it is: looking it up here would tell the resolver who is
 * contacted. */
static int request(duva_proxy *p)
{
    uint8_t octets[16];
    const size_t n = duva__proxy_address(p->route->host, octets);

    p->len = 0;
    put_octet(p, V5);
    put_octet(p, 1);           /* CONNECT */
    put_octet(p, 0);
    put_octet(p, n == 4 ? IPV4 : n == 16 ? IPV6 : NAME);
    if (n > 0)
        duva__proxy_put(p, octets, n);
    else
        put_counted(p, p->route->host);
    put_octet(p, p->route->port >> 8);
    put_octet(p, p->route->port & 0xFFu);
    p->awaits = REPLY;
    duva__proxy_send(p, 2);
    return 1;
}

static int chosen(duva_proxy *p, unsigned method)
{
    if (method == NO_METHOD)
        return duva__proxy_fail(p, DUVA_REASON_PROXY_METHOD, 0);
    if (method == PASSWORD && p->route->user != NULL)
        return login(p);
    if (method == NO_LOGIN)
        return request(p);
    return duva__proxy_fail(p, DUVA_REASON_PROXY_STRANGE, 0);
}

/* A proxy that refuses may close behind these two octets. */
static int replied(duva_proxy *p, unsigned code)
{
    if (code == NOT_ALLOWED || code == NO_COMMAND || code == NO_ADDRESS)
        return duva__proxy_fail(p, DUVA_REASON_PROXY_FORBIDDEN,
                                (uint16_t)code);
    if (code != 0)
        return duva__proxy_fail(p, DUVA_REASON_PROXY_UNREACHED,
                                (uint16_t)code);
    p->awaits = REST;
    p->need = 5;
    return 1;
}

/* The address that the proxy connects from is read and ignored. */
static int measured(duva_proxy *p)
{
    switch (p->buf[3]) {
    case IPV4:
        p->need = 4 + 4 + 2;
        break;
    case IPV6:
        p->need = 4 + 16 + 2;
        break;
    case NAME:
        p->need = (uint16_t)(4 + 1 + p->buf[4] + 2);
        break;
    default:
        return duva__proxy_fail(p, DUVA_REASON_PROXY_STRANGE, 0);
    }
    p->awaits = ADDRESS;
    return 1;
}

int duva__socks5_received(duva_proxy *p)
{
    if (p->buf[0] != (p->awaits == LOGIN ? LOGIN_V1 : V5))
        return duva__proxy_fail(p, DUVA_REASON_PROXY_STRANGE, 0);
    switch (p->awaits) {
    case METHOD:
        return chosen(p, p->buf[1]);
    case LOGIN:
        if (p->buf[1] == 0)
            return request(p);
        return duva__proxy_fail(p, DUVA_REASON_PROXY_LOGIN, 0);
    case REPLY:
        return replied(p, p->buf[1]);
    case REST:
        return measured(p);
    default:
        p->pos = p->len;
        return duva__proxy_done(p);
    }
}
