/* oauth_print.h - messages for people, on standard error. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_PRINT_H
#define DUVA_CLI_OAUTH_PRINT_H

/* Prints a message on standard error, with control characters escaped.  It must
 * hold no secret. */
void oauth_print(const char *format, ...);

#endif
