/* proxy.c - turns a link to a proxy into a link to a host behind it. */
/* SPDX-License-Identifier: MIT */
#include "duva/proxy.h"
#include "duva/sasl.h"

#include "address.h"
#include "exchange.h"
#include "http.h"
#include "socks5.h"

#include <string.h>

#define REPLY_MAX 16384u

/* ---- the link ---- */

size_t duva_proxy_left(const duva_proxy *p)
{
    return p->phase == DUVA__PROXY_OPEN ? (size_t)(p->len - p->pos) : 0;
}

static int proxy_read(duva_link *l, void *buf, size_t len)
{
    duva_proxy *p = (duva_proxy *)l;
    size_t left = duva_proxy_left(p);
    int n;

    if (left > 0) {            /* came with the proxy's reply */
        if (len < left)
            left = len;
        memcpy(buf, p->buf + p->pos, left);
        p->pos = (uint16_t)(p->pos + left);
        return (int)left;
    }
    n = p->under->ops->read(p->under, buf, len);
    l->cause = p->under->cause;
    return n;
}

static int proxy_write(duva_link *l, const void *buf, size_t len)
{
    duva_proxy *p = (duva_proxy *)l;
    const int n = p->under->ops->write(p->under, buf, len);

    l->cause = p->under->cause;
    return n;
}

static int proxy_wait(duva_link *l, unsigned can, uint32_t ms)
{
    duva_proxy *p = (duva_proxy *)l;
    int n;

    if (p->pos < p->len && (can & DUVA_CAN_READ))
        return DUVA_CAN_READ;
    n = p->under->ops->wait(p->under, can, ms);
    l->cause = p->under->cause;
    return n;
}

static void proxy_close(duva_link *l)
{
    duva_proxy *p = (duva_proxy *)l;

    p->under->ops->close(p->under);
}

/* ---- the dialogue ---- */

static int link_failed(duva_proxy *p, int err)
{
    duva_wipe(p->buf, sizeof(p->buf));
    p->pos = p->len = 0;
    p->phase = DUVA__PROXY_FAILED;
    p->code = 0;
    p->link.cause = p->under->cause;
    return p->err = (int8_t)err;
}

static int send_rest(duva_proxy *p)
{
    const int n = p->under->ops->write(p->under, p->buf + p->pos,
                                       (size_t)(p->len - p->pos));

    if (n < 0)
        return link_failed(p, n);
    p->pos = (uint16_t)(p->pos + n);
    p->want = DUVA_CAN_WRITE;
    if (p->pos < p->len)
        return n;
    duva_wipe(p->buf, sizeof(p->buf)); /* it may hold a password */
    p->pos = p->len = 0;
    p->phase = DUVA__PROXY_RECEIVING;
    return 1;
}

/* The length of a SOCKS reply is known before, that of an HTTP reply is not. */
static int receive(duva_proxy *p)
{
    const int http = p->route->kind == DUVA_PROXY_HTTP;
    const size_t room = http ? sizeof(p->buf) : (size_t)(p->need - p->len);
    const int n = p->under->ops->read(p->under, p->buf + (http ? 0 : p->len),
                                      room);

    p->want = DUVA_CAN_READ;
    if (n < 0)
        return link_failed(p, n);
    if (n == 0)
        return 0;
    p->len = (uint16_t)(http ? n : p->len + n);
    if (http)
        p->pos = 0;
    else if (p->len < p->need)
        return 1;
    p->heard = (uint16_t)(p->heard + n);
    if (p->heard > REPLY_MAX)
        return duva__proxy_fail(p, DUVA_REASON_PROXY_LONG, 0);
    return http ? duva__http_received(p) : duva__socks5_received(p);
}

int duva_proxy_step(duva_proxy *p)
{
    int n;

    while (p->phase == DUVA__PROXY_SENDING
           || p->phase == DUVA__PROXY_RECEIVING) {
        n = p->phase == DUVA__PROXY_SENDING ? send_rest(p)
                                            : receive(p);
        if (n == 0)
            return 0;
        if (n < 0)
            break;
    }
    return p->phase == DUVA__PROXY_OPEN ? 1 : p->err;
}

/* ---- begin ---- */

static int is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
}

static int is_host(const char *host)
{
    uint8_t octets[16];
    size_t len;

    if (host == NULL)
        return 0;
    if (duva__proxy_address(host, octets) > 0)
        return 1;
    for (len = 0; host[len] != '\0'; len++)
        if (!is_letter(host[len]) || len == 255)
            return 0;
    return len > 0;
}

int duva_proxy_begin(duva_proxy *p, duva_link *under,
                     const duva_proxy_route *route)
{
    static const duva_link_ops ops = {
        proxy_read, proxy_write, proxy_wait, proxy_close
    };
    const int http = route != NULL && route->kind == DUVA_PROXY_HTTP;

    if (p == NULL || under == NULL || route == NULL || route->port == 0
        || (!http && route->kind != DUVA_PROXY_SOCKS5)
        || !is_host(route->host)
        || (route->user != NULL && route->pass == NULL)
        || !(http ? duva__http_fits(route) : duva__socks5_fits(route)))
        return DUVA_ERR_ARG;
    memset(p, 0, sizeof(*p));
    p->link.ops = &ops;
    p->under = under;
    p->route = route;
    if (http)
        duva__http_begin(p);
    else
        duva__socks5_begin(p);
    return DUVA_OK;
}

/* ---- in English ---- */

/* RFC 1928 6, from 1 on. */
static const char *socks5_text(unsigned code)
{
    static const char *const text[] = {
        "general failure", "not allowed by its rules", "network unreachable",
        "host unreachable", "connection refused", "time to live expired",
        "it cannot connect", "it does not know such addresses"
    };

    return code >= 1 && code <= sizeof(text) / sizeof(text[0])
               ? text[code - 1]
               : "a failure that no standard knows";
}

const char *duva_proxy_text(const duva_proxy *p)
{
    switch (p->reason) {
    case DUVA_REASON_NONE:
        return "no error";
    case DUVA_REASON_PROXY_STRANGE:
        return "it does not answer like such a proxy";
    case DUVA_REASON_PROXY_LONG:
        return "its answer is too long";
    case DUVA_REASON_PROXY_METHOD:
        return p->route->user == NULL ? "it wants a user"
                                      : "it does not take user and password";
    case DUVA_REASON_PROXY_LOGIN:
        if (p->route->kind == DUVA_PROXY_SOCKS5)
            return "it refuses the user or the password";
        return p->words[0] != '\0' ? p->words : "it wants a user";
    default:
        if (p->route->kind == DUVA_PROXY_SOCKS5)
            return socks5_text(p->code);
        return p->words[0] != '\0' ? p->words : "it gives no reason";
    }
}

void duva_proxy_why(const duva_proxy *p, duva_err err, duva_result *why)
{
    memset(why, 0, sizeof(*why));
    why->verdict = DUVA_RETRY;
    why->err = err;
    why->cause = p->link.cause;
    why->reason = (duva_reason)p->reason;
    why->where = p->code;
    if (p->reason != DUVA_REASON_NONE)
        strncat(why->text, duva_proxy_text(p), sizeof(why->text) - 1);
}
