/* route.c - one visit to a server into a route for many connections. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdlib.h>
#include <string.h>

#include "module.h"
#include "route.h"

/* What one connection has for itself. */
struct outfit {
    cli_adapter     adapter;
    uint8_t         has_adapter;
    struct cli_auth auth;
    duva_sasl      *list[2];
};

static void unmake(void *route, duva_kit *kit)
{
    struct outfit *o = kit->own;

    (void)route;
    if (o->has_adapter)
        cli_module_tls()->free(&o->adapter);
    cli_wipe(o, sizeof(*o));
    free(o);
}

static int make(void *route, duva_kit *kit)
{
    struct cli_route *r = route;
    struct outfit    *o = calloc(1, sizeof(*o));

    if (o == NULL)
        return DUVA_ERR_SPACE;
    kit->own = o;
    if (r->to.config.tls != DUVA_TLS_NEVER) {
        if (cli_module_tls()->init_like(&o->adapter, &r->job->tls.adapter,
                                        &r->job->options.access.tls)
            != DUVA_OK) {
            unmake(route, kit);
            return DUVA_ERR_TLS;
        }
        o->has_adapter = 1;
        kit->tls = &o->adapter.tls;
    }
    if (r->job->auth.mechanism != 0) {
        cli_auth_init(r->job, &o->auth, r->job->auth.mechanism);
        o->list[0] = &o->auth.with.base;
        kit->auth = o->list;
    }
    return DUVA_OK;
}

static void take_proxy(struct cli_route *r)
{
    const struct cli_proxy *p = &r->job->options.access.proxy;

    if (!p->given)
        return;
    r->proxy.kind = (duva_proxy_kind)p->kind;
    r->proxy.host = p->host;
    r->proxy.port = p->port;
    if (p->user[0] != '\0') {
        r->proxy.user = p->user;
        r->proxy.pass = r->job->proxy_secret;
    }
    r->to.proxy = &r->proxy;
}

/* The lines of many conversations could not be told apart. */
static void configure(struct cli_route *r, const struct cli_session *s)
{
    struct cli_job *job = r->job;

    r->to.host = job->options.access.server.host;
    r->to.port = job->options.access.server.port;
    r->to.config = s->config;
    r->to.config.trace = NULL;
    if (job->options.access.trace) {
        r->to.config.trace = cli_trace_piece;
        r->to.config.trace_ctx = &job->trace;
        r->to.connections = 1;
    }
    r->to.make = make;
    r->to.unmake = unmake;
    r->to.ctx = r;
}

int cli_route_open(struct cli_route *r, struct cli_job *job)
{
    static struct cli_session s;
    int ready;

    r->job = job;
    if (cli_session_open(job, &s) != 0)
        return -1;
    cli_session_login(&s);
    ready = duva_next(&s.client.engine) == DUVA_IDLE;
    r->caps = duva_server(&s.client.engine)->bits;
    if (job->options.no_chunking)
        r->caps &= ~(uint32_t)DUVA_CAP_CHUNKING;
    job->mail.result = *duva_outcome(&s.client.engine);
    cli_session_close(&s);
    configure(r, &s);
    take_proxy(r);
    return ready ? 0 : -1;
}
