/* random.c - random octets of the system, a block at a time. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <string.h>
#include <unistd.h>

#include "system/random.h"

int cli_random(void *buf, size_t len)
{
    static unsigned char block[256]; /* as many as getentropy() gives */
    static size_t used;
    static pid_t owner;              /* a child must not have the same ones */

    if (owner != getpid() || len > sizeof(block) - used) {
        if (getentropy(block, sizeof(block)) != 0)
            return -1;
        used = 0;
        owner = getpid();
    }
    memcpy(buf, block + used, len);
    memset(block + used, 0, len);
    used += len;
    return 0;
}
