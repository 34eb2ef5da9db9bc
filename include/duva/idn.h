/* idn.h - international domains in the ASCII that every server knows. */
/* SPDX-License-Identifier: MIT */
/*
 * A server without SMTPUTF8 can still have mail for "ada@b\xC3\xBCcher.example"
 * when the domain is said in A-labels: "ada@xn--bcher-kva.example" (RFC 5891).
 * What stands before the "@" has no such form.
 */
#ifndef DUVA_IDN_H
#define DUVA_IDN_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Room for what these calls write, with the final NUL. */
#define DUVA_IDN_SIZE 256

/* A domain in UTF-8 becomes one in ASCII, by the rules of IDNA2008 with those
 * of UTS 46 for what people type (capitals, full-width dots).  What is ASCII
 * already, and an address literal, stay as they are; whether they can be said
 * is not looked at.
 *
 * Returns DUVA_REASON_NONE, or with buf "": MISSING (NULL or empty), NOT_UTF8,
 * CHARACTER (no such domain can exist), DOMAIN_LONG, or MEMORY (there is none
 * for the conversion: try again later). */
duva_reason duva_idn_domain(const char *domain, char buf[DUVA_IDN_SIZE]);

/* The same for the domain of an address.  Also NOT_ASCII: the local part needs
 * SMTPUTF8, and there is no way around; and PATH_LONG. */
duva_reason duva_idn_address(const char *addr, char buf[DUVA_IDN_SIZE]);

#ifdef __cplusplus
}
#endif
#endif
