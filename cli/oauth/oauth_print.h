/* oauth_print.h - messages for people, on standard error. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_PRINT_H
#define DUVA_CLI_OAUTH_PRINT_H

/* Prints a message on standard error, control characters escaped. */
void oauth_say(const char *format, ...);

#endif
