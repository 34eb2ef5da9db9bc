/* digest.c - pieces of text into a SHA-256 digest. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "modules/digest.h"
#include "modules/module.h"

int cli_digest_add(struct cli_digest *d, const void *data, size_t len)
{
    const duva_span part[] = { { d->value, 32 }, { data, len } };
    uint8_t value[DUVA_DIGEST_MAX];
    const int n = cli_module_tls()->crypto->hash(DUVA_SHA256, part, 2, value);

    if (n != 32)
        return n < 0 ? n : DUVA_ERR_UNSUPPORTED;
    memcpy(d->value, value, 32);
    return 0;
}

void cli_digest_text(const struct cli_digest *d, char text[CLI_DIGEST_SIZE])
{
    size_t i;

    for (i = 0; i < 32; i++)
        snprintf(text + 2 * i, 3, "%02x", d->value[i]);
}
