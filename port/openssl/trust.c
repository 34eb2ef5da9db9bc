/* trust.c - trust anchors and client certificate, from files and memory. */
/* SPDX-License-Identifier: MIT */
#include "trust.h"

#include "../tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <limits.h>

static int trust_one(X509_STORE *store, X509 *x)
{
    const int added = x != NULL && X509_STORE_add_cert(store, x) == 1;

    X509_free(x);
    return added;
}

/* A certificate that cannot be read ends the reading, as the end of the text
 * does: only the latter is no error. */
static int trust_pem(X509_STORE *store, BIO *bio)
{
    X509 *x;
    int   n = 0;

    while ((x = PEM_read_bio_X509(bio, NULL, NULL, NULL)) != NULL) {
        if (!trust_one(store, x))
            return 0;
        n++;
    }
    return n > 0
           && ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
}

static int trust_memory(X509_STORE *store, const duva_span *ca)
{
    BIO *bio;
    int  done;

    if (ca->len > INT_MAX)
        return 0;
    bio = BIO_new_mem_buf(ca->data, (int)ca->len);
    if (bio == NULL)
        return 0;
    if (duva__tls_is_pem(ca))
        done = trust_pem(store, bio);
    else
        done = trust_one(store, d2i_X509_bio(bio, NULL));
    BIO_free(bio);
    return done;
}

/* OpenSSL parses a certificate at its first use, and calls it invalid from then
 * on if memory is short: so it is parsed now. */
static void look_into(X509_STORE *store)
{
    STACK_OF(X509_OBJECT) *all = X509_STORE_get0_objects(store);
    X509 *x;
    int   i;

    for (i = 0; i < sk_X509_OBJECT_num(all); i++) {
        x = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(all, i));
        if (x != NULL)         /* a bad one is its own affair */
            (void)X509_check_purpose(x, -1, 0);
    }
}

int duva__openssl_trust(SSL_CTX *context, const duva_tls_config *config)
{
    X509_STORE *store = SSL_CTX_get_cert_store(context);
    int         done;

    if (config->dangerously_trust_everyone)
        return 1;
    if (config->ca.len > 0)
        done = trust_memory(store, &config->ca);
    else if (config->ca_file != NULL)
        done = SSL_CTX_load_verify_locations(context, config->ca_file, NULL);
    else
        done = SSL_CTX_set_default_verify_paths(context);
    look_into(store);
    return done;
}

/* An encrypted key is an error, not a question on somebody's terminal. */
static int no_password(char *buf, int size, int writing, void *ctx)
{
    (void)buf;
    (void)size;
    (void)writing;
    (void)ctx;
    return -1;
}

int duva__openssl_identify(SSL_CTX *context, const duva_tls_config *config)
{
    if (config->cert_file == NULL)
        return 1;
    SSL_CTX_set_default_passwd_cb(context, no_password);
    return SSL_CTX_use_certificate_chain_file(context, config->cert_file) == 1
           && SSL_CTX_use_PrivateKey_file(context, config->key_file,
                                          SSL_FILETYPE_PEM) == 1
           && SSL_CTX_check_private_key(context) == 1;
}
