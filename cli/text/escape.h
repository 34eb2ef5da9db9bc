/* escape.h - text of others into text that a terminal may see. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ESCAPE_H
#define DUVA_CLI_ESCAPE_H

#include <stddef.h>
#include <stdint.h>

/* 0 for control characters, and for what changes the direction of text or
 * hides in it. */
int cli_is_visible(uint32_t point);

/* Writes text as a terminal may see it, with a final NUL: UTF-8 as it is, but
 * what is not visible, and invalid octets, as \xNN.  Cut with "..." to fit in
 * cap, 4 at least.  Returns the length. */
size_t cli_escape(char *dst, size_t cap, const char *src, size_t len);

#endif
