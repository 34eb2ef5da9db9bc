/* proxy_text.h - a failure at the proxy in plain English. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROXY_TEXT_H
#define DUVA_CLI_PROXY_TEXT_H

#include <stddef.h>

#include "duva/result.h"
#include "session/session_options.h"

/* What happened there; connected: to the proxy itself. */
void cli_proxy_text(char *buf, size_t size, const duva_result *r,
                    const struct cli_session_options *o, int connected);

/* And what to try next; static. */
const char *cli_proxy_advice(const duva_result *r,
                             const struct cli_proxy *proxy);

#endif
