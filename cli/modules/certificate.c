/* certificate.c - a certificate in DER into what people ask about it. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <limits.h>
#include <string.h>
#include <time.h>

#include <arpa/inet.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>

#include "modules/certificate.h"
#include "modules/certificate.h"
#include "text/escape.h"

static void put_name(char *to, size_t size, const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *text = NULL;
    long len = 0;

    if (bio != NULL
        && X509_NAME_print_ex(bio, name, 0,
                              XN_FLAG_RFC2253 & ~(unsigned)ASN1_STRFLGS_ESC_MSB)
               >= 0)
        len = BIO_get_mem_data(bio, &text);
    cli_escape(to, size, text != NULL ? text : "", len > 0 ? (size_t)len : 0);
    BIO_free(bio);
}

static void put_alternative(char *to, size_t size, const char *kind,
                            const char *text, size_t len)
{
    char shown[600];
    const size_t used = strlen(to);

    cli_escape(shown, sizeof(shown), text, len);
    if (used + strlen(kind) + strlen(shown) + 3 < size)
        snprintf(to + used, size - used, "%s:%s\n", kind, shown);
}

static void put_address(char *to, size_t size, const ASN1_STRING *octets)
{
    const int len = ASN1_STRING_length(octets);
    char text[INET6_ADDRSTRLEN];

    if ((len == 4 || len == 16)
        && inet_ntop(len == 4 ? AF_INET : AF_INET6,
                     ASN1_STRING_get0_data(octets), text, sizeof(text)))
        put_alternative(to, size, "IP", text, strlen(text));
}

/* Other kinds of names say nothing of a mail server. */
static void put_alternatives(char *to, size_t size, X509 *x)
{
    GENERAL_NAMES *names = X509_get_ext_d2i(x, NID_subject_alt_name, NULL,
                                            NULL);
    const ASN1_STRING *text;
    const GENERAL_NAME *name;
    int i, kind;

    to[0] = '\0';
    for (i = 0; i < sk_GENERAL_NAME_num(names); i++) {
        name = sk_GENERAL_NAME_value(names, i);
        text = GENERAL_NAME_get0_value(name, &kind);
        if (kind == GEN_DNS || kind == GEN_EMAIL)
            put_alternative(to, size, kind == GEN_DNS ? "DNS" : "email",
                            (const char *)ASN1_STRING_get0_data(text),
                            (size_t)ASN1_STRING_length(text));
        else if (kind == GEN_IPADD)
            put_address(to, size, text);
    }
    GENERAL_NAMES_free(names);
}

static void put_time(char *to, size_t size, const ASN1_TIME *when)
{
    struct tm t;

    if (ASN1_TIME_to_tm(when, &t) != 1
        || strftime(to, size, "%Y-%m-%dT%H:%M:%SZ", &t) == 0)
        to[0] = '\0';
}

/* Whole days; a part of one that is over counts as one. */
static int days_until(const ASN1_TIME *when)
{
    int days = 0, seconds = 0;

    if (ASN1_TIME_diff(&days, &seconds, NULL, when) != 1)
        return -1;
    return seconds < 0 ? days - 1 : days;
}

static void put_pin(char *to, X509 *x)
{
    unsigned char *der = NULL, sha256[EVP_MAX_MD_SIZE];
    const int len = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x), &der);

    to[0] = '\0';
    if (len > 0
        && EVP_Digest(der, (size_t)len, sha256, NULL, EVP_sha256(), NULL)
               == 1) {
        strcpy(to, "sha256/");
        EVP_EncodeBlock((unsigned char *)to + 7, sha256, 32);
    }
    OPENSSL_free(der);
}

static void put_key(struct cli_certificate *c, X509 *x)
{
    const EVP_PKEY *key = X509_get0_pubkey(x);
    const char *name = key != NULL ? EVP_PKEY_get0_type_name(key) : NULL;

    snprintf(c->key, sizeof(c->key), "%s", name != NULL ? name : "unknown");
    c->bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;
}

int cli_certificate_read(struct cli_certificate *c, const void *der,
                         size_t len)
{
    const unsigned char *at = der;
    X509 *x = len <= LONG_MAX ? d2i_X509(NULL, &at, (long)len) : NULL;

    if (x == NULL) {
        ERR_clear_error();
        return -1;
    }
    memset(c, 0, sizeof(*c));
    put_name(c->subject, sizeof(c->subject), X509_get_subject_name(x));
    put_name(c->issuer, sizeof(c->issuer), X509_get_issuer_name(x));
    put_alternatives(c->names, sizeof(c->names), x);
    put_time(c->from, sizeof(c->from), X509_get0_notBefore(x));
    put_time(c->to, sizeof(c->to), X509_get0_notAfter(x));
    c->days_left = days_until(X509_get0_notAfter(x));
    put_key(c, x);
    put_pin(c->pin, x);
    X509_free(x);
    ERR_clear_error();
    return 0;
}
