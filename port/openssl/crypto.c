/* crypto.c - what mechanisms need of cryptography, by OpenSSL 3. */
/* SPDX-License-Identifier: MIT */
#include "duva/openssl.h"

#include "shortage.h"

#include <limits.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/rand.h>

static const char *const names[] = { "MD5", "SHA1", "SHA256", "SHA512" };

/* What the library has not got, or is told not to have, is unsupported; but it
 * may have had no memory to fetch it. */
static int failed(void)
{
    return duva__openssl_shortage() != 0 ? DUVA_ERR_RESOURCES
                                         : DUVA_ERR_UNSUPPORTED;
}

static int hash(duva_digest digest, const duva_span *part, size_t parts,
                uint8_t *out)
{
    EVP_MD_CTX *c;
    EVP_MD     *md;
    unsigned    len = 0;
    int         good;
    size_t      i;

    if (!duva__openssl_ready())
        return DUVA_ERR_RESOURCES;
    c = EVP_MD_CTX_new();
    md = EVP_MD_fetch(NULL, names[digest], NULL);
    good = c != NULL && md != NULL && EVP_DigestInit(c, md);
    for (i = 0; good && i < parts; i++)
        good = EVP_DigestUpdate(c, part[i].data, part[i].len);
    good = good && EVP_DigestFinal_ex(c, out, &len);
    EVP_MD_CTX_free(c);
    EVP_MD_free(md);
    return good ? (int)len : failed();
}

static int hmac(duva_digest digest, const duva_span *key,
                const duva_span *part, size_t parts, uint8_t *out)
{
    char         name[8];
    OSSL_PARAM   params[2];
    EVP_MAC     *mac;
    EVP_MAC_CTX *c;
    size_t       i, len = 0;
    int          good;

    if (!duva__openssl_ready())
        return DUVA_ERR_RESOURCES;
    mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
    c = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
    OPENSSL_strlcpy(name, names[digest], sizeof(name));
    params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name,
                                                 0);
    params[1] = OSSL_PARAM_construct_end();
    /* With a key of NULL it would take the key of before. */
    good = c != NULL
           && EVP_MAC_init(c, key->len > 0 ? key->data
                                           : (const void *)"", key->len,
                           params);
    for (i = 0; good && i < parts; i++)
        good = EVP_MAC_update(c, part[i].data, part[i].len);
    good = good && EVP_MAC_final(c, out, &len, DUVA_DIGEST_MAX);
    EVP_MAC_CTX_free(c);
    EVP_MAC_free(mac);
    return good ? (int)len : failed();
}

static int pbkdf2(duva_digest digest, const duva_span *pass,
                  const duva_span *salt, uint32_t iterations, uint8_t *out)
{
    EVP_MD *md;
    int     len;

    if (!duva__openssl_ready())
        return DUVA_ERR_RESOURCES;
    md = EVP_MD_fetch(NULL, names[digest], NULL);
    len = md != NULL ? EVP_MD_get_size(md) : 0;
    if (pass->len > INT_MAX || salt->len > INT_MAX || iterations > INT_MAX
        || len <= 0
        || !PKCS5_PBKDF2_HMAC(pass->len > 0 ? pass->data : "",
                              (int)pass->len, salt->data, (int)salt->len,
                              (int)iterations, md, len, out))
        len = failed();
    EVP_MD_free(md);
    return len;
}

static int random_octets(void *out, size_t len)
{
    if (!duva__openssl_ready())
        return DUVA_ERR_RESOURCES;
    return len <= INT_MAX && RAND_bytes(out, (int)len) == 1 ? DUVA_OK
                                                            : failed();
}

const duva_crypto duva_crypto_openssl = { hash, hmac, pbkdf2, random_octets };
