/* proxy.c - the URL of a proxy into a way through it. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "options/server_options.h"
#include "outcome/outcome.h"
#include "report/report.h"
#include "session/job.h"
#include "session/proxy.h"
#include "session/session.h"
#include "system/guard.h"
#include "text/escape.h"
#include "text/server.h"

#define SILENCE_MS 300000u     /* --timeout, or that of connecting, is less */

/* ---- what --proxy says ---- */

static int hex(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c != '\0' ? strchr(digits, c | 0x20) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

static const char *take_user(struct cli_proxy *proxy, const char *text,
                             size_t len)
{
    size_t i, n = 0;

    if (memchr(text, ':', len) != NULL)
        return "a password does not belong there but in "
               "--proxy-password-file";
    for (i = 0; i < len; i++) {
        int c = (unsigned char)text[i];

        if (c == '%') {
            if (len - i < 3 || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
                return "a '%' without two hexadecimal digits";
            c = 16 * hex(text[i + 1]) + hex(text[i + 2]);
            i += 2;
        }
        if (c < 0x20 || c == 0x7F)
            return "the user holds a control character";
        if (n == sizeof(proxy->user) - 1)
            return "the user is too long";
        proxy->user[n++] = (char)c;
    }
    proxy->user[n] = '\0';
    return n > 0 ? NULL : "the user is missing";
}

/* Returns what follows the scheme, or NULL: it is unknown. */
static const char *take_scheme(struct cli_proxy *proxy, const char *text)
{
    const char *rest = strstr(text, "://");

    proxy->kind = DUVA_PROXY_SOCKS5;
    if (strncasecmp(text, "socks5://", 9) == 0
        || strncasecmp(text, "socks5h://", 10) == 0)
        return rest + 3;
    proxy->kind = DUVA_PROXY_HTTP;
    return strncasecmp(text, "http://", 7) == 0 ? rest + 3 : NULL;
}

const char *cli_proxy_parse(struct cli_proxy *proxy, const char *text)
{
    struct cli_server place;
    const char *at, *problem;

    memset(proxy, 0, sizeof(*proxy));
    text = take_scheme(proxy, text);
    if (text == NULL)
        return "it must begin with socks5:// or http://";
    at = strrchr(text, '@');
    if (at != NULL) {
        problem = take_user(proxy, text, (size_t)(at - text));
        if (problem != NULL)
            return problem;
        text = at + 1;
    }
    if (strstr(text, "://") != NULL)
        return "there are two schemes in it";
    memset(&place, 0, sizeof(place));
    problem = cli_server_parse(&place, text);
    if (problem != NULL)
        return problem;
    if (!place.port_given && proxy->kind == DUVA_PROXY_HTTP)
        return "the port is missing, as in http://proxy.example:3128";
    strcpy(proxy->host, place.host);
    strcpy(proxy->port, place.port_given ? place.port : "1080");
    proxy->given = 1;
    return NULL;
}

/* ---- the way through it ---- */

static void set_route(struct cli_session *s, duva_proxy_route *route)
{
    const struct cli_access *a = &s->job->options.access;

    memset(route, 0, sizeof(*route));
    route->kind = (duva_proxy_kind)a->proxy.kind;
    route->host = a->server.host;
    route->port = (uint16_t)strtoul(a->server.port, NULL, 10);
    if (a->proxy.user[0] != '\0') {
        route->user = a->proxy.user;
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
        return job->options.access.proxy.kind == DUVA_PROXY_HTTP
                   ? "if it is a SOCKS proxy say socks5://"
                   : "if it is an HTTP proxy say http://";
    case DUVA_REASON_PROXY_METHOD: case DUVA_REASON_PROXY_LOGIN:
        return job->options.access.proxy.user[0] == '\0'
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
    const int v6 = strchr(a->proxy.host, ':') != NULL;
    const int unreached
        = job->connection.peer[0] == '\0'
          || (r->reason == DUVA_REASON_NONE
              && (r->err == DUVA_ERR_RESOLVE || r->err == DUVA_ERR_CONNECT));
    char said[4 * DUVA_PROXY_WORDS], code[16] = "";

    if (r->where != 0 && a->proxy.kind == DUVA_PROXY_HTTP)
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
             v6 ? "[" : "", a->proxy.host, v6 ? "]" : "", a->proxy.port,
             unreached ? "cannot be reached on the way to"
                       : "does not let us through to",
             a->server.host, a->server.port, code, said);
}
