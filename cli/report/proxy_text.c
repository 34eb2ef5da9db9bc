/* proxy_text.c - what a proxy is to blame for, and what to try next. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdio.h>
#include <string.h>

#include "report/cause_text.h"
#include "report/proxy_text.h"
#include "text/escape.h"

const char *cli_proxy_advice(const duva_result *r,
                             const struct cli_proxy *proxy)
{
    switch (r->reason) {
    case DUVA_REASON_PROXY_STRANGE:
    case DUVA_REASON_PROXY_LONG:
        return proxy->kind == DUVA_PROXY_HTTP
                   ? "if it is a SOCKS proxy, use socks5://"
                   : "if it is an HTTP proxy, use http://";
    case DUVA_REASON_PROXY_METHOD:
    case DUVA_REASON_PROXY_LOGIN:
        return proxy->user[0] == '\0'
                   ? "name a user, as in socks5://user@host, and use "
                     "--proxy-password-file"
                   : "check the user and the password of the proxy";
    case DUVA_REASON_PROXY_FORBIDDEN:
        return "its operator must permit that host and port; or try port 587 "
               "or 465";
    case DUVA_REASON_PROXY_UNREACHED:
        return "check the server and its port, or send it again later";
    default:
        if (r->err == DUVA_ERR_RESOLVE && r->cause == EAI_NONAME)
            return "check the name of the proxy";
        if (r->err == DUVA_ERR_ARG)
            return "use an ASCII name of the server, without a zone";
        return "check that a proxy of that kind runs there, or send it again "
               "later";
    }
}

/* The reply of the proxy, or why there is none. */
static void put_why(char *buf, size_t size, const duva_result *r)
{
    if (r->reason != DUVA_REASON_NONE)
        cli_escape(buf, size, r->text, strlen(r->text));
    else if (r->err == DUVA_ERR_ARG)
        snprintf(buf, size, "the name of the server cannot be sent to it");
    else
        snprintf(buf, size, "%s",
                 r->err == DUVA_ERR_CLOSED ? "it closed the connection"
                                           : cli_cause_text(r));
}

void cli_proxy_text(char *buf, size_t size, const duva_result *r,
                    const struct cli_session_options *o, int connected)
{
    const struct cli_proxy *proxy = &o->proxy;
    const int v6 = strchr(proxy->host, ':') != NULL;
    const int unreached
        = !connected
          || (r->reason == DUVA_REASON_NONE
              && (r->err == DUVA_ERR_RESOLVE || r->err == DUVA_ERR_CONNECT));
    char why[4 * DUVA_PROXY_WORDS], code[16] = "";

    if (r->where != 0 && proxy->kind == DUVA_PROXY_HTTP)
        snprintf(code, sizeof(code), "%u ", (unsigned)r->where);
    put_why(why, sizeof(why), r);
    snprintf(buf, size, "the proxy %s%s%s:%s %s %s:%s: %s%s", v6 ? "[" : "",
             proxy->host, v6 ? "]" : "", proxy->port,
             unreached ? "cannot be reached to connect to"
                       : "does not connect to",
             o->server.host, o->server.port, code, why);
}
