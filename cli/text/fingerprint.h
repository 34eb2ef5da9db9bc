/* fingerprint.h - the text of a SHA-256 into its octets. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_FINGERPRINT_H
#define DUVA_CLI_FINGERPRINT_H

#include <stdint.h>

#define CLI_SHA256_SIZE 32

/* Of a public key: "sha256/" and base64, or 64 hexadecimal digits.  Returns
 * NULL, or what is wrong with it. */
const char *cli_pin_parse(uint8_t sha256[CLI_SHA256_SIZE], const char *text);

/* Of a certificate: 64 hexadecimal digits, with colons or without, as in
 * "01:23:...".  Returns NULL, or what is wrong with it. */
const char *cli_fingerprint_parse(uint8_t sha256[CLI_SHA256_SIZE],
                                  const char *text);

#endif
