/* certificate.h - what mbedTLS does not ask of a certificate itself. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MBEDTLS_CERTIFICATE_H
#define DUVA_MBEDTLS_CERTIFICATE_H

#include "duva/reason.h"

#include <mbedtls/md.h>
#include <mbedtls/x509_crt.h>

#include <stdint.h>

/* An IPv4 or IPv6 address in text: its 4 or 16 octets in out.  Returns how
 * many, or 0: it is no address. */
size_t duva__address_parse(uint8_t out[16], const char *text);

/* NONE when the subjectAltName of x carries this host, name or address; else
 * CERT_NAME or CERT_NO_NAME.  The common name does not count (RFC 9525), nor
 * does half a wildcard. */
duva_reason duva__certificate_name(const mbedtls_x509_crt *x, const char *host);

/* May this certificate stand in a server's chain, as far as its extended key
 * usage tells?  Any usage is not a server's. */
int duva__certificate_serves(const mbedtls_x509_crt *x);

/* Is it the end of a chain, issued by itself? */
int duva__certificate_is_root(const mbedtls_x509_crt *x);

/* What these flags, but for name and dates, have against x, which is depth
 * certificates above the server's own: a reason from CERT_UNTRUSTED on.  Its
 * issuer may stand behind it, or among ca. */
duva_reason duva__certificate_flaw(const mbedtls_x509_crt *x, int depth,
                                   uint32_t flags, const mbedtls_x509_crt *ca);

/* The hash for the binding to x (RFC 5929 4.1): that of its signature, or
 * SHA-256 for one that is weaker. */
mbedtls_md_type_t duva__certificate_hash(const mbedtls_x509_crt *x);

#endif
