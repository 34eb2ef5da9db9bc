/* oauth_form.c - names and values into a form; octets into base64url. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>

#include "oauth/oauth_form.h"

static void put(struct oauth_form *f, char c)
{
    if (f->len + 1 >= sizeof(f->text)) {
        f->too_long = 1;
        return;
    }
    f->text[f->len++] = c;
    f->text[f->len] = '\0';
}

static void put_text(struct oauth_form *f, const char *text)
{
    while (*text != '\0')
        put(f, *text++);
}

void oauth_form_start(struct oauth_form *f, const char *url)
{
    f->len = 0;
    f->too_long = 0;
    f->text[0] = '\0';
    put_text(f, url);
    if (f->len > 0 && strchr(url, '?') == NULL)
        put(f, '?');
}

/* RFC 3986 2.3. */
static int is_unreserved(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9')
           || (c != '\0' && strchr("-._~", c) != NULL);
}

void oauth_form_add(struct oauth_form *f, const char *name, const char *value)
{
    static const char digit[] = "0123456789ABCDEF";

    if (value[0] == '\0')
        return;
    if (f->len > 0 && strchr("?&", f->text[f->len - 1]) == NULL)
        put(f, '&');
    put_text(f, name);
    put(f, '=');
    for (; *value != '\0'; value++) {
        if (is_unreserved(*value)) {
            put(f, *value);
            continue;
        }
        put(f, '%');
        put(f, digit[(unsigned char)*value >> 4]);
        put(f, digit[*value & 15]);
    }
}

void oauth_base64url(char *dst, const uint8_t *src, size_t len)
{
    char *at;

    EVP_EncodeBlock((unsigned char *)dst, src, (int)len);
    for (at = dst; *at != '\0' && *at != '='; at++)
        *at = *at == '+' ? '-' : *at == '/' ? '_' : *at;
    *at = '\0';
}
