/* idn.c - turns domains in UTF-8 into A-labels, by libidn2. */
/* SPDX-License-Identifier: MIT */
#include "duva/idn.h"
#include "duva/mail.h"

#include "../resources.h"

#include <idn2.h>
#include <string.h>

static int is_ascii(const char *text, size_t len)
{
    while (len > 0 && (unsigned char)*text < 0x80) {
        text++;
        len--;
    }
    return len == 0;
}

/* What failed for want of memory may pass for something else, but it has set
 * errno. */
static duva_reason reason_of(int code)
{
    if (code != IDN2_OK && duva__is_short(errno))
        return DUVA_REASON_MEMORY;
    switch (code) {
    case IDN2_OK:
        return DUVA_REASON_NONE;
    case IDN2_MALLOC:
        return DUVA_REASON_MEMORY;
    case IDN2_ENCODING_ERROR: case IDN2_ICONV_FAIL:
        return DUVA_REASON_NOT_UTF8;
    case IDN2_TOO_BIG_DOMAIN: case IDN2_TOO_BIG_LABEL:
        return DUVA_REASON_DOMAIN_LONG;
    default:
        return DUVA_REASON_CHARACTER;
    }
}

/* Text that fits in room for size octets, or too_long. */
static duva_reason copy(char *buf, size_t size, const char *text,
                        duva_reason too_long)
{
    const size_t len = strlen(text);

    if (len >= size)
        return too_long;
    memcpy(buf, text, len + 1);
    return DUVA_REASON_NONE;
}

static duva_reason convert(const char *domain, char *buf, size_t size,
                           duva_reason too_long)
{
    uint8_t    *ascii = NULL;
    duva_reason reason;

    if (is_ascii(domain, strlen(domain)))
        return copy(buf, size, domain, too_long);
    errno = 0;
    reason = reason_of(idn2_lookup_u8((const uint8_t *)domain, &ascii,
                                      IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL));
    /* What is ASCII in it comes through as it is; the rules of STD 3 would
     * drop what they do not like, and make another domain of it. */
    if (reason == DUVA_REASON_NONE
        && duva_name_check((const char *)ascii) != DUVA_REASON_NONE)
        reason = DUVA_REASON_CHARACTER;
    if (reason == DUVA_REASON_NONE)
        reason = copy(buf, size, (const char *)ascii, too_long);
    idn2_free(ascii);
    return reason;
}

duva_reason duva_idn_domain(const char *domain, char buf[DUVA_IDN_SIZE])
{
    buf[0] = '\0';
    if (domain == NULL || *domain == '\0')
        return DUVA_REASON_MISSING;
    return convert(domain, buf, DUVA_IDN_SIZE, DUVA_REASON_DOMAIN_LONG);
}

duva_reason duva_idn_address(const char *addr, char buf[DUVA_IDN_SIZE])
{
    const char *at;
    size_t      local;
    duva_reason reason;

    buf[0] = '\0';
    if (addr == NULL || *addr == '\0')
        return DUVA_REASON_MISSING;
    at = strrchr(addr, '@');
    local = at != NULL ? (size_t)(at - addr) + 1 : strlen(addr);
    if (!is_ascii(addr, local))
        return DUVA_REASON_NOT_ASCII;
    if (local >= DUVA_IDN_SIZE)
        return DUVA_REASON_PATH_LONG;
    reason = convert(addr + local, buf + local, DUVA_IDN_SIZE - local,
                     DUVA_REASON_PATH_LONG);
    if (reason == DUVA_REASON_NONE)
        memcpy(buf, addr, local);
    else
        buf[0] = '\0';
    return reason;
}
