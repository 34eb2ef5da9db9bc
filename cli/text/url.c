/* url.c - a URL into its parts. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "text/url.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"
#define NAME    LETTERS DIGITS ".-_"
#define IPV6    NAME ":%"      /* a zone stands behind '%' */

/* Copies a host of which only these characters are valid. */
static const char *take_host(char host[CLI_HOST_SIZE], const char *text,
                             size_t len, const char *valid)
{
    if (len >= CLI_HOST_SIZE)
        return "the host is too long";
    if (strspn(text, valid) < len)
        return "the host has an invalid character";
    memcpy(host, text, len);
    host[len] = '\0';
    return NULL;
}

static const char *take_bracketed(char host[CLI_HOST_SIZE], const char *text,
                                  size_t len)
{
    const int is_ipv6 = memchr(text, ':', len) != NULL;

    return take_host(host, text, len, is_ipv6 ? IPV6 : NAME);
}

const char *cli_host_parse(char host[CLI_HOST_SIZE], const char *text)
{
    size_t len = strlen(text);

    if (text[0] == '[' && text[len - 1] == ']') {
        text++;
        len -= 2;
    }
    return len > 0 ? take_bracketed(host, text, len) : "the host is missing";
}

static const char *take_port(char port[CLI_PORT_SIZE], const char *text,
                             size_t len)
{
    unsigned n = 0;
    size_t i;

    for (i = 0; i < len && n < 65536 && strchr(DIGITS, text[i]) != NULL; i++)
        n = 10 * n + (unsigned)(text[i] - '0');
    if (i < len || n == 0 || n > 65535)
        return "the port must be a number from 1 to 65535";
    snprintf(port, CLI_PORT_SIZE, "%u", n);
    return NULL;
}

const char *cli_port_parse(char port[CLI_PORT_SIZE], const char *text)
{
    return take_port(port, text, strlen(text));
}

/* Returns what follows "://", or text when there is no scheme; or NULL, it is
 * not valid. */
static const char *take_scheme(struct cli_url *url, const char *text)
{
    const size_t len = strspn(text, LETTERS DIGITS "+-.");
    size_t i;

    if (strncmp(text + len, "://", 3) != 0)
        return text;
    if (len == 0 || len >= sizeof(url->scheme))
        return NULL;
    for (i = 0; i < len; i++)
        url->scheme[i] = (char)(text[i] >= 'A' && text[i] <= 'Z'
                                    ? text[i] - 'A' + 'a'
                                    : text[i]);
    return text + len + 3;
}

/* HOST:PORT, [HOST]:PORT, or the host alone. */
static const char *take_authority(struct cli_url *url, const char *text,
                                  size_t len)
{
    const char *end = text + len, *rest, *problem;

    if (len > 0 && text[0] == '[') {
        rest = memchr(text, ']', len);
        if (rest == NULL)
            return "the ']' is missing";
        problem = take_bracketed(url->host, text + 1,
                                 (size_t)(rest - text) - 1);
        rest++;
        if (problem == NULL && rest < end && *rest != ':')
            problem = "only a port may stand after the ']'";
    } else {
        rest = memchr(text, ':', len);
        if (rest == NULL)
            rest = end;
        problem = take_host(url->host, text, (size_t)(rest - text), NAME);
        if (rest < end && memchr(rest + 1, ':', (size_t)(end - rest) - 1))
            problem = "an IPv6 address must stand in brackets";
        else if (strncmp(rest, "://", 3) == 0)
            problem = "there are two schemes in it";
    }
    if (problem != NULL || rest == end)
        return problem;
    return take_port(url->port, rest + 1, (size_t)(end - rest) - 1);
}

const char *cli_url_parse(struct cli_url *url, const char *text)
{
    const char *at;

    memset(url, 0, sizeof(*url));
    text = take_scheme(url, text);
    if (text == NULL)
        return "the scheme is invalid";
    at = text[0] != '/' ? strrchr(text, '@') : NULL;
    if (at != NULL) {
        url->user = text;
        url->user_len = (size_t)(at - text);
        text = at + 1;
    }
    url->path = text + strcspn(text, "/");
    return take_authority(url, text, (size_t)(url->path - text));
}
