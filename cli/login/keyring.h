/* keyring.h - the passwords of the desktop's keyring. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_KEYRING_H
#define DUVA_CLI_KEYRING_H

#include <stddef.h>
#include <stdint.h>

/* Asks the keyring, if there is a session that may have one, for the password
 * of user at host: what "secret-tool lookup" finds under host, service smtp
 * and user.  Returns what cli_command_line() does, or 0. */
int cli_keyring_line(const char *host, const char *user, char *line,
                     size_t size, int64_t ms);

#endif
