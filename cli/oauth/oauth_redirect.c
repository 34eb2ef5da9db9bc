/* oauth_redirect.c - the request of a browser that comes back into a code. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <string.h>

#include "oauth/oauth_answer.h"
#include "oauth/oauth_redirect.h"

static int hex(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The value of a member of a query, decoded.  Returns 1 when it is there, and
 * is visible ASCII that fits. */
static int value_of(const char *query, const char *name, char *dst,
                    size_t size)
{
    const size_t len = strlen(name);
    size_t n = 0;
    int c;

    while (strncmp(query, name, len) != 0 || query[len] != '=') {
        query += strcspn(query, "& \r\n");
        if (*query != '&')
            return 0;
        query++;
    }
    for (query += len + 1; strchr("& \r\n", *query) == NULL; query++) {
        c = *query == '+' ? ' ' : *query;
        if (c == '%') {
            if (hex(query[1]) < 0 || hex(query[2]) < 0)
                return 0;
            c = hex(query[1]) * 16 + hex(query[2]);
            query += 2;
        }
        if (c < 0x20 || c > 0x7E || n + 1 >= size)
            return 0;
        dst[n++] = (char)c;
    }
    dst[n] = '\0';
    return n > 0;
}

int oauth_redirect(const char *request, const char *state, char *code,
                   size_t size, char why[OAUTH_WHY_SIZE])
{
    char said[128], more[512];

    code[0] = '\0';
    if (strncmp(request, "GET ", 4) != 0)
        return 405;
    if (strncmp(request, "GET /?", 6) != 0)
        return 404;            /* an icon, say */
    request += 6;
    /* Whatever else on this machine can ask us does not know the state. */
    if (!value_of(request, "state", said, sizeof(said))
        || strcmp(said, state) != 0)
        return 400;
    if (value_of(request, "code", code, size))
        return 200;
    code[0] = '\0';
    if (!value_of(request, "error", said, sizeof(said)))
        return 400;
    if (!value_of(request, "error_description", more, sizeof(more)))
        more[0] = '\0';
    snprintf(why, OAUTH_WHY_SIZE, "%s%s%s", said, more[0] != '\0' ? ": " : "",
             more);
    return 200;
}
