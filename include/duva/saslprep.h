/* saslprep.h - names and passwords beyond ASCII, in their one form. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SASLPREP_H
#define DUVA_SASLPREP_H

#include "duva/result.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Prepares a name or a password for SCRAM by SASLprep (RFC 4013), as a query:
 * characters that were not assigned in Unicode 3.2 pass.  Writes the prepared
 * UTF-8 with its NUL to out, size octets, and returns DUVA_OK; what SCRAM is
 * given is then prepared (duva_sasl_scram.prepared).
 *
 * DUVA_ERR_ARG: in is NULL, not UTF-8, holds control characters or others that
 * have no place in a password, or mixes directions of writing.  DUVA_ERR_SPACE:
 * in, or the prepared form, needs more than size octets.  DUVA_ERR_RESOURCES:
 * there is no memory.  out is then wiped.
 *
 * Text of ASCII alone is copied, and touches no library.  For other text the
 * library uses the heap, and does not wipe it. */
int duva_saslprep(const char *in, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
