/* oauth_redirect.c - the request of a redirected browser into a code. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>

#include "oauth/oauth_response.h"
#include "oauth/oauth_redirect.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Decodes the value of a name in a query.  Returns 0, or -1: it is missing,
 * empty, too long or not printable ASCII. */
static int query_value(const char *query, const char *name, char *dst,
                       size_t size)
{
    const size_t len = strlen(name);
    size_t n = 0;
    int c;

    while (strncmp(query, name, len) != 0 || query[len] != '=') {
        query += strcspn(query, "& \r\n");
        if (*query != '&')
            return -1;
        query++;
    }
    for (query += len + 1; strchr("& \r\n", *query) == NULL; query++) {
        c = *query == '+' ? ' ' : *query;
        if (c == '%') {
            if (hex_digit(query[1]) < 0 || hex_digit(query[2]) < 0)
                return -1;
            c = hex_digit(query[1]) * 16 + hex_digit(query[2]);
            query += 2;
        }
        if (c < 0x20 || c > 0x7E || n + 1 >= size)
            return -1;
        dst[n++] = (char)c;
    }
    dst[n] = '\0';
    return n > 0 ? 0 : -1;
}

int oauth_redirect(const char *request, const char *state, char *code,
                   size_t size, char problem[OAUTH_PROBLEM_SIZE])
{
    char value[128], more[512];

    code[0] = '\0';
    if (strncmp(request, "GET ", 4) != 0)
        return 405;
    if (strncmp(request, "GET /?", 6) != 0)
        return 404; /* a request for an icon, say */
    request += 6;
    /* Other programs on this machine do not know the state (RFC 6749 10.12). */
    if (query_value(request, "state", value, sizeof(value)) != 0
        || strcmp(value, state) != 0)
        return 400;
    if (query_value(request, "code", code, size) == 0)
        return 200;
    code[0] = '\0';
    if (query_value(request, "error", value, sizeof(value)) != 0)
        return 400;
    if (query_value(request, "error_description", more, sizeof(more)) != 0)
        more[0] = '\0';
    snprintf(problem, OAUTH_PROBLEM_SIZE, "%s%s%s", value,
             more[0] != '\0' ? ": " : "", more);
    return 200;
}
