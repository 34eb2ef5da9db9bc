/* crypto.h - what mechanisms need of a library of cryptography. */
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

#define DUVA_DIGEST_MAX 64     /* octets of the longest */

/* hash, hmac and pbkdf2 write one digest to out and return its octets, or a
 * duva_err: DUVA_ERR_UNSUPPORTED when the library lacks that digest,
 * DUVA_ERR_RESOURCES when there is no memory.  The
 * parts are taken as one string.  They keep nothing and wipe what they used. */
typedef struct duva_crypto {
    int (*hash)(duva_digest digest, const duva_span *part, size_t parts,
                uint8_t *out);
    int (*hmac)(duva_digest digest, const duva_span *key,
                const duva_span *part, size_t parts, uint8_t *out);
    /* PBKDF2 with HMAC (RFC 8018 5.2), its first block. */
    int (*pbkdf2)(duva_digest digest, const duva_span *pass,
                  const duva_span *salt, uint32_t iterations, uint8_t *out);
    /* Octets that nobody can guess.  DUVA_OK or a duva_err. */
    int (*random)(void *out, size_t len);
} duva_crypto;

#ifdef __cplusplus
}
#endif
#endif
