/* tls.h - how a server must prove itself, and how we prove ourselves. */
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
 * given, one of them must be in the chain that the server proved; several let
 * a key roll. */
typedef struct duva_pin {
    uint8_t sha256[32];
} duva_pin;

typedef struct duva_tls_config {
    /* Whom to trust: certificates in PEM (data must end in a NUL that len
     * counts) or one in DER; or a file of PEM; or, with neither, the trust
     * store of the system.  An adapter without files refuses ca_file. */
    duva_span       ca;
    const char     *ca_file;
    /* Who we are, for servers that ask: PEM files.  NULL: nobody. */
    const char     *cert_file;
    const char     *key_file;
    const duva_pin *pin;
    size_t          pin_count;
    /* 1: take any certificate, or none that is right, from anybody.  The
     * password may then go to anybody too, so duva_auth() still refuses to
     * show it.  duva_tls_info.verified stays 0. */
    uint8_t         dangerously_trust_everyone;
} duva_tls_config;

#ifdef __cplusplus
}
#endif
#endif
