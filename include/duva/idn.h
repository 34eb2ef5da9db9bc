/* idn.h - converts international domain names to ASCII (IDNA2008). */
/* SPDX-License-Identifier: MIT */
/*
 * A server without SMTPUTF8 accepts mail for "ada@b\xC3\xBCcher.example"
 * when the domain is written in A-labels: "ada@xn--bcher-kva.example" (RFC
 * 5891).  A local part has no such form.
 */
#ifndef DUVA_IDN_H
#define DUVA_IDN_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Octets that these calls write at most, with the final NUL. */
#define DUVA_IDN_SIZE 256

/* Converts a domain from UTF-8 to ASCII, by IDNA2008 (RFC 5891) and the mapping
 * of UTS 46 (capitals, full-width dots).  ASCII domains and address literals
 * are copied without validation: see duva_address_check().
 *
 * Returns DUVA_REASON_NONE; or, with an empty string in buf: MISSING (NULL or
 * empty), NOT_UTF8, CHARACTER (not a valid domain), DOMAIN_LONG, or MEMORY (no
 * memory: try again later). */
duva_reason duva_idn_domain(const char *domain, char buf[DUVA_IDN_SIZE]);

/* The same for the domain of an address.  Also NOT_ASCII, the local part
 * requires SMTPUTF8; and PATH_LONG. */
duva_reason duva_idn_address(const char *addr, char buf[DUVA_IDN_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
