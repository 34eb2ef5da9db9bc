/* utf8.h - octets into characters of UTF-8. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_UTF8_H
#define DUVA_CLI_UTF8_H

#include <stddef.h>
#include <stdint.h>

/* Zero it before a character.  Feeding an octet returns 1 when it ends a
 * character (point is it), 0 when more must follow, -1 when it is wrong. */
struct cli_utf8 {
    uint32_t point;
    uint8_t  more, low, high;
};

int cli_utf8_feed(struct cli_utf8 *u, unsigned char c);

/* Octets of the character that text starts with, or 0: it is not UTF-8. */
size_t cli_utf8_next(const char *text, size_t len, uint32_t *point);

#endif
