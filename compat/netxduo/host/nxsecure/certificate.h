/* certificate.h - certificates, as the host layer's TLS uses them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_NX_HOST_CERTIFICATE_H
#define DUVA_NX_HOST_CERTIFICATE_H

#include "nx_secure_tls_api.h"

/* Sets version, names and extensions of a certificate whose DER is set; they
 * point into it.  Returns 0 when it cannot be parsed. */
int duva__nx_certificate_parse(NX_SECURE_X509_CERT *certificate);

/* Verifies signatures up to a trusted certificate, and dates when there is a
 * clock.  Returns a status of NX Secure. */
UINT duva__nx_chain_verify(NX_SECURE_X509_CERTIFICATE_STORE *store,
                           NX_SECURE_X509_CERT *certificate,
                           ULONG (*clock)(VOID));

#endif
