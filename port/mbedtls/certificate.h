/* certificate.h - what mbedTLS does not ask of a certificate itself. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MBEDTLS_CERTIFICATE_H
#define DUVA_MBEDTLS_CERTIFICATE_H

#include <mbedtls/x509_crt.h>

#include <stdint.h>

/* An IPv4 or IPv6 address in text: its 4 or 16 octets in out.  Returns how
 * many, or 0: it is no address. */
size_t duva__address_parse(uint8_t out[16], const char *text);

/* Does the subjectAltName of x carry this host, name or address?  The common
 * name does not count (RFC 9525), nor does half a wildcard. */
int duva__certificate_names(const mbedtls_x509_crt *x, const char *host);

/* May this certificate stand in a server's chain, as far as its extended key
 * usage tells?  Any usage is not a server's. */
int duva__certificate_serves(const mbedtls_x509_crt *x);

/* Is it the end of a chain, issued by itself? */
int duva__certificate_is_root(const mbedtls_x509_crt *x);

#endif
