/* address.h - the text of an IP address to its octets. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_PROXY_ADDRESS_H
#define DUVA_PROXY_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

/* Dotted digits, or groups of RFC 4291 2.2, to octets.  Returns 4 or 16, or 0:
 * it is no address. */
size_t duva__proxy_address(const char *text, uint8_t octets[16]);

#endif
