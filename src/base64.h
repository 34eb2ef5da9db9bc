/* base64.h - RFC 4648 4, without line breaks. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_BASE64_H
#define DUVA_SRC_BASE64_H

#include <stddef.h>
#include <stdint.h>

/* One to three octets as four characters, padded with '='. */
void duva__base64_quad(char quad[4], const uint8_t *src, size_t len);

#endif
