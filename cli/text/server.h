/* server.h - the URL of a server into host, port and protocol. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SERVER_H
#define DUVA_CLI_SERVER_H

#include <stddef.h>
#include <stdint.h>

#include "text/url.h"

struct cli_server {
    char host[CLI_HOST_SIZE];  /* or the path of a Unix socket */
    char port[CLI_PORT_SIZE];
    uint8_t implicit_tls;      /* smtps:// */
    uint8_t lmtp;              /* lmtp:// */
    uint8_t is_path;           /* then port is "" */
    uint8_t port_given;        /* else it is the one that is usual */
};

/* "smtp://host:port/", "smtps://host:port/", "lmtp://host:port/", "host:port"
 * or "host"; an IPv6 address stands in brackets.  "smtp:///path" and
 * "lmtp:///path" are Unix sockets.  Returns NULL, or what is wrong with it. */
const char *cli_server_parse(struct cli_server *server, const char *text);

/* The same of parts: server->implicit_tls and lmtp are set before.  port may be
 * NULL: the usual one.  Returns NULL, or what is wrong. */
const char *cli_server_set(struct cli_server *server, const char *host,
                           const char *port);
const char *cli_server_set_path(struct cli_server *server, const char *path);

#define CLI_SERVER_SIZE (sizeof(((struct cli_server *)0)->host) + 18)

/* For people: "host:port" with brackets where needed, or the path. */
void cli_server_text(char text[CLI_SERVER_SIZE],
                     const struct cli_server *server);

#endif
