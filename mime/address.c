/* address.c - tells whether an address can stand in a field as it is. */
/* SPDX-License-Identifier: MIT */
#include "out.h"

#include <string.h>

/* Octets of the quoted string at s, or 0 when it does not end. */
static size_t quoted(const char *s)
{
    size_t i = 1;

    while (s[i] != '"') {
        if (s[i] == '\\')
            i++;
        if (s[i] == '\0')
            return 0;
        i++;
    }
    return i + 1;
}

/* Octets of the atoms with dots at s; in a domain letters, digits and hyphens
 * in labels that are not empty. */
static size_t atoms(const char *s, int domain)
{
    size_t i;

    for (i = 0; s[i] != '\0'; i++) {
        const uint8_t c = (uint8_t)s[i];

        if (c == '.' ? domain && (i == 0 || s[i - 1] == '.')
                     : domain ? c < 0x80 && !duva__alnum(c) && c != '-'
                              : !duva__atext(c))
            break;
    }
    return domain && i > 0 && s[i - 1] == '.' ? i - 1 : i;
}

/* Octets of the address literal at s, or 0. */
static size_t literal(const char *s)
{
    size_t i = 1;

    while (duva__alnum((uint8_t)s[i]) || (s[i] != '\0'
                                          && strchr(".:-", s[i]) != NULL))
        i++;
    return s[i] == ']' && i > 1 ? i + 1 : 0;
}

duva_reason duva__addr(const char *addr, int utf8, size_t *where)
{
    const size_t len = strlen(addr);
    size_t       local, domain, i;

    for (i = 0; i < len; i++) {
        const uint8_t c = (uint8_t)addr[i];

        *where = i + 1;
        if (c < 0x20 || c == 0x7f)
            return DUVA_REASON_CONTROL;
        if (c >= 0x80 && !utf8)
            return DUVA_REASON_NOT_ASCII;
    }
    local = addr[0] == '"' ? quoted(addr) : atoms(addr, 0);
    *where = local + 1;
    if (local == 0 || addr[local] != '@')
        return DUVA_REASON_CHARACTER;
    if (local > 64)
        return DUVA_REASON_LOCAL_LONG;
    addr += local + 1;
    domain = addr[0] == '[' ? literal(addr) : atoms(addr, 1);
    *where += domain + 1;
    if (domain == 0 || addr[domain] != '\0')
        return DUVA_REASON_CHARACTER;
    if (domain > 255)
        return DUVA_REASON_DOMAIN_LONG;
    return len > 254 ? DUVA_REASON_PATH_LONG : DUVA_REASON_NONE;
}
