/* base64.c - turns octets into base64. */
/* SPDX-License-Identifier: MIT */
#include "base64.h"

void duva__base64_quad(char quad[4], const uint8_t *src, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "abcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    size_t   i;

    for (i = 0; i < 3; i++)
        bits = bits << 8 | (i < len ? src[i] : 0u);
    for (i = 0; i < 4; i++, bits <<= 6)
        quad[i] = i <= len ? digits[bits >> 18 & 63] : '=';
}
