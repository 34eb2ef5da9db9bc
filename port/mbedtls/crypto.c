/* crypto.c - turns mbedTLS's digests and entropy into a duva_crypto. */
/* SPDX-License-Identifier: MIT */
#include "version.h"

#if !DUVA__MBEDTLS_PSA
#include <mbedtls/md.h>
#include <mbedtls/platform_util.h>

#include <string.h>

static const mbedtls_md_info_t *info_of(duva_digest digest)
{
    switch (digest) {
    case DUVA_MD5:
        return mbedtls_md_info_from_type(MBEDTLS_MD_MD5);
    case DUVA_SHA1:
        return mbedtls_md_info_from_type(MBEDTLS_MD_SHA1);
    case DUVA_SHA256:
        return mbedtls_md_info_from_type(MBEDTLS_MD_SHA256);
    case DUVA_SHA512:
        return mbedtls_md_info_from_type(MBEDTLS_MD_SHA512);
    default:
        return NULL;
    }
}

/* mbedTLS allocates the state of a digest: that is what can fail. */
static int digest_of(const mbedtls_md_info_t *info, const duva_span *key,
                     const duva_span *part, size_t parts, uint8_t *out)
{
    mbedtls_md_context_t md;
    size_t               i;
    int                  n;

    mbedtls_md_init(&md);
    n = mbedtls_md_setup(&md, info, key != NULL);
    if (n == 0)
        n = key != NULL ? mbedtls_md_hmac_starts(&md, key->data, key->len)
                        : mbedtls_md_starts(&md);
    for (i = 0; n == 0 && i < parts; i++)
        if (part[i].len > 0)
            n = key != NULL
                    ? mbedtls_md_hmac_update(&md, part[i].data, part[i].len)
                    : mbedtls_md_update(&md, part[i].data, part[i].len);
    if (n == 0)
        n = key != NULL ? mbedtls_md_hmac_finish(&md, out)
                        : mbedtls_md_finish(&md, out);
    mbedtls_md_free(&md);
    return n == 0 ? mbedtls_md_get_size(info) : DUVA_ERR_RESOURCES;
}

static int hash(duva_digest digest, const duva_span *part, size_t parts,
                uint8_t *out)
{
    const mbedtls_md_info_t *info = info_of(digest);

    return info == NULL ? DUVA_ERR_UNSUPPORTED
                        : digest_of(info, NULL, part, parts, out);
}

static int hmac(duva_digest digest, const duva_span *key,
                const duva_span *part, size_t parts, uint8_t *out)
{
    const mbedtls_md_info_t *info = info_of(digest);

    return info == NULL ? DUVA_ERR_UNSUPPORTED
                        : digest_of(info, key, part, parts, out);
}

/* The key's two inner states are computed once and kept in md: that halves
 * the work of every round. */
static int rounds(mbedtls_md_context_t *md, size_t size, uint32_t iterations,
                  uint8_t *out)
{
    uint8_t  u[DUVA_DIGEST_MAX];
    uint32_t i;
    size_t   k;
    int      n = 0;

    memcpy(u, out, size);
    for (i = 1; n == 0 && i < iterations; i++) {
        n = mbedtls_md_hmac_reset(md);
        if (n == 0)
            n = mbedtls_md_hmac_update(md, u, size);
        if (n == 0)
            n = mbedtls_md_hmac_finish(md, u);
        for (k = 0; k < size; k++)
            out[k] ^= u[k];
    }
    mbedtls_platform_zeroize(u, sizeof(u));
    return n;
}

static int pbkdf2(duva_digest digest, const duva_span *pass,
                  const duva_span *salt, uint32_t iterations, uint8_t *out)
{
    static const uint8_t     first[] = { 0, 0, 0, 1 };
    const mbedtls_md_info_t *info = info_of(digest);
    mbedtls_md_context_t     md;
    int                      n;

    if (info == NULL)
        return DUVA_ERR_UNSUPPORTED;
    if (iterations == 0)
        return DUVA_ERR_ARG;
    mbedtls_md_init(&md);
    n = mbedtls_md_setup(&md, info, 1);
    if (n == 0)
        n = mbedtls_md_hmac_starts(&md, pass->data, pass->len);
    if (n == 0 && salt->len > 0)
        n = mbedtls_md_hmac_update(&md, salt->data, salt->len);
    if (n == 0)
        n = mbedtls_md_hmac_update(&md, first, sizeof(first));
    if (n == 0)
        n = mbedtls_md_hmac_finish(&md, out);
    if (n == 0)
        n = rounds(&md, mbedtls_md_get_size(info), iterations, out);
    mbedtls_md_free(&md);
    return n == 0 ? mbedtls_md_get_size(info) : DUVA_ERR_RESOURCES;
}

static int random_octets(void *out, size_t len)
{
#ifdef MBEDTLS_ENTROPY_C
    mbedtls_entropy_context entropy;
    unsigned char          *to = out;
    size_t                  some;
    int                     n = 0;

    mbedtls_entropy_init(&entropy);
    while (n == 0 && len > 0) {
        some = len < MBEDTLS_ENTROPY_BLOCK_SIZE ? len
                                                : MBEDTLS_ENTROPY_BLOCK_SIZE;
        n = mbedtls_entropy_func(&entropy, to, some);
        to += some;
        len -= some;
    }
    mbedtls_entropy_free(&entropy);
    return n == 0 ? DUVA_OK : DUVA_ERR_IO;
#else
    (void)out;
    (void)len;
    return DUVA_ERR_UNSUPPORTED;
#endif
}

const duva_crypto duva_crypto_mbedtls = { hash, hmac, pbkdf2, random_octets };
#else
typedef int duva__mbedtls_has_psa; /* C has no empty files */
#endif
