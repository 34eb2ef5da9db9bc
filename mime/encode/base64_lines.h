/* base64_lines.h - contents into lines of base64 (RFC 2045 6.8). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_BASE64_LINES_H
#define DUVA_MIME_BASE64_LINES_H

#include "base64_fast.h"
#include "window.h"

/* Whole lines of 57 octets into lines of 76 and CRLF. */
void duva__base64_lines(uint8_t *dst, const uint8_t *src, size_t lines);

/* Encoders, as in window.h.  text: line ends become CRLF; *half is 1 when only
 * the CR of one is written. */
size_t duva__encode_base64(uint8_t *dst, size_t cap, duva__window *w);
size_t duva__encode_base64_text(uint8_t *dst, size_t cap, duva__window *w,
                                uint8_t *half);

#endif
