/* to_utf8.h - texts that are not like ASCII into UTF-8. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TO_UTF8_H
#define DUVA_CLI_TO_UTF8_H

#include "system/input.h"

/* Text of mail must have its line ends where ASCII has them (RFC 2045 2.8, RFC
 * 2781 4.1), so UTF-16, UTF-32 and others become UTF-8.  charset: the name of
 * what c is in, or NULL: a byte order mark tells.  Returns 0, and *made is 1
 * when c is now UTF-8, without a mark; or EX_DATAERR or EX_OSERR, EX_NOINPUT
 * when it cannot be read, with *problem. */
int cli_to_utf8(struct cli_input *c, const char *charset, int *made,
                const char **problem);

#endif
