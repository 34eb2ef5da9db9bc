/* proxy.c - the way through a proxy to the server. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "options/server_options.h"
#include "outcome/outcome.h"
#include "report/summary.h"
#include "send/job.h"
#include "session/proxy.h"
#include "session/session.h"
#include "system/guard.h"
#include "text/escape.h"

#define SILENCE_MS 300000u     /* --timeout, or that of connecting, is less */

/* ---- the way through it ---- */

static void set_route(struct cli_session *s, duva_proxy_route *route)
{
    const struct cli_access *a = &s->job->options.access;

    memset(route, 0, sizeof(*route));
    route->kind = (duva_proxy_kind)a->session.proxy.kind;
    route->host = a->session.server.host;
    route->port = (uint16_t)strtoul(a->session.server.port, NULL, 10);
    if (a->session.proxy.user[0] != '\0') {
        route->user = a->session.proxy.user;
        route->pass = s->job->login.proxy_secret;
    }
}

int cli_proxy_pass(struct cli_session *s)
{
    static duva_proxy_route route;
    duva_link *under = &s->watch.link;
    int n;

    set_route(s, &route);
    memset(&s->through, 0, sizeof(s->through));
    n = duva_proxy_begin(&s->through, under, &route);
    while (n == 0 && (n = duva_proxy_step(&s->through)) == 0) {
        n = under->ops->wait(under, s->through.want, SILENCE_MS);
        if (n == 0)
            n = DUVA_ERR_TIMEOUT;
        if (n < 0)
            s->through.link.cause = under->cause;
        else
            n = 0;
    }
    if (n == 1)
        return DUVA_OK;
    cli_wipe(s->through.buf, sizeof(s->through.buf));
    cli_never_begun(&s->job->outcome, DUVA_RETRY, (duva_err)n, DUVA_REASON_NONE,
                    0);
    duva_proxy_why(&s->through, (duva_err)n, &s->job->outcome.mail.result);
    return n;
}

/* ---- what it is to blame for ---- */

const char *cli_proxy_advice(const struct cli_job *job)
{
    const duva_result *r = &job->outcome.mail.result;

    switch (r->reason) {
    case DUVA_REASON_PROXY_STRANGE: case DUVA_REASON_PROXY_LONG:
        return job->options.access.session.proxy.kind == DUVA_PROXY_HTTP
                   ? "if it is a SOCKS proxy say socks5://"
                   : "if it is an HTTP proxy say http://";
    case DUVA_REASON_PROXY_METHOD: case DUVA_REASON_PROXY_LOGIN:
        return job->options.access.session.proxy.user[0] == '\0'
                   ? "name a user, as in socks5://user@host, and say "
                     "--proxy-password-file"
                   : "check the user and the password of the proxy";
    case DUVA_REASON_PROXY_FORBIDDEN:
        return "its owner must permit that host and port, or try port 587 "
               "or 465";
    case DUVA_REASON_PROXY_UNREACHED:
        return "check the server and its port, or send it again later";
    default:
        if (r->err == DUVA_ERR_RESOLVE && r->cause == EAI_NONAME)
            return "check the name of the proxy";
        if (r->err == DUVA_ERR_ARG)
            return "name the server in ASCII, and without a zone";
        return "check that a proxy of that kind runs there, or send it again "
               "later";
    }
}

void cli_proxy_blame(struct cli_job *job)
{
    const struct cli_access *a = &job->options.access;
    const duva_result *r = &job->outcome.mail.result;
    const int v6 = strchr(a->session.proxy.host, ':') != NULL;
    const int unreached
        = job->connection.peer[0] == '\0'
          || (r->reason == DUVA_REASON_NONE
              && (r->err == DUVA_ERR_RESOLVE || r->err == DUVA_ERR_CONNECT));
    char said[4 * DUVA_PROXY_WORDS], code[16] = "";

    if (r->where != 0 && a->session.proxy.kind == DUVA_PROXY_HTTP)
        snprintf(code, sizeof(code), "%u ", (unsigned)r->where);
    if (r->reason != DUVA_REASON_NONE)
        cli_escape(said, sizeof(said), r->text, strlen(r->text));
    else if (r->err == DUVA_ERR_ARG)
        snprintf(said, sizeof(said), "the server's name cannot be told to "
                                     "it");
    else
        snprintf(said, sizeof(said), "%s", r->err == DUVA_ERR_CLOSED
                                               ? "it hung up"
                                               : cli_cause_text(r));
    snprintf(job->outcome.summary, sizeof(job->outcome.summary),
             "%sthe proxy %s%s%s:%s %s %s:%s: %s%s",
             job->outcome.mail.rcpt_count > 0 ? "not sent: " : "",
             v6 ? "[" : "", a->session.proxy.host, v6 ? "]" : "",
             a->session.proxy.port,
             unreached ? "cannot be reached on the way to"
                       : "does not let us through to",
             a->session.server.host, a->session.server.port, code, said);
}
