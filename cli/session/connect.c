/* connect.c - host and port into a connection, through a proxy or not. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>

#include "session/connect.h"
#include "session/listen.h"
#include "session/proxy.h"
#include "system/clock.h"
#include "system/signals.h"
#include "trace/timeline.h"

#define CONNECT_MS 30000u

/* Milliseconds left of --timeout, 1 at least: 0 would mean no limit. */
static uint32_t time_left(const struct cli_session *s)
{
    const int64_t end
        = s->outcome->start + (int64_t)s->options->timeout_s * 1000;
    const int64_t left = end - cli_now();

    return left > 0 ? (uint32_t)left : 1;
}

static void note_connection(struct cli_session *s)
{
    char text[2 * DUVA_POSIX_NAME_SIZE + 32];

    snprintf(text, sizeof(text),
             s->options->proxy.given ? "connected through %s (to %s)"
                                     : "connected to %s (%s)",
             s->connection.peer, s->options->server.host);
    cli_session_note(s, text);
}

static void mark_connection(struct cli_timeline *t, const duva_posix *l,
                            int err)
{
    cli_timeline_mark_at(t, CLI_STEP_DNS, t->mark + l->resolve_us);
    if (err != DUVA_ERR_RESOLVE)
        cli_timeline_mark(t, CLI_STEP_CONNECT);
}

/* From here on a signal ends it in good order. */
static int pass_proxy(struct cli_session *s)
{
    struct cli_outcome *o = s->outcome;
    duva_result why;
    int err;

    cli_signals_catch();
    err = cli_proxy_connect(&s->through, &s->link.link, &s->options->proxy,
                            &s->options->server, s->login.proxy_secret, &why);
    cli_timeline_mark(&s->listeners.timeline, CLI_STEP_PROXY);
    if (err != DUVA_OK) {
        cli_never_begun(o, DUVA_RETRY, (duva_err)err, DUVA_REASON_NONE, 0);
        o->mail.result = why;
        o->signal = cli_signals_caught();
        cli_signals_release();
        s->link.link.ops->close(&s->link.link);
        return -1;
    }
    cli_signals_release();
    s->connection.at_proxy = 0;
    return 0;
}

/* To the server, or to the proxy. */
static int open_link(struct cli_session *s, uint32_t ms)
{
    const struct cli_server *server = &s->options->server;
    const struct cli_proxy *proxy = &s->options->proxy;

    if (server->is_path)
        return cli_signal_link_open_unix(&s->link, server->host);
    if (proxy->given)
        return cli_signal_link_open(&s->link, proxy->host, proxy->port, ms);
    return cli_signal_link_open(&s->link, server->host, server->port, ms);
}

int cli_session_connect(struct cli_session *s)
{
    const struct cli_session_options *o = s->options;
    struct cli_connection *c = &s->connection;
    uint32_t ms = CONNECT_MS;
    int err;

    c->at_proxy = o->proxy.given;
    c->peer[0] = '\0';
    if (o->timeout_s != 0 && time_left(s) < ms)
        ms = time_left(s);
    err = open_link(s, ms);
    mark_connection(&s->listeners.timeline, &s->link.under, err);
    if (err != DUVA_OK) {
        cli_never_begun(s->outcome, DUVA_RETRY, (duva_err)err, DUVA_REASON_NONE,
                        s->link.link.cause);
        return -1;
    }
    if (o->server.is_path)
        snprintf(c->peer, sizeof(c->peer), "a Unix socket");
    else
        duva_posix_peer(&s->link.under, c->peer, sizeof(c->peer));
    duva_posix_deadline(&s->link.under, ms);
    if (o->proxy.given && pass_proxy(s) != 0)
        return -1;
    duva_posix_deadline(&s->link.under, o->timeout_s != 0 ? time_left(s) : 0);
    note_connection(s);
    return 0;
}
