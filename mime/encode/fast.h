/* fast.h - what processors do faster than C, where a build asks for it. */
/* SPDX-License-Identifier: MIT */
/* DUVA_FAST is set by builds that compile base64_avx2.c or base64_neon.c.
 * They move the pointers over the lines that they did and return how many:
 * perhaps none. */
#ifndef DUVA_MIME_FAST_H
#define DUVA_MIME_FAST_H

#include <stddef.h>
#include <stdint.h>

#ifdef DUVA_FAST
size_t duva__base64_fast(uint8_t **dst, const uint8_t **src, size_t lines);
#else
#define duva__base64_fast(dst, src, lines) ((size_t)0)
#endif

#endif
