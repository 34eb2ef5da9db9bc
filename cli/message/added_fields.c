/* added_fields.c - fields for a header that lacks them. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "message/added_fields.h"
#include "text/utf8.h"

void cli_added_date(FILE *out, time_t now)
{
    struct tm local;
    char text[64];

    /* English names whatever the locale: nobody calls setlocale(). */
    if (localtime_r(&now, &local) != NULL
        && strftime(text, sizeof(text), "%a, %d %b %Y %H:%M:%S %z", &local) > 0)
        fprintf(out, "Date: %s\r\n", text);
}

/* Encoded-words of RFC 2047 with "Q", a few characters in each. */
static void put_encoded(FILE *out, const char *name)
{
    size_t left = strlen(name), n, used = 0, i;
    uint32_t point;

    fputs("=?utf-8?q?", out);
    for (; left > 0; name += n, left -= n) {
        n = cli_utf8_next(name, left, &point);
        if (n == 0)
            n = 1;
        if (used + 3 * n > 60) {
            fputs("?=\r\n =?utf-8?q?", out);
            used = 0;
        }
        for (i = 0; i < n; i++, used += 3)
            fprintf(out, "=%02X", (unsigned char)name[i]);
    }
    fputs("?=", out);
}

static void put_quoted(FILE *out, const char *name)
{
    putc('"', out);
    for (; *name != '\0'; name++) {
        if (*name == '"' || *name == '\\')
            putc('\\', out);
        putc(*name, out);
    }
    putc('"', out);
}

void cli_added_from(FILE *out, const char *name, const char *addr)
{
    const char *p = name;

    if (name == NULL || name[0] == '\0') {
        fprintf(out, "From: %s\r\n", addr);
        return;
    }
    while (*p >= ' ' && *p < 127)
        p++;
    fputs("From: ", out);
    if (*p == '\0' && p - name < 200)
        put_quoted(out, name);
    else
        put_encoded(out, name);
    fprintf(out, "\r\n <%s>\r\n", addr);
}
