/* way.c - turns a connection to a proxy into one to the server behind it. */
/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE

#include "types.h"

#include <stdlib.h>
#include <string.h>

struct way {
    duva_proxy_route to;
    duva_proxy       proxy;
};

/* A proxy is told a number: 0 stands for what is none. */
static uint16_t number_of(const char *port)
{
    unsigned long n = 0;

    for (; *port >= '0' && *port <= '9' && n <= 65535; port++)
        n = 10 * n + (unsigned long)(*port - '0');
    return *port == '\0' && n <= 65535 ? (uint16_t)n : 0;
}

int duva__way_plan(struct session *s)
{
    const duva_pool_route *route = s->lane->route;
    const duva_pool_proxy *proxy = route->proxy;
    struct way            *way;
    int                    err;

    if (proxy == NULL)
        return DUVA_OK;
    way = calloc(1, sizeof(*way));
    if (way == NULL) {
        s->link.link.cause = ENOMEM;
        return DUVA_ERR_RESOURCES;
    }
    way->to.kind = proxy->kind;
    way->to.host = route->host;
    way->to.port = number_of(duva__port_of(route));
    way->to.user = proxy->user;
    way->to.pass = proxy->pass;
    err = duva_proxy_begin(&way->proxy, &s->link.link, &way->to);
    s->way = way;
    return err;
}

int duva__way_step(struct session *s, uint8_t *want)
{
    const int n = duva_proxy_step(&s->way->proxy);

    *want = s->way->proxy.want;
    return n;
}

void duva__way_why(const struct session *s, int err, duva_result *why)
{
    duva_proxy_why(&s->way->proxy, (duva_err)err, why);
}

/* All else that the server says comes from the socket. */
int duva__way_left(struct session *s, void *buf, size_t len)
{
    duva_proxy *p = &s->way->proxy;
    const int   n = duva_proxy_left(p) > 0 ? p->link.ops->read(&p->link, buf,
                                                               len)
                                           : 0;

    if (duva_proxy_left(p) == 0)
        duva__way_forget(s);
    return n;
}

void duva__way_forget(struct session *s)
{
    if (s->way == NULL)
        return;
    explicit_bzero(s->way, sizeof(*s->way)); /* it may hold a password */
    free(s->way);
    s->way = NULL;
}
