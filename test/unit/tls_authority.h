/* tls_authority.h - certificates of every kind, made in memory, for tests. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_TLS_AUTHORITY_H
#define DUVA_TEST_TLS_AUTHORITY_H

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

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
};

static inline void extend(X509 *cert, int nid, const char *value)
{
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, nid, value);

    X509_add_ext(cert, e, -1);
    X509_EXTENSION_free(e);
}

/* Signed by issuer, or by itself when that is NULL. */
static inline struct identity make_identity(struct wish w,
                                            const struct identity *issuer)
{
    static long     serial = 1;
    struct identity made = { EVP_EC_gen("P-256"), X509_new() };
    X509_NAME      *name = X509_get_subject_name(made.cert);
    const char     *text = w.name != NULL ? w.name : "unnamed";

    if (w.from == 0 && w.to == 0) {
        w.from = -DAY;
        w.to = 365 * DAY;
    }
    X509_set_version(made.cert, 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.cert), serial++);
    X509_gmtime_adj(X509_getm_notBefore(made.cert), w.from);
    X509_gmtime_adj(X509_getm_notAfter(made.cert), w.to);
    X509_set_pubkey(made.cert, made.key);
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               (const unsigned char *)text, -1, -1, 0);
    X509_set_issuer_name(made.cert, issuer != NULL
                                        ? X509_get_subject_name(issuer->cert)
                                        : name);
    extend(made.cert, NID_basic_constraints,
           w.is_ca ? "critical,CA:TRUE" : "critical,CA:FALSE");
    if (w.alt != NULL)
        extend(made.cert, NID_subject_alt_name, w.alt);
    X509_sign(made.cert, issuer != NULL ? issuer->key : made.key, EVP_sha256());
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

static inline void pin_of(const struct identity *i, unsigned char sha256[32])
{
    unsigned char *der = NULL;
    const int      len = i2d_PUBKEY(i->key, &der);

    EVP_Digest(der, (size_t)len, sha256, NULL, EVP_sha256(), NULL);
    OPENSSL_free(der);
}

#endif
