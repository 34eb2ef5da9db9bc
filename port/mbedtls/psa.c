/* psa.c - turns PSA's digests and random octets into a duva_crypto. */
/* SPDX-License-Identifier: MIT */
#include "version.h"

#if DUVA__MBEDTLS_PSA
#include <mbedtls/platform_util.h>

#include <string.h>

static psa_algorithm_t hash_of(duva_digest digest)
{
    switch (digest) {
    case DUVA_MD5:
        return PSA_ALG_MD5;
    case DUVA_SHA1:
        return PSA_ALG_SHA_1;
    case DUVA_SHA256:
        return PSA_ALG_SHA_256;
    case DUVA_SHA512:
        return PSA_ALG_SHA_512;
    default:
        return PSA_ALG_NONE;
    }
}

static int result(psa_status_t status, size_t len)
{
    if (status == PSA_SUCCESS)
        return (int)len;
    return status == PSA_ERROR_NOT_SUPPORTED ? DUVA_ERR_UNSUPPORTED
                                             : DUVA_ERR_RESOURCES;
}

static int hash(duva_digest digest, const duva_span *part, size_t parts,
                uint8_t *out)
{
    psa_hash_operation_t operation = PSA_HASH_OPERATION_INIT;
    psa_status_t         n = psa_crypto_init();
    size_t               len = 0, i;

    if (n == PSA_SUCCESS)
        n = psa_hash_setup(&operation, hash_of(digest));
    for (i = 0; n == PSA_SUCCESS && i < parts; i++)
        if (part[i].len > 0)
            n = psa_hash_update(&operation, part[i].data, part[i].len);
    if (n == PSA_SUCCESS)
        n = psa_hash_finish(&operation, out, DUVA_DIGEST_MAX, &len);
    /* it is what frees an operation that was not finished */
    (void)psa_hash_abort(&operation);
    return result(n, len);
}

/* A key of no octets is for HMAC one of zeros, and for PSA none. */
static psa_status_t import(psa_algorithm_t algorithm, const duva_span *key,
                           psa_key_id_t *id)
{
    static const uint8_t zero[1];
    psa_key_attributes_t attributes = PSA_KEY_ATTRIBUTES_INIT;
    psa_status_t         n = psa_crypto_init();

    if (n != PSA_SUCCESS)
        return n;
    psa_set_key_usage_flags(&attributes, PSA_KEY_USAGE_SIGN_MESSAGE);
    psa_set_key_algorithm(&attributes, algorithm);
    psa_set_key_type(&attributes, PSA_KEY_TYPE_HMAC);
    return key->len > 0
               ? psa_import_key(&attributes, key->data, key->len, id)
               : psa_import_key(&attributes, zero, sizeof(zero), id);
}

static psa_status_t sign(psa_key_id_t key, psa_algorithm_t algorithm,
                         const duva_span *part, size_t parts, uint8_t *out,
                         size_t *len)
{
    psa_mac_operation_t operation = PSA_MAC_OPERATION_INIT;
    psa_status_t        n = psa_mac_sign_setup(&operation, key, algorithm);
    size_t              i;

    for (i = 0; n == PSA_SUCCESS && i < parts; i++)
        if (part[i].len > 0)
            n = psa_mac_update(&operation, part[i].data, part[i].len);
    if (n == PSA_SUCCESS)
        n = psa_mac_sign_finish(&operation, out, DUVA_DIGEST_MAX, len);
    /* it is what frees an operation that was not finished */
    (void)psa_mac_abort(&operation);
    return n;
}

static int hmac(duva_digest digest, const duva_span *key,
                const duva_span *part, size_t parts, uint8_t *out)
{
    const psa_algorithm_t algorithm = PSA_ALG_HMAC(hash_of(digest));
    psa_key_id_t          id = PSA_KEY_ID_NULL;
    size_t                len = 0;
    psa_status_t          n = import(algorithm, key, &id);

    if (n == PSA_SUCCESS)
        n = sign(id, algorithm, part, parts, out, &len);
    /* it is in memory alone, and wiped there */
    (void)psa_destroy_key(id);
    return result(n, len);
}

/* Not by PSA's own PBKDF2, which not every build has. */
static int pbkdf2(duva_digest digest, const duva_span *pass,
                  const duva_span *salt, uint32_t iterations, uint8_t *out)
{
    static const uint8_t  first[] = { 0, 0, 0, 1 };
    const psa_algorithm_t algorithm = PSA_ALG_HMAC(hash_of(digest));
    const duva_span       seed[] = { *salt, { first, sizeof(first) } };
    psa_key_id_t          id = PSA_KEY_ID_NULL;
    uint8_t               u[DUVA_DIGEST_MAX];
    size_t                len = 0, k;
    uint32_t              i;
    psa_status_t          n;

    if (iterations == 0)
        return DUVA_ERR_ARG;
    n = import(algorithm, pass, &id);
    if (n == PSA_SUCCESS)
        n = sign(id, algorithm, seed, 2, u, &len);
    if (n == PSA_SUCCESS)
        memcpy(out, u, len);
    for (i = 1; n == PSA_SUCCESS && i < iterations; i++) {
        n = psa_mac_compute(id, algorithm, u, len, u, sizeof(u), &len);
        for (k = 0; k < len; k++)
            out[k] ^= u[k];
    }
    /* it is in memory alone, and wiped there */
    (void)psa_destroy_key(id);
    mbedtls_platform_zeroize(u, sizeof(u));
    return result(n, len);
}

static int random_octets(void *out, size_t len)
{
    psa_status_t n = psa_crypto_init();

    if (n == PSA_SUCCESS && len > 0)
        n = psa_generate_random(out, len);
    return n == PSA_SUCCESS ? DUVA_OK : DUVA_ERR_IO;
}

const duva_crypto duva_crypto_mbedtls = { hash, hmac, pbkdf2, random_octets };
#else
typedef int duva__mbedtls_no_psa; /* C has no empty files */
#endif
