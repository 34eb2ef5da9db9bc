/* random.h - random octets of the system. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_RANDOM_H
#define DUVA_CLI_RANDOM_H

#include <stddef.h>

/* Fills buf with len octets, 256 at most, fit for secrets.  One thread at a
 * time.  Returns 0, or -1 with errno. */
int cli_random(void *buf, size_t len);

#endif
