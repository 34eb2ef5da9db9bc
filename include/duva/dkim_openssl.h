/* dkim_openssl.h - the hashing and signing of dkim.h, by OpenSSL 3. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_DKIM_OPENSSL_H
#define DUVA_DKIM_OPENSSL_H

#include "duva/dkim.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Zero it before duva_dkim_openssl_open(). */
typedef struct duva_dkim_openssl {
    duva_signer signer;        /* for duva_dkim.signer */
    void       *hash[DUVA_HASHES], *key; /* private */
} duva_dkim_openssl;

/* Reads the private key, PEM of len octets: RSA of 1024 to 4096 bits
 * (rsa-sha256) or Ed25519 (ed25519-sha256).  It asks for no passphrase.
 * Returns DUVA_OK, DUVA_ERR_ARG when it is no such key, or
 * DUVA_ERR_RESOURCES when there is no memory. */
int duva_dkim_openssl_open(duva_dkim_openssl *s, const void *pem, size_t len);

/* Frees what open took, and wipes the key.  Legal at any time after zeroing. */
void duva_dkim_openssl_close(duva_dkim_openssl *s);

#ifdef __cplusplus
}
#endif
#endif
