/* proxy.c - the way through a proxy to the server. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "session/proxy.h"
#include "system/guard.h"

#define SILENCE_MS 300000u /* --timeout, or that of connecting, is less */

static void set_route(duva_proxy_route *route, const struct cli_proxy *proxy,
                      const struct cli_server *server, const char *secret)
{
    memset(route, 0, sizeof(*route));
    route->kind = (duva_proxy_kind)proxy->kind;
    route->host = server->host;
    route->port = (uint16_t)strtoul(server->port, NULL, 10);
    if (proxy->user[0] != '\0') {
        route->user = proxy->user;
        route->pass = secret;
    }
}

int cli_proxy_connect(duva_proxy *through, duva_link *under,
                      const struct cli_proxy *proxy,
                      const struct cli_server *server, const char *secret,
                      duva_result *why)
{
    static duva_proxy_route route;
    int n;

    set_route(&route, proxy, server, secret);
    memset(through, 0, sizeof(*through));
    n = duva_proxy_begin(through, under, &route);
    while (n == 0 && (n = duva_proxy_step(through)) == 0) {
        n = under->ops->wait(under, through->want, SILENCE_MS);
        if (n == 0)
            n = DUVA_ERR_TIMEOUT;
        if (n < 0)
            through->link.cause = under->cause;
        else
            n = 0;
    }
    if (n == 1)
        return DUVA_OK;
    cli_wipe(through->buf, sizeof(through->buf));
    duva_proxy_why(through, (duva_err)n, why);
    return n;
}
