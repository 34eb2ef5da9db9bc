/* server.c - the URL of a server into host, port and protocol. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "text/server.h"
#include "text/url.h"

static const char *usual_port(const struct cli_server *server)
{
    return server->implicit_tls ? "465" : server->lmtp ? "24" : "25";
}

static void set_port(struct cli_server *server, const char *port)
{
    server->port_given = port[0] != '\0';
    strcpy(server->port, port[0] != '\0' ? port : usual_port(server));
}

const char *cli_server_set(struct cli_server *server, const char *host,
                           const char *port)
{
    char number[CLI_PORT_SIZE] = "";
    const char *problem = cli_host_parse(server->host, host);

    if (problem == NULL && port != NULL)
        problem = cli_port_parse(number, port);
    if (problem != NULL)
        return problem;
    server->is_path = 0;
    set_port(server, number);
    return NULL;
}

const char *cli_server_set_path(struct cli_server *server, const char *path)
{
    const size_t len = strlen(path);
    size_t i;

    if (server->implicit_tls)
        return "a Unix socket has no TLS from the start; write smtp:// or "
               "lmtp://";
    if (len >= sizeof(((struct sockaddr_un *)0)->sun_path))
        return "the path is too long for a Unix socket";
    for (i = 0; i < len; i++)
        if (path[i] < ' ' || path[i] > '~')
            return "the path has an invalid character";
    memcpy(server->host, path, len + 1);
    server->is_path = 1;
    server->port[0] = '\0';
    return NULL;
}

const char *cli_server_parse(struct cli_server *server, const char *text)
{
    struct cli_url url;
    const char *problem = cli_url_parse(&url, text);

    if (problem != NULL)
        return problem;
    server->implicit_tls = strcmp(url.scheme, "smtps") == 0;
    server->lmtp = strcmp(url.scheme, "lmtp") == 0;
    if (url.scheme[0] != '\0' && strcmp(url.scheme, "smtp") != 0
        && !server->implicit_tls && !server->lmtp)
        return "the scheme is unknown; it must be smtp://, smtps:// or "
               "lmtp://";
    if (url.user != NULL)
        return "a user is not allowed here; use --user";
    if (url.host[0] == '\0' && url.path[0] == '/' && url.path[1] != '\0')
        return cli_server_set_path(server, url.path);
    if (url.host[0] == '\0')
        return "the host is missing";
    if (url.path[0] != '\0' && strcmp(url.path, "/") != 0)
        return "a path is not allowed after the host";
    memcpy(server->host, url.host, sizeof(server->host));
    server->is_path = 0;
    set_port(server, url.port);
    return NULL;
}

void cli_server_text(char text[CLI_SERVER_SIZE],
                     const struct cli_server *server)
{
    const int v6 = strchr(server->host, ':') != NULL && !server->is_path;

    snprintf(text, CLI_SERVER_SIZE, "%s%s%s%s%s", v6 ? "[" : "", server->host,
             v6 ? "]" : "", server->is_path ? "" : ":", server->port);
}
