/* address.c - lists of addresses (RFC 5322 3.4) and Message-IDs. */
/* SPDX-License-Identifier: MIT */
#include "address.h"
#include "out.h"
#include "text.h"

#if !DUVA_MIME_SMALL
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

/* What is wrong with addr, local@domain, which duva__check_raw() has seen. */
static duva_reason examine(const char *addr, size_t *where)
{
    const size_t len = strlen(addr);
    size_t       local, domain;

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

int duva__put_address(duva__out *o, const duva_addresses *all, unsigned i)
{
    const duva_address *a = &all->list[i];
    const int           more = i + 1 < all->count, group = a->addr == NULL;
    const int           named = a->name != NULL && a->name[0] != '\0';
    size_t              where = 0, len;
    duva_reason         reason;

    o->number = i + 1;
    if (named)
        duva__phrase(o, a->name);
    if (group) {
        if (!named || o->members > 0 || a->members >= all->count - i)
            duva__refuse(o, DUVA_REASON_MISSING, 0);
        duva__writes(o, ":");
        o->members = a->members;
    } else {
        len = duva__check_raw(o, a->addr);
        reason = examine(a->addr, &where);
        if (reason != DUVA_REASON_NONE)
            duva__refuse(o, reason, where);
        duva__fold(o, len + (named ? 3 : 1), DUVA__LINE_ENCODED);
        duva__writes(o, named ? "<" : "");
        duva__write(o, a->addr, len);
        duva__writes(o, named ? ">" : "");
    }
    if (group ? a->members == 0 : o->members > 0 && --o->members == 0)
        duva__writes(o, ";");
    if (more && !(group && a->members > 0))
        duva__writes(o, ",");
    return more;
}

void duva__put_ids(duva__out *o, const char *ids, int several)
{
    size_t len = duva__check_raw(o, ids), i = 0, n;

    while (i < len) {
        n = strcspn(ids + i, " ");
        if (n < 5 || ids[i] != '<' || memchr(ids + i, '@', n) == NULL
            || strcspn(ids + i + 1, "<>\t") != n - 2 || ids[i + n - 1] != '>') {
            duva__refuse(o, DUVA_REASON_CHARACTER, i + 1);
            return;
        }
        duva__fold(o, n, DUVA__LINE);
        duva__write(o, ids + i, n);
        i += n;
        if (i < len && (!several || ++i == len)) {
            duva__refuse(o, DUVA_REASON_CHARACTER, i);
            return;
        }
    }
}
#endif
