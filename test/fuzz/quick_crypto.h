/* quick_crypto.h - a duva_crypto that proves nothing, but in no time. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_QUICK_CRYPTO_H
#define DUVA_TEST_QUICK_CRYPTO_H

#include "duva/scram.h"

#include <string.h>

static inline uint64_t quick_mixed(uint64_t state, const duva_span *part,
                                   size_t parts)
{
    size_t p, i;

    for (p = 0; p < parts; p++)
        for (i = 0; i < part[p].len; i++)
            state = (state ^ ((const uint8_t *)part[p].data)[i])
                    * 0x100000001B3u;
    return state;
}

static inline int quick_spread(duva_digest digest, uint64_t state, uint8_t *out)
{
    static const int size[] = { 16, 20, 32, 64 };
    int              i;

    for (i = 0; i < size[digest]; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        out[i] = (uint8_t)(state >> 56);
    }
    return size[digest];
}

static inline int quick_hash(duva_digest d, const duva_span *part, size_t n,
                             uint8_t *out)
{
    return quick_spread(d, quick_mixed(1, part, n), out);
}

static inline int quick_hmac(duva_digest d, const duva_span *key,
                             const duva_span *part, size_t n, uint8_t *out)
{
    return quick_spread(d, quick_mixed(quick_mixed(2, key, 1), part, n), out);
}

static inline int quick_pbkdf2(duva_digest d, const duva_span *pass,
                               const duva_span *salt, uint32_t iterations,
                               uint8_t *out)
{
    const uint64_t state = quick_mixed(iterations, pass, 1);

    return quick_spread(d, quick_mixed(state, salt, 1), out);
}

static inline int quick_random(void *out, size_t len)
{
    memset(out, 0x55, len);
    return DUVA_OK;
}

static const duva_crypto quick_crypto = {
    quick_hash, quick_hmac, quick_pbkdf2, quick_random
};

#endif
