/* base64_neon.c - octets into lines of base64, 48 at a time, on aarch64. */
/* SPDX-License-Identifier: MIT */
#include "encode.h"
#include "fast.h"

#include <arm_neon.h>

enum { CODED = 76 };

size_t duva__base64_fast(uint8_t **dst, const uint8_t **src, size_t lines)
{
    static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmn"
                                   "opqrstuvwxyz0123456789+/";
    const uint8_t *const letters = (const uint8_t *)alphabet;
    const uint8x16x4_t   table = { { vld1q_u8(letters),
                                     vld1q_u8(letters + 16),
                                     vld1q_u8(letters + 32),
                                     vld1q_u8(letters + 48) } };
    const uint8x16_t     six = vdupq_n_u8(63);
    uint8_t             *to = *dst;
    const uint8_t       *from = *src;
    size_t               n;

    for (n = lines; n > 0; n--, from += DUVA__BASE64_LINE, to += CODED + 2) {
        const uint8x16x3_t in = vld3q_u8(from);
        uint8x16x4_t       out;

        out.val[0] = vshrq_n_u8(in.val[0], 2);
        out.val[1] = vorrq_u8(vshlq_n_u8(in.val[0], 4),
                              vshrq_n_u8(in.val[1], 4));
        out.val[2] = vorrq_u8(vshlq_n_u8(in.val[1], 2),
                              vshrq_n_u8(in.val[2], 6));
        out.val[0] = vqtbl4q_u8(table, out.val[0]);
        out.val[1] = vqtbl4q_u8(table, vandq_u8(out.val[1], six));
        out.val[2] = vqtbl4q_u8(table, vandq_u8(out.val[2], six));
        out.val[3] = vqtbl4q_u8(table, vandq_u8(in.val[2], six));
        vst4q_u8(to, out);
        duva__base64(to + 64, from + 48, 9);
        to[CODED] = '\r';
        to[CODED + 1] = '\n';
    }
    *dst = to;
    *src = from;
    return lines;
}
