/* certificate.c - a certificate and a host into yes or no. */
/* SPDX-License-Identifier: MIT */
#include "certificate.h"

#include <mbedtls/asn1.h>
#include <mbedtls/oid.h>

#include <limits.h>
#include <string.h>

#include "version.h"

#define SEQUENCE (MBEDTLS_ASN1_CONSTRUCTED | MBEDTLS_ASN1_SEQUENCE)

/* ---- addresses ---- */

static const char *parse_ipv4(uint8_t out[4], const char *text)
{
    unsigned number, digits;
    int      i;

    for (i = 0; i < 4; i++) {
        if (i > 0 && *text++ != '.')
            return NULL;
        number = 0;
        for (digits = 0; *text >= '0' && *text <= '9' && digits < 4; digits++)
            number = number * 10 + (unsigned)(*text++ - '0');
        if (digits == 0 || digits > 3 || number > 255)
            return NULL;
        out[i] = (uint8_t)number;
    }
    return text;
}

static int hex_of(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static const char *parse_group(uint8_t out[2], const char *text)
{
    unsigned number = 0, digits = 0;

    for (; hex_of(*text) >= 0; digits++)
        number = (number << 4 | (unsigned)hex_of(*text++)) & 0xFFFFF;
    if (digits == 0 || digits > 4)
        return NULL;
    out[0] = (uint8_t)(number >> 8);
    out[1] = (uint8_t)number;
    return text;
}

/* Moves what stands behind "::" to the end. */
static size_t spread(uint8_t out[16], size_t len, size_t gap)
{
    if (gap > 16)
        return len == 16 ? 16 : 0;
    if (len == 16)
        return 0;
    memmove(out + 16 - (len - gap), out + gap, len - gap);
    memset(out + gap, 0, 16 - len);
    return 16;
}

static size_t parse_ipv6(uint8_t out[16], const char *text)
{
    size_t      len = 0, gap = 99;
    const char *rest;

    if (text[0] == ':' && text[1] != ':')
        return 0;
    if (text[0] == ':')
        text++;
    while (*text != '\0' && len < 16) {
        if (*text == ':' && gap < 99)
            return 0;
        if (*text == ':') {
            gap = len;
            text++;
            continue;
        }
        rest = len <= 12 ? parse_ipv4(out + len, text) : NULL;
        if (rest != NULL && *rest == '\0')
            return spread(out, len + 4, gap);
        text = parse_group(out + len, text);
        if (text == NULL)
            return 0;
        len += 2;
        if (*text == ':' && text[1] != '\0')
            text++;
        else if (*text != '\0')
            return 0;
    }
    /* a "::" may follow the last group that there is room for */
    return *text == '\0' ? spread(out, len, gap) : 0;
}

size_t duva__address_parse(uint8_t out[16], const char *text)
{
    const char *rest;

    if (strchr(text, ':') != NULL)
        return parse_ipv6(out, text);
    rest = parse_ipv4(out, text);
    return rest != NULL && *rest == '\0' ? 4 : 0;
}

/* ---- names ---- */

static int lower(int c)
{
    return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

static int is_alnum(int c)
{
    return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

static int same(const unsigned char *a, const char *b, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (lower(a[i]) != lower((unsigned char)b[i]))
            return 0;
    return 1;
}

/* "*." and then labels of letters, digits and inner hyphens, two at least. */
static int is_wildcard(const unsigned char *name, size_t len)
{
    size_t i, dots = 0;

    if (len < 3 || name[0] != '*' || name[1] != '.')
        return 0;
    for (i = 1; i < len; i++) {
        const int edge = name[i - 1] == '.' || i + 1 == len
                         || name[i + 1] == '.';

        if (name[i] == '.') {
            if (i > 1 && edge)
                return 0;
            dots++;
        } else if (!is_alnum(name[i]) && (name[i] != '-' || edge)) {
            return 0;
        }
    }
    return dots >= 2 && name[len - 1] != '.';
}

static int matches(const mbedtls_x509_buf *name, const char *host)
{
    const size_t host_len = strlen(host);
    size_t       label = 0;

    if (name->len == host_len && same(name->p, host, host_len))
        return 1;
    if (!is_wildcard(name->p, name->len))
        return 0;
    while (is_alnum((unsigned char)host[label]) || host[label] == '-')
        label++;
    return label > 0 && host_len - label == name->len - 1
           && same(name->p + 1, host + label, name->len - 1);
}

duva_reason duva__certificate_name(const mbedtls_x509_crt *x, const char *host)
{
    const mbedtls_x509_sequence *it = &x->subject_alt_names;
    uint8_t      address[16];
    const size_t len = duva__address_parse(address, host);

    if (!duva__mbedtls_has_extension(x, MBEDTLS_X509_EXT_SUBJECT_ALT_NAME))
        return DUVA_REASON_CERT_NO_NAME;
    for (; it != NULL; it = it->next) {
        const int kind = it->buf.tag & MBEDTLS_ASN1_TAG_VALUE_MASK;

        if (it->buf.p == NULL)
            continue;
        if (len > 0 && kind == MBEDTLS_X509_SAN_IP_ADDRESS
            && it->buf.len == len && memcmp(it->buf.p, address, len) == 0)
            return DUVA_REASON_NONE;
        if (len == 0 && kind == MBEDTLS_X509_SAN_DNS_NAME
            && matches(&it->buf, host))
            return DUVA_REASON_NONE;
    }
    return DUVA_REASON_CERT_NAME;
}

/* ---- its place in a chain ---- */

int duva__certificate_serves(const mbedtls_x509_crt *x)
{
    const mbedtls_x509_sequence *it = &x->ext_key_usage;

    if (!duva__mbedtls_has_extension(x, MBEDTLS_X509_EXT_EXTENDED_KEY_USAGE))
        return 1;
    for (; it != NULL; it = it->next)
        if (MBEDTLS_OID_CMP(MBEDTLS_OID_SERVER_AUTH, &it->buf) == 0)
            return 1;
    return 0;
}

int duva__certificate_is_root(const mbedtls_x509_crt *x)
{
    return x->issuer_raw.len == x->subject_raw.len
           && memcmp(x->issuer_raw.p, x->subject_raw.p, x->issuer_raw.len)
                  == 0;
}

/* How many authorities may stand below x (RFC 5280 4.2.1.9), or -1: it is none.
 * mbedTLS has checked the DER. */
static int path_limit(const mbedtls_x509_crt *x)
{
    unsigned char *p = x->v3_ext.p, *end = p + x->v3_ext.len, *next = end;
    size_t         len;
    int            flag = 0, limit;

    if (mbedtls_asn1_get_tag(&p, end, &len, SEQUENCE) != 0)
        return -1;
    for (; mbedtls_asn1_get_tag(&p, end, &len, SEQUENCE) == 0; p = next) {
        next = p + len;
        if (mbedtls_asn1_get_tag(&p, next, &len, MBEDTLS_ASN1_OID) != 0
            || MBEDTLS_OID_CMP_RAW(MBEDTLS_OID_BASIC_CONSTRAINTS, p, len)
                   != 0)
            continue;
        p += len;
        /* critical, which it need not say */
        (void)mbedtls_asn1_get_bool(&p, next, &flag);
        flag = 0;
        if (mbedtls_asn1_get_tag(&p, next, &len, MBEDTLS_ASN1_OCTET_STRING)
                != 0
            || mbedtls_asn1_get_tag(&p, next, &len, SEQUENCE) != 0
            || mbedtls_asn1_get_bool(&p, next, &flag) != 0 || !flag)
            return -1;
        return mbedtls_asn1_get_int(&p, next, &limit) == 0 ? limit : INT_MAX;
    }
    return -1;
}

/* Signed by one whom the chain, or the trust store, has under that name: why
 * does he not count? */
static duva_reason flaw_of_issuer(const mbedtls_x509_crt *x, int depth,
                                  const mbedtls_x509_crt *issuer)
{
    int limit;

    for (; issuer != NULL; issuer = issuer->next) {
        if (issuer->subject_raw.len != x->issuer_raw.len
            || memcmp(issuer->subject_raw.p, x->issuer_raw.p,
                      x->issuer_raw.len) != 0)
            continue;
        limit = path_limit(issuer);
        if (limit < 0
            || mbedtls_x509_crt_check_key_usage(
                   issuer, MBEDTLS_X509_KU_KEY_CERT_SIGN) != 0)
            return DUVA_REASON_CERT_ISSUER;
        if (limit < depth)
            return DUVA_REASON_CERT_PATH;
    }
    return DUVA_REASON_CERT_UNTRUSTED;
}

duva_reason duva__certificate_flaw(const mbedtls_x509_crt *x, int depth,
                                   uint32_t flags, const mbedtls_x509_crt *ca)
{
    duva_reason reason;

    if (flags & MBEDTLS_X509_BADCERT_NOT_TRUSTED) {
        reason = flaw_of_issuer(x, depth, x->next);
        return reason != DUVA_REASON_CERT_UNTRUSTED
                   ? reason
                   : flaw_of_issuer(x, depth, ca);
    }
    if (flags & (MBEDTLS_X509_BADCERT_KEY_USAGE
                 | MBEDTLS_X509_BADCERT_EXT_KEY_USAGE
                 | MBEDTLS_X509_BADCERT_NS_CERT_TYPE))
        return DUVA_REASON_CERT_PURPOSE;
    if (flags & (MBEDTLS_X509_BADCERT_BAD_KEY | MBEDTLS_X509_BADCERT_BAD_PK))
        return DUVA_REASON_CERT_KEY;
    return flags & MBEDTLS_X509_BADCERT_BAD_MD ? DUVA_REASON_CERT_SIGNATURE
                                               : DUVA_REASON_CERT_UNTRUSTED;
}

/* ---- its signature ---- */

/* The hash in the parameters of RSASSA-PSS, which follow its identifier: the
 * last number of the hash's own (RFC 8017 A.2.3), or -1. */
static int pss_hash(const mbedtls_x509_crt *x)
{
    const int      tag = MBEDTLS_ASN1_CONSTRUCTED
                         | MBEDTLS_ASN1_CONTEXT_SPECIFIC;
    unsigned char *p = x->sig_oid.p + x->sig_oid.len;
    unsigned char *end = x->raw.p + x->raw.len;
    size_t         len;

    return mbedtls_asn1_get_tag(&p, end, &len, SEQUENCE) == 0
                   && mbedtls_asn1_get_tag(&p, end, &len, tag) == 0
                   && mbedtls_asn1_get_tag(&p, end, &len, SEQUENCE) == 0
                   && mbedtls_asn1_get_tag(&p, end, &len, MBEDTLS_ASN1_OID)
                          == 0
                   && len > 0
               ? p[len - 1]
               : -1;
}

mbedtls_md_type_t duva__certificate_hash(const mbedtls_x509_crt *x)
{
    static const mbedtls_md_type_t hashes[] = {
        MBEDTLS_MD_SHA224, MBEDTLS_MD_SHA256, MBEDTLS_MD_SHA384,
        MBEDTLS_MD_SHA512, MBEDTLS_MD_SHA224
    };
    const mbedtls_x509_buf *oid = &x->sig_oid;
    int                     n = oid->len > 0 ? oid->p[oid->len - 1] : 0;

    if (MBEDTLS_OID_CMP(MBEDTLS_OID_RSASSA_PSS, oid) == 0)
        n = pss_hash(x);
    else if (oid->len == MBEDTLS_OID_SIZE(MBEDTLS_OID_ECDSA_SHA256)
             && memcmp(oid->p, MBEDTLS_OID_ANSI_X9_62_SIG_SHA2, oid->len - 1)
                    == 0)
        n -= 1;                /* SHA-224 is 1, SHA-256 is 2 */
    else
        n -= 10;               /* with RSA 14, and 11 */
    return n >= 0 && n < (int)(sizeof(hashes) / sizeof(hashes[0]))
               ? hashes[n]
               : MBEDTLS_MD_SHA256;
}
