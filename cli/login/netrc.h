/* netrc.h - the passwords of ~/.netrc. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_NETRC_H
#define DUVA_CLI_NETRC_H

#include <stddef.h>

/* Looks in the text of a .netrc for the password of user at host, in the first
 * entry that fits: one of that machine (in any case of letters), for that login
 * or for none; or "default", for that login.  Words are as in ftp(1), or in
 * quotes, where a backslash takes the next octet as it is; # at the start of a
 * word begins a comment.  Returns 1: it is in password; 0: there is none; -1:
 * it does not fit in size, or the text breaks off in quotes. */
int cli_netrc_find(const char *text, size_t len, const char *host,
                   const char *user, char *password, size_t size);

#endif
