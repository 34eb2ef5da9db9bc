/* base64_fast.c - lines of base64 by AVX2 on x86-64, and NEON on aarch64. */
/* SPDX-License-Identifier: MIT */
#include "base64_fast.h"

#if defined(__x86_64__)

#include <immintrin.h>

enum { RAW = DUVA__BASE64_LINE, CODED = DUVA__BASE64_LINE_CODED };

/* Each lane holds twelve octets.  They are laid out so that each 32 bits have
 * three of them; products move the four groups of six bits to their octets. */
__attribute__((target("avx2"))) static __m256i split(__m256i in)
{
    const __m256i odd = _mm256_and_si256(in, _mm256_set1_epi32(0x0fc0fc00));
    const __m256i even = _mm256_and_si256(in, _mm256_set1_epi32(0x003f03f0));

    return _mm256_or_si256(
        _mm256_mulhi_epu16(odd, _mm256_set1_epi32(0x04000040)),
        _mm256_mullo_epi16(even, _mm256_set1_epi32(0x01000010)));
}

/* 0..63 into the alphabet: what to add is looked up by the range. */
__attribute__((target("avx2"))) static __m256i letters(__m256i v)
{
    const __m256i shift = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        'a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
        '0' - 52, '0' - 52, '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0,
        0));
    const __m256i upper = _mm256_cmpgt_epi8(_mm256_set1_epi8(26), v);
    const __m256i range = _mm256_or_si256(
        _mm256_subs_epu8(v, _mm256_set1_epi8(51)),
        _mm256_and_si256(upper, _mm256_set1_epi8(13)));

    return _mm256_add_epi8(_mm256_shuffle_epi8(shift, range), v);
}

__attribute__((target("avx2"))) static __m256i load(const uint8_t *src,
                                                    size_t second)
{
    return _mm256_inserti128_si256(
        _mm256_castsi128_si256(_mm_loadu_si128((const void *)src)),
        _mm_loadu_si128((const void *)(src + second)), 1);
}

/* A line is 24, 24 and 9 octets.  Nothing is read or written beside it: the
 * source may end there, or lie close behind dst. */
__attribute__((target("avx2"))) static void lines_avx2(
    uint8_t *dst, const uint8_t *src, size_t lines)
{
    const __m256i whole = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10));
    const __m256i ninth = _mm256_broadcastsi128_si256(_mm_setr_epi8(
        8, 7, 9, 8, 11, 10, 12, 11, 14, 13, 15, 14, -1, -1, -1, -1));

    for (; lines > 0; lines--, src += RAW, dst += CODED + 2) {
        const __m256i a = _mm256_shuffle_epi8(load(src, 12), whole);
        const __m256i b = _mm256_shuffle_epi8(load(src + 24, 12), whole);
        const __m256i c = _mm256_shuffle_epi8(load(src + 41, 0), ninth);
        const __m128i last = _mm256_castsi256_si128(letters(split(c)));

        _mm256_storeu_si256((void *)dst, letters(split(a)));
        _mm256_storeu_si256((void *)(dst + 32), letters(split(b)));
        _mm_storel_epi64((void *)(dst + 64), last);
        _mm_storeu_si32(dst + 72, _mm_bsrli_si128(last, 8));
        dst[CODED] = '\r';
        dst[CODED + 1] = '\n';
    }
}

size_t duva__base64_fast(uint8_t **dst, const uint8_t **src, size_t lines)
{
    if (!__builtin_cpu_supports("avx2"))
        return 0;
    lines_avx2(*dst, *src, lines);
    *dst += lines * (CODED + 2);
    *src += lines * RAW;
    return lines;
}

#elif defined(__aarch64__)

#include "base64.h"

#include <arm_neon.h>

enum { CODED = DUVA__BASE64_LINE_CODED };

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

#else
#error "DUVA_FAST is for x86-64 and aarch64"
#endif
