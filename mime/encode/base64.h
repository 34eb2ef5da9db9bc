/* base64.h - octets into base64 (RFC 4648 4). */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_BASE64_H
#define DUVA_MIME_BASE64_H

#include "duva/mime.h"

/* len octets into base64 without line ends; returns how many. */
size_t duva__base64(uint8_t *dst, const uint8_t *src, size_t len);

#endif
