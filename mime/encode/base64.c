/* base64.c - octets into base64 (RFC 4648 4). */
/* SPDX-License-Identifier: MIT */
#include "base64.h"

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                               "abcdefghijklmnopqrstuvwxyz0123456789+/";

size_t duva__base64(uint8_t *dst, const uint8_t *src, size_t len)
{
    uint8_t *at = dst;
    uint32_t v;

    for (; len > 0; at += 4) {
        const size_t n = len < 3 ? len : 3;

        v = (uint32_t)src[0] << 16;
        if (n > 1)
            v |= (uint32_t)src[1] << 8;
        if (n > 2)
            v |= src[2];
        at[0] = (uint8_t)alphabet[v >> 18];
        at[1] = (uint8_t)alphabet[v >> 12 & 63];
        at[2] = (uint8_t)(n > 1 ? alphabet[v >> 6 & 63] : '=');
        at[3] = (uint8_t)(n > 2 ? alphabet[v & 63] : '=');
        src += n;
        len -= n;
    }
    return (size_t)(at - dst);
}
