/* digest.h - pieces of text into a SHA-256 digest. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DIGEST_H
#define DUVA_CLI_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "duva/crypto.h"

/* A chain: each piece is hashed with the digest before, so that the borders of
 * pieces count.  Zero it first. */
struct cli_digest {
    uint8_t value[DUVA_DIGEST_MAX];
};

/* Returns 0, or a duva_err: the TLS library has no SHA-256, or no memory. */
int cli_digest_add(struct cli_digest *d, const void *data, size_t len);

#define CLI_DIGEST_SIZE 65 /* in hexadecimal, with the NUL */

void cli_digest_text(const struct cli_digest *d, char text[CLI_DIGEST_SIZE]);

#endif
