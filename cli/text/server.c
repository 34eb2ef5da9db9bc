/* server.c - the text that names a server into a host and a port. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "text/server.h"

static int is_one_of(const char *text, size_t len, const char *more)
{
    static const char usual[] = "abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    size_t i;

    for (i = 0; i < len; i++)
        if (strchr(usual, text[i]) == NULL && strchr(more, text[i]) == NULL)
            return 0;
    return 1;
}

static const char *take_port(struct cli_server *server, const char *text)
{
    const size_t len = strspn(text, "0123456789");
    unsigned port = 0;
    size_t i;

    for (i = 0; i < len && port < 65536; i++)
        port = 10 * port + (unsigned)(text[i] - '0');
    if (len == 0 || text[len] != '\0' || port == 0 || port > 65535)
        return "the port is not a number from 1 to 65535";
    snprintf(server->port, sizeof(server->port), "%u", port);
    return NULL;
}

static const char *take_host(struct cli_server *server, const char *text,
                             size_t len, const char *more)
{
    if (len == 0)
        return "the host is missing";
    if (len >= sizeof(server->host))
        return "the host is too long";
    if (!is_one_of(text, len, more))
        return "the host holds a character that has no place there";
    memcpy(server->host, text, len);
    server->host[len] = '\0';
    return NULL;
}

/* Returns what follows the scheme, or NULL: it is unknown. */
static const char *take_scheme(struct cli_server *server, const char *text)
{
    server->implicit_tls = strncasecmp(text, "smtps://", 8) == 0;
    server->lmtp = strncasecmp(text, "lmtp://", 7) == 0;
    if (server->implicit_tls)
        return text + 8;
    if (server->lmtp || strncasecmp(text, "smtp://", 7) == 0)
        return text + 7;
    return strstr(text, "://") == NULL ? text : NULL;
}

static const char *usual_port(const struct cli_server *server)
{
    return server->implicit_tls ? "465" : server->lmtp ? "24" : "25";
}

static const char *take_path(struct cli_server *server, const char *text)
{
    const size_t len = strlen(text);
    size_t i;

    if (server->implicit_tls)
        return "TLS from the start is not for a Unix socket";
    if (len >= sizeof(((struct sockaddr_un *)0)->sun_path))
        return "the path is too long for a socket";
    for (i = 0; i < len; i++)
        if (text[i] < ' ' || text[i] > '~')
            return "the path holds a character that has no place there";
    memcpy(server->host, text, len + 1);
    server->is_path = 1;
    server->port[0] = '\0';
    return NULL;
}

const char *cli_server_parse(struct cli_server *server, const char *text)
{
    const char *problem, *rest;
    char plain[sizeof(server->host) + 16];
    size_t len;

    text = take_scheme(server, text);
    if (text == NULL)
        return "the scheme is unknown, it must be smtp://, smtps:// or lmtp://";
    server->is_path = 0;
    if (text[0] == '/' && text[1] != '\0')
        return take_path(server, text);
    len = strlen(text);
    if (len > 0 && text[len - 1] == '/')
        len--;
    if (len >= sizeof(plain))
        return "the host is too long";
    memcpy(plain, text, len);
    plain[len] = '\0';
    if (strchr(plain, '@') != NULL)
        return "a user does not belong there but in --user";
    if (plain[0] == '[') {
        len = strcspn(plain, "]");
        if (plain[len] == '\0')
            return "the ']' is missing";
        problem = take_host(server, plain + 1, len - 1,
                            memchr(plain, ':', len) != NULL ? ".:%_-"
                                                            : ".-_");
        rest = plain + len + 1;
    } else {
        len = strcspn(plain, ":");
        problem = take_host(server, plain, len, ".-_");
        rest = plain + len;
        if (*rest != '\0' && strchr(rest + 1, ':') != NULL)
            return "an IPv6 address must stand in brackets";
    }
    if (problem != NULL)
        return problem;
    server->port_given = *rest != '\0';
    if (*rest == '\0')
        return take_port(server, usual_port(server));
    return *rest == ':' ? take_port(server, rest + 1)
                        : "there is something after the ']'";
}

void cli_server_text(char text[CLI_SERVER_SIZE],
                     const struct cli_server *server)
{
    const int v6 = strchr(server->host, ':') != NULL && !server->is_path;

    snprintf(text, CLI_SERVER_SIZE, "%s%s%s%s%s", v6 ? "[" : "", server->host,
             v6 ? "]" : "", server->is_path ? "" : ":", server->port);
}
