/* crypto.h - digests and random octets for SASL mechanisms. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CRYPTO_H
#define DUVA_CRYPTO_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum duva_digest {
    DUVA_MD5, DUVA_SHA1, DUVA_SHA256, DUVA_SHA512
} duva_digest;

#define DUVA_DIGEST_MAX 64     /* octets of the longest digest */

/* Implemented by an adapter of a cryptographic library (openssl.h, mbedtls.h).
 *
 * hash, hmac and pbkdf2 write one digest to out, of DUVA_DIGEST_MAX octets or
 * more, and return its length in octets.  parts spans are hashed as one string.
 * Errors: DUVA_ERR_UNSUPPORTED, the library lacks that digest;
 * DUVA_ERR_RESOURCES, no memory.  They keep no pointer and wipe temporary
 * secrets. */
typedef struct duva_crypto {
    int (*hash)(duva_digest digest, const duva_span *part, size_t parts,
                uint8_t *out);
    int (*hmac)(duva_digest digest, const duva_span *key,
                const duva_span *part, size_t parts, uint8_t *out);
    /* The first block of PBKDF2 with HMAC (RFC 8018 5.2). */
    int (*pbkdf2)(duva_digest digest, const duva_span *pass,
                  const duva_span *salt, uint32_t iterations, uint8_t *out);
    /* Fills out with len cryptographically random octets.  Returns DUVA_OK or a
     * duva_err. */
    int (*random)(void *out, size_t len);
} duva_crypto;

#ifdef __cplusplus
}
#endif
#endif
