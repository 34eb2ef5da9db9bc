/* tls_authority.h - certificates of every kind, made in memory, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_TLS_AUTHORITY_H
#define DUVA_TEST_TLS_AUTHORITY_H

#include <openssl/evp.h>
#include <openssl/ocsp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <stdlib.h>
#include <string.h>

#define DAY 86400L

struct identity {
    EVP_PKEY *key;
    X509     *cert;
};

/* What is special about a certificate; zero is the usual. */
struct wish {
    const char *name;          /* common name; NULL: "unnamed" */
    const char *alt;           /* subjectAltName; NULL: none */
    long        from, to;      /* seconds from now; both 0: a year around */
    int         is_ca;
    int         bits;          /* an RSA key of so many; 0: P-256 */
    const char *hash;          /* of the signature; NULL: SHA-256 */
    int         pss;           /* signed by RSASSA-PSS */
    const char *limits;        /* basicConstraints; NULL: as is_ca says */
    const char *usage;         /* keyUsage; NULL: none */
    const char *purpose;       /* extendedKeyUsage; NULL: none */
    const char *constraints;   /* nameConstraints; NULL: none */
    const char *feature;       /* TLS Feature (RFC 7633); NULL: none */
    const char *policies;      /* certificatePolicies; NULL: none */
    int         odd;           /* a critical extension that nobody knows */
    int         is_v1;         /* X.509 version 1: no extensions */
    int         is_unlimited;  /* no basicConstraints */
};

static inline void extend(X509 *cert, int nid, const char *value)
{
    CONF           *empty = NCONF_new(NULL);
    X509V3_CTX      context;
    X509_EXTENSION *e;

    X509V3_set_ctx(&context, NULL, NULL, NULL, NULL, 0);
    X509V3_set_nconf(&context, empty);
    e = X509V3_EXT_nconf_nid(empty, &context, nid, value);
    if (e == NULL)
        abort();               /* a wish that OpenSSL does not understand */
    X509_add_ext(cert, e, -1);
    X509_EXTENSION_free(e);
    NCONF_free(empty);
}

static inline void extend_oddly(X509 *cert)
{
    ASN1_OBJECT       *kind = OBJ_txt2obj("1.3.6.1.4.1.99999.1", 1);
    ASN1_OCTET_STRING *value = ASN1_OCTET_STRING_new();
    X509_EXTENSION    *e;

    ASN1_OCTET_STRING_set(value, (const unsigned char *)"\5", 2);
    e = X509_EXTENSION_create_by_OBJ(NULL, kind, 1, value);
    X509_add_ext(cert, e, -1);
    X509_EXTENSION_free(e);
    ASN1_OCTET_STRING_free(value);
    ASN1_OBJECT_free(kind);
}

static inline void extend_as_wished(X509 *cert, const struct wish *w)
{
    if (!w->is_unlimited)
        extend(cert, NID_basic_constraints,
               w->limits != NULL ? w->limits
               : w->is_ca        ? "critical,CA:TRUE"
                                 : "critical,CA:FALSE");
    if (w->usage != NULL)
        extend(cert, NID_key_usage, w->usage);
    if (w->alt != NULL)
        extend(cert, NID_subject_alt_name, w->alt);
    if (w->purpose != NULL)
        extend(cert, NID_ext_key_usage, w->purpose);
    if (w->constraints != NULL)
        extend(cert, NID_name_constraints, w->constraints);
    if (w->feature != NULL)
        extend(cert, NID_tlsfeature, w->feature);
    if (w->policies != NULL)
        extend(cert, NID_certificate_policies, w->policies);
    if (w->odd)
        extend_oddly(cert);
}

static inline void sign_as_wished(X509 *cert, EVP_PKEY *key,
                                  const struct wish *w)
{
    EVP_MD_CTX   *signing = EVP_MD_CTX_new();
    EVP_PKEY_CTX *how = NULL;

    EVP_DigestSignInit(signing, &how,
                       EVP_get_digestbyname(w->hash != NULL ? w->hash
                                                            : "SHA256"),
                       NULL, key);
    if (w->pss)
        EVP_PKEY_CTX_set_rsa_padding(how, RSA_PKCS1_PSS_PADDING);
    X509_sign_ctx(cert, signing);
    EVP_MD_CTX_free(signing);
}

/* Signed by issuer, or by itself when that is NULL. */
static inline struct identity make_identity(struct wish w,
                                            const struct identity *issuer)
{
    static long     serial = 1;
    struct identity made = { w.bits != 0 ? EVP_RSA_gen((unsigned)w.bits)
                                         : EVP_EC_gen("P-256"), X509_new() };
    X509_NAME      *name = X509_get_subject_name(made.cert);
    const char     *text = w.name != NULL ? w.name : "unnamed";

    if (w.from == 0 && w.to == 0) {
        w.from = -DAY;
        w.to = 365 * DAY;
    }
    X509_set_version(made.cert, w.is_v1 ? X509_VERSION_1 : X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(made.cert), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made.cert), w.from);
    X509_gmtime_adj(X509_getm_notAfter(made.cert), w.to);
    X509_set_pubkey(made.cert, made.key);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               (const unsigned char *)text, -1, -1, 0);
    X509_set_issuer_name(made.cert, issuer != NULL
                                        ? X509_get_subject_name(issuer->cert)
                                        : name);
    if (!w.is_v1)
        extend_as_wished(made.cert, &w);
    sign_as_wished(made.cert, issuer != NULL ? issuer->key : made.key, &w);
    return made;
}

static inline struct identity make_authority(const char *name)
{
    struct wish w = { .name = name, .is_ca = 1 };

    return make_identity(w, NULL);
}

static inline void forget_identity(struct identity *i)
{
    EVP_PKEY_free(i->key);
    X509_free(i->cert);
    i->key = NULL;
    i->cert = NULL;
}

/* The certificate in PEM with a final NUL; returns its length with that. */
static inline size_t pem_of(const struct identity *i, char *buf, size_t size)
{
    BIO *bio = BIO_new(BIO_s_mem());
    int  n;

    PEM_write_bio_X509(bio, i->cert);
    n = BIO_read(bio, buf, (int)size - 1);
    BIO_free(bio);
    buf[n] = '\0';
    return (size_t)n + 1;
}

/* An answer of OCSP about a certificate, good from a minute ago for a day, in
 * DER: OPENSSL_free() it. */
static inline unsigned char *good_answer(const struct identity *about,
                                         const struct identity *issuer,
                                         size_t *len)
{
    OCSP_BASICRESP *basic = OCSP_BASICRESP_new();
    OCSP_CERTID    *id = OCSP_cert_to_id(NULL, about->cert, issuer->cert);
    ASN1_TIME      *from = X509_gmtime_adj(NULL, -60);
    ASN1_TIME      *to = X509_gmtime_adj(NULL, DAY);
    OCSP_RESPONSE  *response;
    unsigned char  *der = NULL;

    OCSP_basic_add1_status(basic, id, V_OCSP_CERTSTATUS_GOOD, 0, NULL, from,
                           to);
    OCSP_basic_sign(basic, issuer->cert, issuer->key, EVP_sha256(), NULL, 0);
    response = OCSP_response_create(OCSP_RESPONSE_STATUS_SUCCESSFUL, basic);
    *len = (size_t)i2d_OCSP_RESPONSE(response, &der);
    OCSP_RESPONSE_free(response);
    OCSP_BASICRESP_free(basic);
    OCSP_CERTID_free(id);
    ASN1_TIME_free(from);
    ASN1_TIME_free(to);
    return der;
}

static inline void pin_of(const struct identity *i, unsigned char sha256[32])
{
    unsigned char *der = NULL;
    const int      len = i2d_PUBKEY(i->key, &der);

    EVP_Digest(der, (size_t)len, sha256, NULL, EVP_sha256(), NULL);
    OPENSSL_free(der);
}

#endif
