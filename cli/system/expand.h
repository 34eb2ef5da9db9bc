/* expand.h - what patterns and names of a configuration stand for. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_EXPAND_H
#define DUVA_CLI_EXPAND_H

/* All return a text on the heap, or NULL: there is no memory, or no such
 * thing. */

/* $HOME, or what the system knows. */
char *cli_home(void);

/* A file in the folder of the user's configurations. */
char *cli_config_home(const char *file);

/* $USER, $LOGNAME, or what the system knows. */
char *cli_login(void);

/* The domain of local addresses: the first line of /etc/mailname. */
char *cli_mailname(void);

/* The host's name: $HOSTNAME, or what the system knows; canonical: as the
 * resolver completes it. */
char *cli_hostname(int canonical);

/* "~" and "~/file" in the user's home. */
char *cli_expand_path(const char *path);

/* %U, %H, %C and %M: the four above. */
char *cli_expand(const char *pattern);

#endif
