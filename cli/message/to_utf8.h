/* to_utf8.h - converts texts to UTF-8 that mail cannot carry. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TO_UTF8_H
#define DUVA_CLI_TO_UTF8_H

#include "system/input.h"

/* The line ends of a text must be those of ASCII (RFC 2045 2.8, RFC 2781 4.1),
 * so UTF-16, UTF-32 and others are converted.  charset: that of c; NULL: only a
 * byte order mark names one.  Returns 0, and *made is 1 when c is now UTF-8,
 * without a mark; or EX_DATAERR or EX_OSERR, EX_NOINPUT when it cannot be read,
 * with *problem. */
int cli_to_utf8(struct cli_input *c, const char *charset, int *made,
                const char **problem);

#endif
