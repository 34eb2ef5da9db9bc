/* address.c - validates the addresses and names of commands. */
/* SPDX-License-Identifier: MIT */
#include "address.h"

#include "absent.h"
#include "duva/mail.h"

#include <string.h>

enum { LOCAL_MAX = 64, DOMAIN_MAX = 255, ADDRESS_MAX = 254 };

/* The printable characters that have no place in an atom (RFC 5322 3.2.3) nor
 * between two, behind those that have none in a domain either. */
static const char not_domain[] = "!#$%&'*+/=?^`{|}~" "\"(),:;<>@[\\]";
#define NOT_ATOM (not_domain + 17)

/* Octets beyond ASCII pass when the address may be UTF-8. */
static int is_wide(char octet, int utf8)
{
    return DUVA_WITH_SMTPUTF8 && utf8 && (uint8_t)octet >= 0x80;
}

/* The first octet that cannot stand there. */
static const char *pass(const char *at, const char *not, int utf8)
{
    while (is_wide(*at, utf8)
           || (*at > ' ' && *at < 0x7F && strchr(not, *at) == NULL))
        at++;
    return at;
}

/* The quote that closes a string, or the octet in it that cannot be sent. */
static const char *pass_quoted(const char *at, int utf8)
{
    for (at++; *at != '"'; at++) {
        if (*at == '\\')
            at++;
        if (!is_wide(*at, utf8) && (*at < ' ' || (uint8_t)*at >= 0x7F))
            break;
    }
    return at;
}

/* Why an octet is not allowed where it stands, or why the end is not. */
static duva_reason blame(const char *at)
{
    if ((uint8_t)*at >= 0x80)
        return DUVA_REASON_NOT_ASCII;
    return (*at >= ' ' && *at < 0x7F) || *at == '\0' ? DUVA_REASON_CHARACTER
                                                     : DUVA_REASON_CONTROL;
}

static duva_reason check_name(const char *domain, int utf8)
{
    const char *end;
    int         literal;

    if (domain == NULL || *domain == '\0')
        return DUVA_REASON_MISSING;
    literal = *domain == '[';
    end = pass(domain + literal, not_domain, utf8 && !literal);
    while (literal && *end == ':')
        end = pass(end + 1, not_domain, 0);
    if (literal && *end != ']')
        return blame(end);
    end += literal;
    if (*end != '\0' || end == domain + 2 * literal)
        return blame(end);
    return end - domain > DOMAIN_MAX ? DUVA_REASON_DOMAIN_LONG
                                     : DUVA_REASON_NONE;
}

duva_reason duva_name_check(const char *domain)
{
    return check_name(domain, 0);
}

static duva_reason check_address(const char *addr, int utf8)
{
    const char *end;
    duva_reason reason = DUVA_REASON_NONE;
    int         quoted;

    if (addr == NULL || *addr == '\0')
        return DUVA_REASON_MISSING;
    quoted = *addr == '"';
    end = quoted ? pass_quoted(addr, utf8) : pass(addr, NOT_ATOM, utf8);
    if (quoted && *end != '"')
        return blame(end);
    end += quoted;
    if (end == addr || (*end != '@' && *end != '\0'))
        return blame(end);
    if (end - addr > LOCAL_MAX)
        return DUVA_REASON_LOCAL_LONG;
    if (*end == '@')
        reason = utf8 ? check_name(end + 1, 1) : duva_name_check(end + 1);
    if (reason == DUVA_REASON_NONE && strlen(addr) > ADDRESS_MAX)
        reason = DUVA_REASON_PATH_LONG;
    return reason;
}

duva_reason duva_address_check(const char *addr)
{
    return check_address(addr, 0);
}

#if DUVA_WITH_SMTPUTF8

/* How many octets of one character of RFC 3629 begin there; 0: none does. */
static unsigned utf8_length(const char *text)
{
    const uint8_t *at = (const uint8_t *)text;
    const unsigned n = at[0] < 0x80   ? 1
                       : at[0] < 0xC2 ? 0
                       : at[0] < 0xE0 ? 2
                       : at[0] < 0xF0 ? 3
                       : at[0] < 0xF5 ? 4
                                      : 0;
    unsigned       i;

    for (i = 1; i < n; i++)
        if ((at[i] & 0xC0) != 0x80)
            return 0;
    /* too long a form, a surrogate, or beyond the last character */
    if ((at[0] == 0xE0 && at[1] < 0xA0) || (at[0] == 0xED && at[1] > 0x9F)
        || (at[0] == 0xF0 && at[1] < 0x90) || (at[0] == 0xF4 && at[1] > 0x8F))
        return 0;
    return n;
}

int duva__is_utf8(const char *text)
{
    unsigned n = 1;

    for (; *text != '\0' && n > 0; text += n)
        n = utf8_length(text);
    return n > 0;
}

duva_reason duva_address_check_utf8(const char *addr)
{
    return addr == NULL || duva__is_utf8(addr) ? check_address(addr, 1)
                                               : DUVA_REASON_NOT_UTF8;
}

#else
#define duva_address_check_utf8(addr) DUVA_REASON_NONE
#endif

/* An address that is too long for the copy is so too without its brackets. */
duva_reason duva_path_check(const char *addr, uint8_t flags)
{
    char         copy[ADDRESS_MAX + 2];
    const size_t len = addr != NULL ? strlen(addr) : 0;

    if ((flags & DUVA_MAIL_BRACKETS) && len > 1 && addr[0] == '<'
        && addr[len - 1] == '>' && len - 2 < sizeof(copy)) {
        memcpy(copy, addr + 1, len - 2);
        copy[len - 2] = '\0';
        addr = copy;
    }
    return flags & DUVA_MAIL_UTF8 ? duva_address_check_utf8(addr)
                                  : check_address(addr, 0);
}
