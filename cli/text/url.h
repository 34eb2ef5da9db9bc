/* url.h - a URL into its parts (RFC 3986). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_URL_H
#define DUVA_CLI_URL_H

#include <stddef.h>

#define CLI_HOST_SIZE 256
#define CLI_PORT_SIZE 6

struct cli_url {
    char        scheme[16];    /* in lower case, without "://"; "": none */
    const char *user;          /* in the text, not decoded; NULL: none */
    size_t      user_len;
    char        host[CLI_HOST_SIZE]; /* without brackets; "": none */
    char        port[CLI_PORT_SIZE]; /* 1 to 65535 without leading zeros; "":
                                        none */
    const char *path;          /* in the text, from its '/' on; "": none */
};

/* Takes "scheme://user@host:port/path" apart, of which all but one of host and
 * path may be missing; a text that begins with '/' is a path.  An IPv6 address
 * must stand in brackets.  Returns NULL, or what is wrong with it; that text is
 * static and repeats nothing of the URL. */
const char *cli_url_parse(struct cli_url *url, const char *text);

/* A host alone, with or without brackets, also an IPv6 address without.
 * Returns NULL, or what is wrong with it. */
const char *cli_host_parse(char host[CLI_HOST_SIZE], const char *text);

/* A port alone.  Returns NULL, or what is wrong with it. */
const char *cli_port_parse(char port[CLI_PORT_SIZE], const char *text);

#endif
