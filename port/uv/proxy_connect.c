/* proxy_connect.c - the dialogue with a proxy on a new connection. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "proxy_connect.h"

#include "destination.h"

#include <stdlib.h>
#include <string.h>

struct proxy_connect {
    duva_proxy_route to;
    duva_proxy proxy;
};

/* 0: not a port number. */
static uint16_t number_of(const char *port)
{
    unsigned long n = 0;

    for (; *port >= '0' && *port <= '9' && n <= 65535; port++)
        n = 10 * n + (unsigned long)(*port - '0');
    return *port == '\0' && n <= 65535 ? (uint16_t)n : 0;
}

int duva__proxy_connect_prepare(struct session *s)
{
    const duva_pool_route *route = s->queue->route;
    const duva_pool_proxy *proxy = route->proxy;
    struct proxy_connect *connect;
    int err;

    if (proxy == NULL)
        return DUVA_OK;
    connect = calloc(1, sizeof(*connect));
    if (connect == NULL) {
        s->link.link.cause = ENOMEM;
        return DUVA_ERR_RESOURCES;
    }
    connect->to.kind = proxy->kind;
    connect->to.host = route->host;
    connect->to.port = number_of(duva__port_of(route));
    connect->to.user = proxy->user;
    connect->to.pass = proxy->pass;
    err = duva_proxy_begin(&connect->proxy, &s->link.link, &connect->to);
    s->proxy = connect;
    return err;
}

int duva__proxy_connect_step(struct session *s, uint8_t *want)
{
    const int n = duva_proxy_step(&s->proxy->proxy);

    *want = s->proxy->proxy.want;
    return n;
}

void duva__proxy_connect_why(const struct session *s, int err, duva_result *why)
{
    duva_proxy_why(&s->proxy->proxy, (duva_err)err, why);
}

/* What follows is read from the socket. */
int duva__proxy_connect_left(struct session *s, void *buf, size_t len)
{
    duva_proxy *p = &s->proxy->proxy;
    const int n
        = duva_proxy_left(p) > 0 ? p->link.ops->read(&p->link, buf, len) : 0;

    if (duva_proxy_left(p) == 0)
        duva__proxy_connect_forget(s);
    return n;
}

void duva__proxy_connect_forget(struct session *s)
{
    if (s->proxy == NULL)
        return;
    duva_wipe(s->proxy, sizeof(*s->proxy)); /* it may hold a password */
    free(s->proxy);
    s->proxy = NULL;
}
