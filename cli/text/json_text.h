/* json_text.h - text into strings of JSON. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_JSON_TEXT_H
#define DUVA_CLI_JSON_TEXT_H

#include <stddef.h>
#include <stdio.h>

/* A JSON string, with its quotes; what is not visible as \uNNNN.  Octets that
 * are not UTF-8 become U+FFFD. */
void cli_json_string(FILE *out, const char *text, size_t len);

/* The same of a text that ends with NUL, or null. */
void cli_json_text(FILE *out, const char *text);

#endif
