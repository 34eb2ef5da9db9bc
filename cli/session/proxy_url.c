/* proxy_url.c - the URL of a proxy into its parts. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <string.h>

#include "session/proxy_url.h"
#include "text/url.h"

#define SOCKS_PORT "1080"

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
        return "a password is not allowed here; use --proxy-password-file";
    for (i = 0; i < len; i++) {
        int c = (unsigned char)text[i];

        if (c == '%') {
            if (len - i < 3 || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
                return "a '%' must have two hexadecimal digits behind it";
            c = 16 * hex(text[i + 1]) + hex(text[i + 2]);
            i += 2;
        }
        if (c < 0x20 || c == 0x7F)
            return "the user has a control character";
        if (n == sizeof(proxy->user) - 1)
            return "the user is too long";
        proxy->user[n++] = (char)c;
    }
    proxy->user[n] = '\0';
    return n > 0 ? NULL : "the user is missing";
}

static int take_kind(struct cli_proxy *proxy, const char *scheme)
{
    const int is_http = strcmp(scheme, "http") == 0;

    proxy->kind = (uint8_t)(is_http ? DUVA_PROXY_HTTP : DUVA_PROXY_SOCKS5);
    return is_http || strcmp(scheme, "socks5") == 0
                   || strcmp(scheme, "socks5h") == 0
               ? 0
               : -1;
}

const char *cli_proxy_parse(struct cli_proxy *proxy, const char *text)
{
    struct cli_url url;
    const char *problem = cli_url_parse(&url, text);

    memset(proxy, 0, sizeof(*proxy));
    if (take_kind(proxy, url.scheme) != 0)
        return "it must begin with socks5:// or http://";
    if (url.user != NULL) {
        const char *wrong = take_user(proxy, url.user, url.user_len);

        if (wrong != NULL)
            return wrong;
    }
    if (problem != NULL)
        return problem;
    if (url.host[0] == '\0')
        return "the host is missing";
    if (url.path[0] != '\0' && strcmp(url.path, "/") != 0)
        return "a path is not allowed after the host";
    if (url.port[0] == '\0' && proxy->kind == DUVA_PROXY_HTTP)
        return "the port is missing; write http://HOST:PORT";
    memcpy(proxy->host, url.host, sizeof(proxy->host));
    strcpy(proxy->port, url.port[0] != '\0' ? url.port : SOCKS_PORT);
    proxy->given = 1;
    return NULL;
}

const char *cli_proxy_set(struct cli_proxy *proxy, const char *host,
                          const char *port)
{
    const char *problem;

    memset(proxy, 0, sizeof(*proxy));
    proxy->kind = DUVA_PROXY_SOCKS5;
    problem = cli_host_parse(proxy->host, host);
    if (problem == NULL)
        problem = cli_port_parse(proxy->port,
                                 port != NULL ? port : SOCKS_PORT);
    proxy->given = problem == NULL;
    return problem;
}
