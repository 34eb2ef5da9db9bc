/* base64_fast.h - lines of base64 by instructions for many octets at a time. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_BASE64_FAST_H
#define DUVA_MIME_BASE64_FAST_H

#include <stddef.h>
#include <stdint.h>

/* The octets and the characters of a line, without its end. */
enum { DUVA__BASE64_LINE = 57, DUVA__BASE64_LINE_CODED = 76 };

/* DUVA_FAST is set by builds that compile base64_fast.c.  It moves the pointers
 * over the lines that it did and returns how many: perhaps none. */
#ifdef DUVA_FAST
size_t duva__base64_fast(uint8_t **dst, const uint8_t **src, size_t lines);
#else
#define duva__base64_fast(dst, src, lines) ((size_t)0)
#endif

#endif
