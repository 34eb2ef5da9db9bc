/* base64.c - turns octets into base64, and strict base64 into octets. */
/* SPDX-License-Identifier: MIT */
#include "base64.h"

#include <string.h>

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                             "abcdefghijklmnopqrstuvwxyz0123456789+/";

size_t duva__base64_decode(const duva_span *text, void *out, size_t size)
{
    const uint8_t *at = text->data;
    size_t         len = text->len, i, n = 0;
    uint32_t       bits = 0;
    unsigned       have = 0;

    if (at == NULL || len > DUVA__BASE64_MAX || len % 4 != 0)
        return DUVA__BASE64_BAD;
    for (i = 0; i < 2 && len > 0 && at[len - 1] == '='; i++)
        len--;
    for (i = 0; i < len; i++) {
        const char *digit = memchr(digits, at[i], 64);

        if (digit == NULL)
            return DUVA__BASE64_BAD;
        bits = bits << 6 | (uint32_t)(digit - digits);
        have += 6;
        if (have < 8)
            continue;
        have -= 8;
        if (n < size)
            ((uint8_t *)out)[n] = (uint8_t)(bits >> have);
        n++;
    }
    return (bits & ((1u << have) - 1)) == 0 ? n : DUVA__BASE64_BAD;
}

void duva__base64_put(struct duva__words *w, const duva_span *part,
                      size_t parts)
{
    uint32_t bits = 0;
    unsigned have = 0;
    size_t   p, i;

    for (p = 0; p < parts; p++)
        for (i = 0; i < part[p].len; i++) {
            bits = bits << 8 | ((const uint8_t *)part[p].data)[i];
            for (have += 8; have >= 6; have -= 6)
                duva__words_octet(w, digits[bits >> (have - 6) & 63]);
        }
    if (have > 0)
        duva__words_octet(w, digits[bits << (6 - have) & 63]);
    for (; have > 0 && have < 6; have += 2)
        duva__words_octet(w, '=');
}
