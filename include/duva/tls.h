/* tls.h - how the server is verified, and the certificate of the client. */
/* SPDX-License-Identifier: MIT */
/*
 * One description for every adapter (openssl.h, mbedtls.h).  All of it is
 * borrowed as long as an adapter that was made with it lives.  TLS below 1.2
 * is off and cannot be switched on (RFC 8996).
 */
#ifndef DUVA_TLS_H
#define DUVA_TLS_H

#include "duva/link.h"

#ifdef __cplusplus
extern "C" {
#endif

/* SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469 2.4).  With pins
 * one of them must be in the verified chain; several allow a change of key. */
typedef struct duva_pin {
    uint8_t sha256[32];
} duva_pin;

typedef struct duva_tls_config {
    /* Trust anchors: certificates in PEM (data must end in a NUL that len
     * counts) or one in DER; or a file of PEM; or, with neither, the trust
     * store of the system.  An adapter without files rejects ca_file. */
    duva_span       ca;
    const char     *ca_file;
    /* Certificate and key of the client, PEM files.  NULL: none. */
    const char     *cert_file;
    const char     *key_file;
    const duva_pin *pin;
    size_t          pin_count;
    /* 1: no verification.  duva_tls_info.verified stays 0, so that duva_auth()
     * refuses mechanisms that send the password. */
    uint8_t         dangerously_trust_everyone;
} duva_tls_config;

#ifdef __cplusplus
}
#endif
#endif
