/* proxy_url.h - the URL of a proxy into its parts. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROXY_URL_H
#define DUVA_CLI_PROXY_URL_H

#include <stdint.h>

#include "duva/proxy.h"
#include "text/url.h"

struct cli_proxy {
    uint8_t given;
    uint8_t kind;              /* duva_proxy_kind */
    char    host[CLI_HOST_SIZE], port[CLI_PORT_SIZE];
    char    user[256];         /* "": without authentication */
};

/* "socks5://user@host:port" or "http://user@host:port"; %XX stands for an
 * octet of the user.  Returns NULL, or what is wrong with it, in words that do
 * not repeat a password. */
const char *cli_proxy_parse(struct cli_proxy *proxy, const char *text);

/* A SOCKS 5 proxy of parts; port may be NULL: 1080.  Returns NULL, or what is
 * wrong with it. */
const char *cli_proxy_set(struct cli_proxy *proxy, const char *host,
                          const char *port);

#endif
