/* utf8.c - valid UTF-8 (RFC 3629). */
/* SPDX-License-Identifier: MIT */
#include "utf8.h"

size_t duva__utf8(const uint8_t *s, size_t len)
{
    const uint8_t c = s[0];
    const size_t  want = c < 0x80 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    /* Of an octet that begins no character something too large becomes. */
    uint32_t      v = c - (0xff00u >> want & 0xff);
    size_t        i;

    if (want == 1)
        return 1;
    for (i = 1; i < want; i++) {
        if (i == len)
            return DUVA__UTF8_CUT;
        if ((s[i] & 0xc0) != 0x80)
            return 0;
        v = v << 6 | (s[i] & 0x3f);
    }
    /* Overlong forms, surrogates, and what is beyond U+10FFFF. */
    return v < (want == 2 ? 0x80u : 1u << (5 * want - 4)) || v > 0x10ffff
           || v - 0xd800 < 0x800 ? 0 : want;
}

int duva__is_utf8_text(const uint8_t *s, size_t len)
{
    size_t i, n;

    for (i = 0; i < len; i += n) {
        n = duva__utf8(s + i, len - i);
        if (n == 0 || n == DUVA__UTF8_CUT)
            return 0;
    }
    return 1;
}
