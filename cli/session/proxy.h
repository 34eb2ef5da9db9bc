/* proxy.h - the way through a proxy to the server. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROXY_H
#define DUVA_CLI_PROXY_H

#include "duva/proxy.h"
#include "duva/result.h"
#include "session/proxy_url.h"
#include "text/server.h"

/* Asks the proxy at the other end of under for a connection to the server, and
 * waits for it; secret is the password of proxy->user.  All must stay where
 * they are as long as the connection lasts.  Returns DUVA_OK, and the
 * connection is through->link; or a duva_err, and *why tells more. */
int cli_proxy_connect(duva_proxy *through, duva_link *under,
                      const struct cli_proxy *proxy,
                      const struct cli_server *server, const char *secret,
                      duva_result *why);

#endif
