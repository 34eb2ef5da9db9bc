/* nxsecure_chain.h - what NX Secure does not ask of certificates itself. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_NXSECURE_CHAIN_H
#define DUVA_NXSECURE_CHAIN_H

#include "duva/link.h"
#include "nx_secure_tls_api.h"

/* Checks the chain of the server's certificate, whose signatures NX Secure has
 * verified, and its name.  `name` is in lower case, without a final dot.  NONE,
 * or CERT_UNTRUSTED, _SELF_SIGNED, _PURPOSE, _EXTENSION, _CONSTRAINT, _PATH,
 * _ISSUER or _NAME. */
duva_reason duva__nxsecure_check(NX_SECURE_TLS_SESSION *session,
                                 NX_SECURE_X509_CERT *certificate,
                                 const NX_SECURE_X509_DNS_NAME *name);

#endif
