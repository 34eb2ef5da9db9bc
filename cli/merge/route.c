/* route.c - a first session into a route for the connections of a pool. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "login/auth.h"
#include "merge/route.h"
#include "modules/module.h"
#include "session/proxy.h"
#include "session/session.h"
#include "session/tls.h"
#include "system/guard.h"
#include "trace/connection_chart.h"
#include "trace/trace.h"

/* The TLS adapter and mechanism of one connection. */
struct connection_context {
    struct cli_tls  tls;
    const struct cli_session_options *options;
    int           (*handshake)(duva_tls *t, duva_link *under, const char *host,
                               duva_tls_info *info); /* of the adapter */
    struct cli_auth auth;
    duva_sasl      *list[2];
};

static void free_context(void *route, duva_pool_context *context)
{
    struct connection_context *o = context->own;

    (void)route;
    cli_tls_close(&o->tls);
    cli_wipe(o, sizeof(*o));
    free(o);
}

/* The fingerprint is checked on each connection. */
static int check_handshake(duva_tls *t, duva_link *under, const char *host,
                           duva_tls_info *info)
{
    struct connection_context *o = (struct connection_context *)t;
    int            n = o->handshake(t, under, host, info);

    if (n != 1)
        return n;
    n = cli_tls_has_fingerprint(&o->tls, o->options->fingerprint);
    if (n != 0)
        return n;
    t->reason = DUVA_REASON_CERT_PIN;
    return DUVA_ERR_TLS;
}

static int open_tls(struct connection_context *o, const struct cli_tls *like)
{
    duva_tls *t = &o->tls.adapter.tls;

    const int err = cli_module_tls()->init_like(&o->tls.adapter, &like->adapter,
                                                &o->options->tls);

    if (err != DUVA_OK)
        return err;
    o->tls.ready = 1;
    if (o->options->fingerprint_given) {
        o->handshake = t->handshake;
        t->handshake = check_handshake;
    }
    return DUVA_OK;
}

static int make_context(void *route, duva_pool_context *context)
{
    struct cli_route *r = route;
    struct cli_credentials c;
    struct connection_context *o = calloc(1, sizeof(*o));
    int               err;

    if (o == NULL)
        return DUVA_ERR_RESOURCES;
    context->own = o;
    o->options = r->session->options;
    if (r->to.config.tls != DUVA_TLS_NEVER) {
        err = open_tls(o, &r->session->tls);
        if (err != DUVA_OK) {
            free_context(route, context);
            return err;
        }
        context->tls = &o->tls.adapter.tls;
    }
    if (r->session->login.auth.mechanism != 0) {
        cli_session_credentials(r->session, &c);
        err = cli_auth_init(&o->auth, r->session->login.auth.mechanism, &c);
        if (err != DUVA_OK) {
            free_context(route, context);
            return err;
        }
        o->list[0] = &o->auth.with.base;
        context->auth = o->list;
    }
    return DUVA_OK;
}

static void note_event(void *route, uint64_t connection, duva_pool_event event,
                       const duva_pool_mail *mail)
{
    struct cli_route *r = route;

    cli_connection_chart_note(r->chart, connection, event, mail);
}

static void begin_chart(struct cli_route *r)
{
    cli_connection_chart_start(r->chart, r->session->listeners.timeline.start);
    r->to.watch = note_event;
}

static void set_proxy(struct cli_route *r)
{
    const struct cli_proxy *p = &r->session->options->proxy;

    if (!p->given)
        return;
    r->proxy.kind = (duva_proxy_kind)p->kind;
    r->proxy.host = p->host;
    r->proxy.port = p->port;
    if (p->user[0] != '\0') {
        r->proxy.user = p->user;
        r->proxy.pass = r->session->login.proxy_secret;
    }
    r->to.proxy = &r->proxy;
}

/* A server on this machine was trusted without TLS, so later connections go to
 * the same address, even if the name resolves to another one by then.  Returns
 * that address, or NULL. */
static const char *own_address(struct cli_route *r,
                               const struct cli_session *s)
{
    char *text = r->address, *colon;

    if (s->config.tls != DUVA_TLS_NEVER || r->session->options->proxy.given
        || !duva_posix_is_loopback(&s->link.under)
        || duva_posix_peer(&s->link.under, text, sizeof(r->address)) != DUVA_OK
        || (colon = strrchr(text, ':')) == NULL)
        return NULL;
    colon[text[0] == '[' ? -1 : 0] = '\0';
    return text[0] == '[' ? text + 1 : text;
}

/* A trace permits one connection only: lines of several would be mixed. */
static void configure(struct cli_route *r, const struct cli_session *s)
{
    if (r->to.host == NULL)
        r->to.host = s->options->server.host;
    r->to.port = s->options->server.port;
    r->to.tls_host = s->options->tls_name;
    r->to.config = s->config;
    if (s->fingerprint_matched && r->to.config.tls != DUVA_TLS_IMPLICIT)
        r->to.config.tls
            = DUVA_TLS_REQUIRED; /* the first session has shown it */
    r->to.config.trace = NULL;
    if (s->listeners.traces) {
        r->to.config.trace = cli_trace_hear;
        r->to.config.trace_ctx = &r->session->listeners.trace;
        r->to.connections = 1;
    }
    r->to.make = make_context;
    r->to.unmake = free_context;
    r->to.ctx = r;
}

int cli_route_open(struct cli_route *r, struct cli_session *s)
{
    int ready;

    r->session = s;
    if (cli_session_open(s) != 0)
        return -1;
    cli_session_login(s);
    ready = duva_next(&s->client.engine) == DUVA_IDLE;
    r->caps = duva_server(&s->client.engine)->bits;
    r->may = UINT32_MAX;
    if (s->options->no_chunking)
        r->may &= ~(uint32_t)DUVA_CAP_CHUNKING;
    r->caps &= r->may;
    s->outcome->mail.result = *duva_outcome(&s->client.engine);
    r->to.host = own_address(r, s);
    cli_session_close(s);
    configure(r, s);
    set_proxy(r);
    if (ready && r->chart != NULL)
        begin_chart(r);
    return ready ? 0 : -1;
}
