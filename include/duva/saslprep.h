/* saslprep.h - normalizes non-ASCII user names and passwords (RFC 4013). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SASLPREP_H
#define DUVA_SASLPREP_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Prepares a user name or password for SCRAM by SASLprep, as a query: code
 * points that Unicode 3.2 does not assign are allowed (RFC 4013 2.5).  Writes
 * the prepared UTF-8 with its NUL to out, of size octets, and returns DUVA_OK;
 * set duva_sasl_scram.prepared to 1 then.
 *
 * Errors, after which out is wiped.  DUVA_ERR_ARG: in is NULL, is not UTF-8,
 * has a prohibited character (RFC 4013 2.3), or violates the rules for
 * bidirectional text (2.4).  DUVA_ERR_SPACE: in, or the prepared form, needs
 * more than size octets.  DUVA_ERR_RESOURCES: no memory.
 *
 * ASCII text is copied without the library.  For other text the library uses
 * the heap, and does not wipe it. */
int duva_saslprep(const char *in, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
