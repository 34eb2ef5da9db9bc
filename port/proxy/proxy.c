/* proxy.c - turns a link to a proxy into a link to a host behind it. */
/* SPDX-License-Identifier: MIT */
#include "internal.h"

#include <string.h>

#define ANSWER_MAX 16384u

enum { SAYING, HEARING, OPEN, FAILED };

/* ---- the link ---- */

size_t duva_proxy_left(const duva_proxy *p)
{
    return p->phase == OPEN ? (size_t)(p->len - p->pos) : 0;
}

static int proxy_read(duva_link *l, void *buf, size_t len)
{
    duva_proxy *p = (duva_proxy *)l;
    size_t left = duva_proxy_left(p);
    int n;

    if (left > 0) {            /* came with the proxy's answer */
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

/* ---- asking ---- */

/* In a way that no compiler leaves out. */
static void wipe(duva_proxy *p)
{
    volatile uint8_t *at = p->buf;
    size_t i;

    for (i = 0; i < sizeof(p->buf); i++)
        at[i] = 0;
}

void duva__proxy_put(duva_proxy *p, const void *data, size_t len)
{
    memcpy(p->buf + p->len, data, len);
    p->len = (uint16_t)(p->len + len);
}

void duva__proxy_put_text(duva_proxy *p, const char *text)
{
    duva__proxy_put(p, text, strlen(text));
}

void duva__proxy_say(duva_proxy *p, uint16_t need)
{
    p->phase = SAYING;
    p->need = need;
}

int duva__proxy_fail(duva_proxy *p, duva_reason reason, uint16_t code)
{
    wipe(p);
    p->pos = p->len = 0;
    p->phase = FAILED;
    p->reason = (uint8_t)reason;
    p->code = code;
    switch (reason) {
    case DUVA_REASON_PROXY_STRANGE: case DUVA_REASON_PROXY_LONG:
        return p->err = DUVA_ERR_PROTOCOL;
    case DUVA_REASON_PROXY_UNREACHED:
        return p->err = DUVA_ERR_CONNECT;
    default:
        return p->err = DUVA_ERR_REJECTED;
    }
}

int duva__proxy_done(duva_proxy *p)
{
    p->phase = OPEN;
    return 1;
}

static int below(duva_proxy *p, int err)
{
    wipe(p);
    p->pos = p->len = 0;
    p->phase = FAILED;
    p->code = 0;
    p->link.cause = p->under->cause;
    return p->err = (int8_t)err;
}

static int say(duva_proxy *p)
{
    const int n = p->under->ops->write(p->under, p->buf + p->pos,
                                       (size_t)(p->len - p->pos));

    if (n < 0)
        return below(p, n);
    p->pos = (uint16_t)(p->pos + n);
    p->want = DUVA_CAN_WRITE;
    if (p->pos < p->len)
        return n;
    wipe(p);                   /* it may have held a password */
    p->pos = p->len = 0;
    p->phase = HEARING;
    return 1;
}

/* SOCKS says beforehand how long its answers are, HTTP does not. */
static int hear(duva_proxy *p)
{
    const int http = p->route->kind == DUVA_PROXY_HTTP;
    const size_t room = http ? sizeof(p->buf) : (size_t)(p->need - p->len);
    const int n = p->under->ops->read(p->under, p->buf + (http ? 0 : p->len),
                                      room);

    p->want = DUVA_CAN_READ;
    if (n < 0)
        return below(p, n);
    if (n == 0)
        return 0;
    p->len = (uint16_t)(http ? n : p->len + n);
    if (http)
        p->pos = 0;
    else if (p->len < p->need)
        return 1;
    p->heard = (uint16_t)(p->heard + n);
    if (p->heard > ANSWER_MAX)
        return duva__proxy_fail(p, DUVA_REASON_PROXY_LONG, 0);
    return http ? duva__http_heard(p) : duva__socks5_heard(p);
}

int duva_proxy_step(duva_proxy *p)
{
    int n;

    while (p->phase == SAYING || p->phase == HEARING) {
        n = p->phase == SAYING ? say(p) : hear(p);
        if (n == 0)
            return 0;
        if (n < 0)
            break;
    }
    return p->phase == OPEN ? 1 : p->err;
}

/* ---- the beginning ---- */

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
