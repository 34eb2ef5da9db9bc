/* wipe.c - overwrites secrets. */
/* SPDX-License-Identifier: MIT */
#include "duva/sasl.h"

void duva_wipe(void *secret, size_t len)
{
    volatile uint8_t *at = secret;

    while (len-- > 0)
        *at++ = 0;
}
