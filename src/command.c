/* command.c - turns arguments into safe command lines. */
/* SPDX-License-Identifier: MIT */
#include "command.h"

#include "base64.h"

#include <string.h>

enum { LOCAL_MAX = 64, DOMAIN_MAX = 255, ADDRESS_MAX = 254 };

/* The printable characters that have no place in an atom (RFC 5322 3.2.3) nor
 * between two, behind those that have none in a domain either. */
static const char not_domain[] = "!#$%&'*+/=?^`{|}~" "\"(),:;<>@[\\]";
#define NOT_ATOM (not_domain + 17)

/* The first octet that cannot stand there. */
static const char *pass(const char *at, const char *not)
{
    while (*at > ' ' && *at < 0x7F && strchr(not, *at) == NULL)
        at++;
    return at;
}

/* Why an octet that is not allowed in a slot is not allowed. */
static duva_reason blame(uint8_t octet)
{
    if (octet >= 0x80)
        return DUVA_REASON_NOT_ASCII;
    return (octet >= ' ' && octet < 0x7F) || octet == '\0'
               ? DUVA_REASON_CHARACTER
               : DUVA_REASON_CONTROL;
}

duva_reason duva_name_check(const char *domain)
{
    const char *end = domain;

    if (domain == NULL || *domain == '\0')
        return DUVA_REASON_MISSING;
    if (*domain == '[') {      /* an address literal, with colons or not */
        do
            end = pass(end + 1, not_domain);
        while (*end == ':');
        if (*end == ']' && end > domain + 1)
            end++;
        else if (*end == '\0')
            return DUVA_REASON_CHARACTER;
    } else {
        end = pass(domain, not_domain);
    }
    if (*end != '\0')
        return blame((uint8_t)*end);
    return end - domain > DOMAIN_MAX ? DUVA_REASON_DOMAIN_LONG
                                     : DUVA_REASON_NONE;
}

/* The end of a string that begins at its first quote, or the octet in it that
 * cannot be sent; then ok is 0. */
static const char *pass_quoted(const char *at, int *ok)
{
    for (at++; *at != '"'; at++) {
        if (*at == '\\')
            at++;
        *ok = *at >= ' ' && (uint8_t)*at < 0x7F;
        if (!*ok)
            return at;
    }
    return at + 1;
}

duva_reason duva_address_check(const char *addr)
{
    const char *end;
    duva_reason reason = DUVA_REASON_NONE;
    int         ok = 1;

    if (addr == NULL || *addr == '\0')
        return DUVA_REASON_MISSING;
    end = *addr == '"' ? pass_quoted(addr, &ok) : pass(addr, NOT_ATOM);
    if (!ok || end == addr || (*end != '@' && *end != '\0'))
        return blame((uint8_t)*end);
    if (end - addr > LOCAL_MAX)
        return DUVA_REASON_LOCAL_LONG;
    if (*end == '@')
        reason = duva_name_check(end + 1);
    if (reason == DUVA_REASON_NONE && strlen(addr) > ADDRESS_MAX)
        reason = DUVA_REASON_PATH_LONG;
    return reason;
}

void duva__trace(const duva_config *config, char from, const void *text,
                 size_t len)
{
    if (config->trace != NULL && len > 0)
        config->trace(config->trace_ctx, from, text, len);
}

/* Returns how many octets went into the buffer. */
static size_t put_octets(duva__writer *w, const char *data, size_t len)
{
    const size_t skip = w->skip < len ? w->skip : len;

    w->skip -= skip;
    len -= skip;
    if (len > w->room) {
        len = w->room;
        w->cut = 1;
    }
    memcpy(w->at, data + skip, len);
    w->at += len;
    w->room -= len;
    return len;
}

static void put_text(duva__writer *w, const char *text, size_t len)
{
    const size_t n = put_octets(w, text, len);

    duva__trace(w->config, 'C', w->at - n, n);
}

void duva__put(duva__writer *w, const char *form, const char *arg)
{
    const size_t n = strcspn(form, "%");

    put_text(w, form, n);
    if (form[n] == '\0')
        return;
    put_text(w, arg, strlen(arg));
    put_text(w, form + n + 1, strlen(form + n + 1));
}

void duva__put_number(duva__writer *w, uint32_t number)
{
    char  digits[11];
    char *at = digits + sizeof(digits) - 1;

    *at = '\0';
    do {
        *--at = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    put_text(w, at, strlen(at));
}

static void put_quad(duva__writer *w, const uint8_t *octets, size_t len)
{
    char quad[4];

    duva__base64_quad(quad, octets, len);
    put_octets(w, quad, sizeof(quad));
}

void duva__put_secret(duva__writer *w, const duva_span *part, unsigned parts)
{
    uint8_t in[3];
    size_t  i, n = 0;

    if (w->skip == 0 && w->room > 0)
        duva__trace(w->config, 'C', "***", 3);
    for (; parts > 0; parts--, part++)
        for (i = 0; i < part->len; i++) {
            in[n++] = ((const uint8_t *)part->data)[i];
            if (n == sizeof(in)) {
                put_quad(w, in, n);
                n = 0;
            }
        }
    if (n > 0)
        put_quad(w, in, n);
}

size_t duva__secret_length(const duva_span *part, unsigned parts)
{
    size_t len = 2;

    while (parts > 0)
        len += part[--parts].len;
    return len / 3 * 4;
}
