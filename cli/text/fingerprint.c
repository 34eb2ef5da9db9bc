/* fingerprint.c - the text of a SHA-256 into its octets. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "text/fingerprint.h"

#define HEX_DIGITS (2 * CLI_SHA256_SIZE)

static int digit_of(const char *digits, char c)
{
    const char *at = c != '\0' ? strchr(digits, c) : NULL;

    return at != NULL ? (int)(at - digits) : -1;
}

/* Digits of some bits each.  Returns what follows them, or NULL. */
static const char *take_digits(uint8_t sha256[CLI_SHA256_SIZE],
                               const char *text, const char *digits,
                               unsigned bits)
{
    uint32_t word = 0;
    unsigned have = 0;
    size_t   n = 0;
    int      d;

    while (n < CLI_SHA256_SIZE) {
        d = digit_of(digits, *text++);
        if (d < 0)
            return NULL;
        word = (word << bits | (uint32_t)d) & 0xFFFF;
        have += bits;
        if (have >= 8) {
            have -= 8;
            sha256[n++] = (uint8_t)(word >> have);
        }
    }
    return (word & ((1u << have) - 1)) == 0 ? text : NULL;
}

static int take_hex(uint8_t sha256[CLI_SHA256_SIZE], const char *text)
{
    char   lower[HEX_DIGITS + 1];
    size_t i;

    if (strlen(text) != HEX_DIGITS)
        return -1;
    for (i = 0; i < sizeof(lower); i++)
        lower[i] = (char)(text[i] >= 'A' && text[i] <= 'F' ? text[i] + 32
                                                           : text[i]);
    return take_digits(sha256, lower, "0123456789abcdef", 4) != NULL ? 0 : -1;
}

static int take_base64(uint8_t sha256[CLI_SHA256_SIZE], const char *text)
{
    const char *rest = take_digits(sha256, text,
                                   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "abcdefghijklmnopqrstuvwxyz0123456789+/",
                                   6);

    return rest != NULL && strcmp(rest, "=") == 0 ? 0 : -1;
}

const char *cli_pin_parse(uint8_t sha256[CLI_SHA256_SIZE], const char *text)
{
    const int wrong = strncasecmp(text, "sha256/", 7) == 0
                          ? take_base64(sha256, text + 7)
                          : take_hex(sha256, text);

    return wrong == 0 ? NULL
                      : "it must be sha256/ and 44 characters of base64, or "
                        "64 hexadecimal digits";
}

const char *cli_fingerprint_parse(uint8_t sha256[CLI_SHA256_SIZE],
                                  const char *text)
{
    char   hex[HEX_DIGITS + 1];
    size_t len = 0;

    for (; *text != '\0' && len < sizeof(hex); text++)
        if (*text != ':')
            hex[len++] = *text;
    if (len == 32 || len == 40)
        return "MD5 and SHA-1 are not secure; use the SHA-256 of the "
               "certificate";
    if (len == HEX_DIGITS) {
        hex[len] = '\0';
        if (take_hex(sha256, hex) == 0)
            return NULL;
    }
    return "it must be a SHA-256: 64 hexadecimal digits";
}
