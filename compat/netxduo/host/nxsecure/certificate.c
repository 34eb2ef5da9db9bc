/* certificate.c - NX Secure's certificates, parsed and verified by OpenSSL. */
/* SPDX-License-Identifier: MIT */

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "certificate.h"

enum { LONGEST = 100 };        /* a chain */

/* ---- DER ---- */

typedef struct {
    const UCHAR *at, *end;
} range;

/* Takes an element: its tag with its class, or -1.  A NULL `content` skips
 * it. */
static int take(range *in, range *content)
{
    const UCHAR *at = in->at;
    long         length;
    int          tag, class;

    if (in->at == in->end
        || (ASN1_get_object(&at, &length, &tag, &class, in->end - in->at)
            & 0x80))
        return -1;
    in->at = at + length;
    if (content != NULL) {
        content->at = at;
        content->end = at + length;
    }
    return class | tag;
}

/* The last common name. */
static void parse_name(range in, NX_SECURE_X509_DISTINGUISHED_NAME *name)
{
    range set, pair, value;

    while (take(&in, &set) == V_ASN1_SET)
        if (take(&set, &pair) == V_ASN1_SEQUENCE
            && take(&pair, &value) == V_ASN1_OBJECT
            && value.end - value.at == 3
            && memcmp(value.at, "\x55\x04\x03", 3) == 0
            && take(&pair, &value) >= 0) {
            name->nx_secure_x509_common_name = value.at;
            name->nx_secure_x509_common_name_length =
                (USHORT)(value.end - value.at);
        }
}

static X509 *parse(const NX_SECURE_X509_CERT *certificate)
{
    const UCHAR *der = certificate->nx_secure_x509_certificate_raw_data;

    return d2i_X509(NULL, &der,
                    (long)certificate
                        ->nx_secure_x509_certificate_raw_data_length);
}

int duva__nx_certificate_parse(NX_SECURE_X509_CERT *certificate)
{
    NX_SECURE_X509_CERT *c = certificate;
    const UCHAR *der = c->nx_secure_x509_certificate_raw_data;
    range in = { der, der + c->nx_secure_x509_certificate_raw_data_length };
    range issuer, subject, rest;
    int   tag;
    X509 *x = parse(c);

    X509_free(x);
    if (x == NULL)
        return 0;
    take(&in, &in);            /* the certificate */
    take(&in, &in);            /* what is signed of it */
    c->nx_secure_x509_version = NX_SECURE_X509_VERSION_1;
    tag = take(&in, NULL);     /* a version, or the serial number */
    if (tag == V_ASN1_CONTEXT_SPECIFIC) {
        c->nx_secure_x509_version = NX_SECURE_X509_VERSION_3;
        take(&in, NULL);
    }
    take(&in, NULL);           /* the algorithm of the signature */
    take(&in, &issuer);
    take(&in, NULL);           /* dates */
    take(&in, &subject);
    take(&in, NULL);           /* the public key */
    parse_name(issuer, &c->nx_secure_x509_issuer);
    parse_name(subject, &c->nx_secure_x509_distinguished_name);
    while ((tag = take(&in, &rest)) >= 0)
        if (tag == (V_ASN1_CONTEXT_SPECIFIC | 3) && take(&rest, &rest) >= 0) {
            c->nx_secure_x509_extensions_data = rest.at;
            c->nx_secure_x509_extensions_data_length =
                (ULONG)(rest.end - rest.at);
        }
    return 1;
}

UINT nx_secure_x509_certificate_initialize(
    NX_SECURE_X509_CERT *certificate, UCHAR *certificate_data, USHORT length,
    UCHAR *raw_data_buffer, USHORT buffer_size, const UCHAR *private_key,
    USHORT priv_len, UINT private_key_type)
{
    if (certificate == NX_NULL || certificate_data == NX_NULL)
        return NX_PTR_ERROR;
    memset(certificate, 0, sizeof *certificate);
    if (raw_data_buffer != NX_NULL && length > buffer_size)
        return NX_SECURE_X509_INSUFFICIENT_CERT_SPACE;
    if (raw_data_buffer != NX_NULL)
        certificate_data = memcpy(raw_data_buffer, certificate_data, length);
    certificate->nx_secure_x509_certificate_raw_data = certificate_data;
    certificate->nx_secure_x509_certificate_raw_data_length = length;
    certificate->nx_secure_x509_certificate_raw_buffer_size =
        raw_data_buffer != NX_NULL ? buffer_size : length;
    if (!duva__nx_certificate_parse(certificate))
        return NX_SECURE_X509_INVALID_CERTIFICATE;
    if (private_key != NX_NULL && priv_len > 0
        && private_key_type != NX_SECURE_X509_KEY_TYPE_RSA_PKCS1_DER
        && private_key_type != NX_SECURE_X509_KEY_TYPE_EC_DER)
        return NX_SECURE_X509_INVALID_PRIVATE_KEY_TYPE;
    certificate->nx_secure_x509_host_key = private_key;
    certificate->nx_secure_x509_host_key_length = priv_len;
    return NX_SUCCESS;
}

/* The common name counts as well as the alternative ones. */
UINT nx_secure_x509_common_name_dns_check(NX_SECURE_X509_CERT *certificate,
                                          const UCHAR *dns_tld,
                                          UINT dns_tld_length)
{
    X509 *x;
    int   found;

    if (certificate == NX_NULL || dns_tld == NX_NULL || dns_tld_length == 0)
        return NX_PTR_ERROR;
    x = parse(certificate);
    found = x != NULL
            && X509_check_host(x, (const char *)dns_tld, dns_tld_length,
                               X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT
                                   | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS,
                               NULL)
                   == 1;
    X509_free(x);
    return found ? NX_SUCCESS : NX_SECURE_X509_CERTIFICATE_DNS_MISMATCH;
}

/* ---- the store ---- */

static int is_same(const NX_SECURE_X509_DISTINGUISHED_NAME *a,
                   const NX_SECURE_X509_DISTINGUISHED_NAME *b)
{
    const USHORT length = a->nx_secure_x509_common_name_length;

    return length == b->nx_secure_x509_common_name_length
           && (length == 0
               || memcmp(a->nx_secure_x509_common_name,
                         b->nx_secure_x509_common_name, length)
                      == 0);
}

/* As on a target a name is the common name alone. */
UINT _nx_secure_x509_store_certificate_find(
    NX_SECURE_X509_CERTIFICATE_STORE *store,
    NX_SECURE_X509_DISTINGUISHED_NAME *name, UINT cert_id,
    NX_SECURE_X509_CERT **certificate, UINT *location)
{
    NX_SECURE_X509_CERT *const lists[] = {
        store->nx_secure_x509_trusted_certificates,
        store->nx_secure_x509_local_certificates,
        store->nx_secure_x509_remote_certificates
    };
    static const UINT places[] = {
        NX_SECURE_X509_CERT_LOCATION_TRUSTED,
        NX_SECURE_X509_CERT_LOCATION_LOCAL, NX_SECURE_X509_CERT_LOCATION_REMOTE
    };
    NX_SECURE_X509_CERT *at;
    size_t i;

    NX_PARAMETER_NOT_USED(cert_id);
    for (i = 0; i < 3; i++)
        for (at = lists[i]; at != NX_NULL;
             at = at->nx_secure_x509_next_certificate)
            if (is_same(name, &at->nx_secure_x509_distinguished_name)) {
                *certificate = at;
                *location = places[i];
                return NX_SUCCESS;
            }
    *certificate = NX_NULL;
    *location = NX_SECURE_X509_CERT_LOCATION_NONE;
    return NX_SECURE_X509_CERTIFICATE_NOT_FOUND;
}

/* ---- a chain ---- */

static UINT check_dates(const NX_SECURE_X509_CERT *certificate, time_t now)
{
    X509 *x = parse(certificate);
    UINT  status = NX_SUCCESS;

    if (X509_cmp_time(X509_get0_notBefore(x), &now) > 0)
        status = NX_SECURE_X509_CERTIFICATE_NOT_YET_VALID;
    else if (X509_cmp_time(X509_get0_notAfter(x), &now) < 0)
        status = NX_SECURE_X509_CERTIFICATE_EXPIRED;
    X509_free(x);
    return status;
}

/* A keyUsage of the issuer counts when it has one octet. */
static UINT check_signature(const NX_SECURE_X509_CERT *certificate,
                            const NX_SECURE_X509_CERT *issuer)
{
    X509 *x = parse(certificate), *by = parse(issuer);
    ASN1_BIT_STRING *usage = X509_get_ext_d2i(by, NID_key_usage, NULL, NULL);
    UINT  status = NX_SUCCESS;

    if (usage != NULL && usage->length == 1
        && !ASN1_BIT_STRING_get_bit(usage, 5))
        status = NX_SECURE_X509_KEY_USAGE_ERROR;
    else if (X509_verify(x, X509_get0_pubkey(by)) != 1)
        status = NX_SECURE_TLS_CERTIFICATE_SIG_CHECK_FAILED;
    ASN1_BIT_STRING_free(usage);
    X509_free(x);
    X509_free(by);
    ERR_clear_error();
    return status;
}

UINT duva__nx_chain_verify(NX_SECURE_X509_CERTIFICATE_STORE *store,
                           NX_SECURE_X509_CERT *certificate,
                           ULONG (*clock)(VOID))
{
    const time_t now = clock != NX_NULL ? (time_t)clock() : 0;
    NX_SECURE_X509_CERT *issuer;
    UINT location, i;

    for (i = 0; i < LONGEST; i++) {
        UINT status = now != 0 ? check_dates(certificate, now) : NX_SUCCESS;

        if (status != NX_SUCCESS)
            return status;
        if (is_same(&certificate->nx_secure_x509_issuer,
                    &certificate->nx_secure_x509_distinguished_name))
            return NX_SECURE_TLS_INVALID_SELF_SIGNED_CERT;
        if (_nx_secure_x509_store_certificate_find(
                store, &certificate->nx_secure_x509_issuer, 0, &issuer,
                &location)
            != NX_SUCCESS)
            return NX_SECURE_TLS_ISSUER_CERTIFICATE_NOT_FOUND;
        status = check_signature(certificate, issuer);
        if (status != NX_SUCCESS)
            return status;
        if (location == NX_SECURE_X509_CERT_LOCATION_TRUSTED)
            return NX_SUCCESS;
        certificate = issuer;
    }
    return NX_SECURE_X509_CHAIN_VERIFY_FAILURE;
}
