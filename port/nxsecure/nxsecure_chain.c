/* nxsecure_chain.c - what NX Secure does not ask of certificates itself. */
/* SPDX-License-Identifier: MIT */
#include "nx_api.h"

#ifdef NX_SECURE_ENABLE        /* perhaps in nx_user.h */

#include "nxsecure_chain.h"

#include <string.h>

enum { LONGEST = 16 };         /* a chain: certificates above the server's */

/* ---- DER ---- */

enum {
    TAG_BOOLEAN = 0x01, TAG_INTEGER = 0x02, TAG_BITS = 0x03,
    TAG_OCTETS = 0x04, TAG_OID = 0x06, TAG_SEQUENCE = 0x30, TAG_DNS_NAME = 0x82
};

/* Octets that have not been read. */
typedef struct {
    const UCHAR *at;
    ULONG        left;
} octets;

/* Takes an element.  Returns its tag, or 0 when there is none or it is
 * malformed; then the content is empty. */
static UINT take(octets *in, octets *content)
{
    ULONG head = 2, len;
    UINT  tag, more;

    content->at = in->at;
    content->left = 0;
    if (in->left < head)
        return 0;
    tag = in->at[0];
    len = in->at[1];
    if (len >= 0x80) {         /* so many octets have the length */
        more = len & 0x7F;
        if (more < 1 || more > 2 || in->left < head + more)
            return 0;
        for (len = 0; more > 0; more--)
            len = len << 8 | in->at[head++];
    }
    if (len > in->left - head)
        return 0;
    content->at = in->at + head;
    content->left = len;
    in->at += head + len;
    in->left -= head + len;
    return tag;
}

static int is_true(const octets *boolean)
{
    return boolean->left == 1 && boolean->at[0] != 0;
}

static int is_same(const octets *o, const void *data, ULONG len)
{
    return o->left == len && memcmp(o->at, data, len) == 0;
}

/* ---- extensions (RFC 5280 4.2) ---- */

/* The last octet of an object identifier below 2.5.29. */
enum {
    KEY_USAGE = 15, ALT_NAME = 17, BASIC_CONSTRAINTS = 19,
    NAME_CONSTRAINTS = 30, POLICIES = 32, EXTENDED_KEY_USAGE = 37
};

typedef struct {
    octets names;              /* of the subjectAltName */
    int    is_authority;
    ULONG  path_len;           /* authorities that may stand below it */
    int    may_sign;           /* certificates, as keyUsage tells */
    int    serves;             /* TLS servers, as extendedKeyUsage tells */
    int    constrains;         /* names */
    int    unknown;            /* one that is critical, or malformed */
} extensions;

static VOID read_basic_constraints(extensions *x, octets value)
{
    octets in, field;
    UINT   tag;

    if (take(&value, &in) != TAG_SEQUENCE)
        return;
    tag = take(&in, &field);
    if (tag != TAG_BOOLEAN)
        return;                /* FALSE is left out */
    x->is_authority = is_true(&field);
    tag = take(&in, &field);
    if (tag == TAG_INTEGER)
        x->path_len = field.left == 1 ? field.at[0] : LONGEST;
}

static VOID read_key_usage(extensions *x, octets value)
{
    octets bits;

    x->may_sign = take(&value, &bits) == TAG_BITS && bits.left >= 2
                  && (bits.at[1] & 0x04) != 0;
}

static VOID read_extended_key_usage(extensions *x, octets value)
{
    static const UCHAR server[] = { 0x2B, 6, 1, 5, 5, 7, 3, 1 };
    static const UCHAR any[] = { 0x55, 0x1D, EXTENDED_KEY_USAGE, 0 };
    octets in, usage;

    x->serves = 0;
    take(&value, &in);
    while (take(&in, &usage) == TAG_OID)
        if (is_same(&usage, server, sizeof(server))
            || is_same(&usage, any, sizeof(any)))
            x->serves = 1;
}

static VOID read_extension(extensions *x, octets in)
{
    octets id, value;
    int    critical = 0;
    UINT   tag, known = 0;

    if (take(&in, &id) == TAG_OID && id.left == 3
        && memcmp(id.at, "\x55\x1D", 2) == 0)
        known = id.at[2];
    tag = take(&in, &value);
    if (tag == TAG_BOOLEAN) {
        critical = is_true(&value);
        tag = take(&in, &value);
    }
    if (tag != TAG_OCTETS)
        x->unknown = 1;
    else if (known == BASIC_CONSTRAINTS)
        read_basic_constraints(x, value);
    else if (known == KEY_USAGE)
        read_key_usage(x, value);
    else if (known == EXTENDED_KEY_USAGE)
        read_extended_key_usage(x, value);
    else if (known == ALT_NAME)
        take(&value, &x->names);
    else if (known == NAME_CONSTRAINTS)
        x->constrains = 1;
    else if (known != POLICIES && critical)
        x->unknown = 1;
}

static VOID read_extensions(const NX_SECURE_X509_CERT *certificate,
                            extensions *x)
{
    octets in, extension;

    memset(x, 0, sizeof(*x));
    x->path_len = LONGEST;
    x->may_sign = x->serves = 1;
    in.at = certificate->nx_secure_x509_extensions_data;
    in.left = certificate->nx_secure_x509_extensions_data_length;
    while (in.left > 0 && !x->unknown) {
        if (take(&in, &extension) != TAG_SEQUENCE)
            x->unknown = 1;
        read_extension(x, extension);
    }
}

/* ---- the name (RFC 9525 6) ---- */

static int is_same_text(const UCHAR *text, const UCHAR *lower, ULONG len)
{
    for (; len > 0; len--, text++)
        if ((*text >= 'A' && *text <= 'Z' ? *text - 'A' + 'a' : *text)
            != *lower++)
            return 0;
    return 1;
}

/* A wildcard is a whole label, the first, and stands for one label. */
static int is_name(octets presented, const NX_SECURE_X509_DNS_NAME *name)
{
    const UCHAR *at = name->nx_secure_x509_dns_name;
    ULONG        len = name->nx_secure_x509_dns_name_length;

    if (presented.left > 2 && memcmp(presented.at, "*.", 2) == 0) {
        presented.at++;
        presented.left--;
        if (memchr(presented.at + 1, '.', presented.left - 1) == NULL)
            return 0;          /* not for all names of a top-level domain */
        for (; len > 0 && *at != '.'; len--)
            at++;
    }
    return presented.left == len && is_same_text(presented.at, at, len);
}

/* The common name counts when there is no DNS name beside it. */
static int has_name(const NX_SECURE_X509_CERT *certificate, octets names,
                    const NX_SECURE_X509_DNS_NAME *name)
{
    const NX_SECURE_X509_DISTINGUISHED_NAME *subject =
        &certificate->nx_secure_x509_distinguished_name;
    octets presented;
    UINT   tag;
    int    found = 0;

    while ((tag = take(&names, &presented)) != 0)
        if (tag == TAG_DNS_NAME) {
            if (is_name(presented, name))
                return 1;
            found = 1;
        }
    presented.at = subject->nx_secure_x509_common_name;
    presented.left = subject->nx_secure_x509_common_name_length;
    return !found && presented.left > 0 && is_name(presented, name);
}

/* ---- the chain (RFC 5280 6.1) ---- */

/* `below` authorities stand between this one and the server's certificate. */
static duva_reason check_issuer(const NX_SECURE_X509_CERT *issuer, ULONG below)
{
    extensions x;

    read_extensions(issuer, &x);
    if (!x.is_authority)
        return DUVA_REASON_CERT_ISSUER;
    if (below > x.path_len)
        return DUVA_REASON_CERT_PATH;
    if (!x.may_sign || !x.serves)
        return DUVA_REASON_CERT_PURPOSE;
    if (x.constrains)
        return DUVA_REASON_CERT_CONSTRAINT;
    return x.unknown ? DUVA_REASON_CERT_EXTENSION : DUVA_REASON_NONE;
}

#ifdef NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES
/* NX Secure knows a self-signed certificate by its name.  Is it trusted
 * itself? */
static int is_trusted(const NX_SECURE_X509_CERT *trusted,
                      const NX_SECURE_X509_CERT *certificate)
{
    const UINT len = certificate->nx_secure_x509_certificate_raw_data_length;

    for (; trusted != NX_NULL;
         trusted = trusted->nx_secure_x509_next_certificate)
        if (trusted->nx_secure_x509_certificate_raw_data_length == len
            && memcmp(trusted->nx_secure_x509_certificate_raw_data,
                      certificate->nx_secure_x509_certificate_raw_data, len)
                   == 0)
            return 1;
    return 0;
}

static int is_self_issued(NX_SECURE_X509_CERT *certificate)
{
    return _nx_secure_x509_distinguished_name_compare(
               &certificate->nx_secure_x509_distinguished_name,
               &certificate->nx_secure_x509_issuer,
               NX_SECURE_X509_NAME_ALL_FIELDS)
           == 0;
}
#endif

/* Follows the chain as NX Secure has done, by the same function. */
static duva_reason check_issuers(NX_SECURE_X509_CERTIFICATE_STORE *store,
                                 NX_SECURE_X509_CERT *certificate)
{
    UINT        where = NX_SECURE_X509_CERT_LOCATION_NONE;
    duva_reason reason = DUVA_REASON_NONE;
    ULONG       below;

    for (below = 0; reason == DUVA_REASON_NONE && below < LONGEST; below++) {
#ifdef NX_SECURE_ALLOW_SELF_SIGNED_CERTIFICATES
        if (is_self_issued(certificate))
            return is_trusted(store->nx_secure_x509_trusted_certificates,
                              certificate)
                       ? DUVA_REASON_NONE
                       : DUVA_REASON_CERT_SELF_SIGNED;
#endif
        if (_nx_secure_x509_store_certificate_find(
                store, &certificate->nx_secure_x509_issuer, 0, &certificate,
                &where)
            != NX_SUCCESS)
            break;
        if (where == NX_SECURE_X509_CERT_LOCATION_TRUSTED
            && certificate->nx_secure_x509_version == NX_SECURE_X509_VERSION_1)
            return DUVA_REASON_NONE; /* it has no extensions */
        reason = check_issuer(certificate, below);
        if (where == NX_SECURE_X509_CERT_LOCATION_TRUSTED)
            return reason;
    }
    return reason != DUVA_REASON_NONE ? reason : DUVA_REASON_CERT_UNTRUSTED;
}

duva_reason duva__nxsecure_check(NX_SECURE_TLS_SESSION *session,
                                 NX_SECURE_X509_CERT *certificate,
                                 const NX_SECURE_X509_DNS_NAME *name)
{
    extensions  x;
    duva_reason reason = check_issuers(
        &session->nx_secure_tls_credentials.nx_secure_tls_certificate_store,
        certificate);

    if (reason != DUVA_REASON_NONE)
        return reason;
    read_extensions(certificate, &x);
    if (x.unknown)
        return DUVA_REASON_CERT_EXTENSION;
    if (!x.serves)
        return DUVA_REASON_CERT_PURPOSE;
    return has_name(certificate, x.names, name) ? DUVA_REASON_NONE
                                                : DUVA_REASON_CERT_NAME;
}

#endif
