/* dkim.c - digests into DKIM signatures, by OpenSSL 3. */
/* SPDX-License-Identifier: MIT */
#include "duva/dkim_openssl.h"

#include "shortage.h"

#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

static int failed(void)
{
    return duva__openssl_shortage() != 0 ? DUVA_ERR_RESOURCES : DUVA_ERR_TLS;
}

static int start(duva_signer *signer)
{
    duva_dkim_openssl *const s = (duva_dkim_openssl *)signer;
    int                      i;

    duva__openssl_ready();
    for (i = 0; i < DUVA_HASHES; i++)
        if (EVP_DigestInit_ex(s->hash[i], EVP_sha256(), NULL) != 1)
            return failed();
    return DUVA_OK;
}

static int update(duva_signer *signer, enum duva_hash hash, const void *data,
                  size_t len)
{
    duva_dkim_openssl *const s = (duva_dkim_openssl *)signer;

    duva__openssl_ready();
    return EVP_DigestUpdate(s->hash[hash], data, len) == 1 ? DUVA_OK
                                                           : failed();
}

static int finish(duva_signer *signer, enum duva_hash hash, uint8_t digest[32])
{
    duva_dkim_openssl *const s = (duva_dkim_openssl *)signer;

    duva__openssl_ready();
    return EVP_DigestFinal_ex(s->hash[hash], digest, NULL) == 1 ? DUVA_OK
                                                                : failed();
}

/* RSA signs the digest as one of SHA-256; Ed25519 takes it for the message
 * (RFC 8463 3). */
static int sign(duva_signer *signer, const uint8_t digest[32],
                uint8_t *signature, size_t cap)
{
    duva_dkim_openssl *const s = (duva_dkim_openssl *)signer;
    EVP_PKEY_CTX            *ctx = NULL;
    EVP_MD_CTX              *md = NULL;
    size_t                   len = cap;
    int                      ok = 0;

    duva__openssl_ready();
    if (EVP_PKEY_is_a(s->key, "RSA")) {
        ctx = EVP_PKEY_CTX_new(s->key, NULL);
        ok = ctx != NULL && EVP_PKEY_sign_init(ctx) == 1
             && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) == 1
             && EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1
             && EVP_PKEY_sign(ctx, signature, &len, digest, 32) == 1;
    } else {
        md = EVP_MD_CTX_new();
        ok = md != NULL
             && EVP_DigestSignInit(md, NULL, NULL, NULL, s->key) == 1
             && EVP_DigestSign(md, signature, &len, digest, 32) == 1;
    }
    EVP_PKEY_CTX_free(ctx);
    EVP_MD_CTX_free(md);
    return ok ? (int)len : failed();
}

static int no_passphrase(char *buf, int size, int rwflag, void *ctx)
{
    (void)buf;
    (void)size;
    (void)rwflag;
    (void)ctx;
    return -1;
}

int duva_dkim_openssl_open(duva_dkim_openssl *s, const void *pem, size_t len)
{
    BIO *bio;
    int  bits, rsa, code;

    if (s == NULL || pem == NULL || len > INT_MAX)
        return DUVA_ERR_ARG;
    if (!duva__openssl_ready())
        return DUVA_ERR_RESOURCES;
    bio = BIO_new_mem_buf(pem, (int)len);
    s->hash[0] = EVP_MD_CTX_new();
    s->hash[1] = EVP_MD_CTX_new();
    if (bio != NULL)
        s->key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
    BIO_free(bio);
    rsa = s->key != NULL && EVP_PKEY_is_a(s->key, "RSA");
    bits = s->key != NULL ? EVP_PKEY_get_bits(s->key) : 0;
    if (bio == NULL || s->hash[0] == NULL || s->hash[1] == NULL
        || (rsa ? bits < 1024 || bits > 4096
                : s->key == NULL || !EVP_PKEY_is_a(s->key, "ED25519"))) {
        code = duva__openssl_shortage();
        duva_dkim_openssl_close(s);
        return code != 0 ? DUVA_ERR_RESOURCES : DUVA_ERR_ARG;
    }
    s->signer.algorithm = rsa ? "rsa-sha256" : "ed25519-sha256";
    s->signer.start = start;
    s->signer.update = update;
    s->signer.finish = finish;
    s->signer.sign = sign;
    return DUVA_OK;
}

void duva_dkim_openssl_close(duva_dkim_openssl *s)
{
    EVP_MD_CTX_free(s->hash[0]);
    EVP_MD_CTX_free(s->hash[1]);
    EVP_PKEY_free(s->key);
    memset(s, 0, sizeof *s);
}
