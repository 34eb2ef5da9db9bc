/* tls.h - what every adapter of TLS does in the same way. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PORT_TLS_H
#define DUVA_PORT_TLS_H

#include "duva/tls.h"

#include <string.h>

/* Can this be the first octet of a record of TLS? */
static inline int duva__tls_is_record(int octet)
{
    return octet >= 20 && octet <= 23;
}

/* Is everything there that belongs together? */
static inline int duva__tls_is_config(const duva_tls_config *config)
{
    return config != NULL
           && (config->cert_file == NULL) == (config->key_file == NULL)
           && (config->ca.data != NULL || config->ca.len == 0)
           && (config->pin != NULL || config->pin_count == 0);
}

/* Certificates in memory are text with its NUL, or one in DER. */
static inline int duva__tls_is_pem(const duva_span *ca)
{
    const char *text = ca->data;

    return ca->len > 0 && text[ca->len - 1] == '\0'
           && strstr(text, "-----BEGIN ") != NULL;
}

/* Is this the digest of one of the pinned keys? */
static inline int duva__tls_is_pin(const duva_tls_config *config,
                                   const uint8_t sha256[32])
{
    size_t i;

    for (i = 0; i < config->pin_count; i++)
        if (memcmp(config->pin[i].sha256, sha256, 32) == 0)
            return 1;
    return 0;
}

/* TLS may have to write in order to read: waits for what it wants under it,
 * which is then what can be done above. */
static inline int duva__tls_wait(duva_tls *tls, unsigned can, uint8_t for_read,
                                 uint8_t for_write, uint32_t ms)
{
    duva_link *under = tls->under;
    unsigned   wants = (can & DUVA_CAN_READ ? for_read : 0u)
                     | (can & DUVA_CAN_WRITE ? for_write : 0u);
    const int  n = under->ops->wait(under, wants, ms);

    tls->link.cause = under->cause;
    return n > 0 ? (int)can : n;
}

#endif
