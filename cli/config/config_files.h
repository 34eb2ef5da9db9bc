/* config_files.h - the files of the system and of the user into accounts. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CONFIG_FILES_H
#define DUVA_CLI_CONFIG_FILES_H

#include <stddef.h>

#include "config/config.h"
#include "options/server_options.h"

/* Reads the files that there are, as --config and --msmtp say.  Returns 0, or
 * an exit code after an error message. */
int cli_config_read(struct cli_config *config, const struct cli_access *a);

/* The files that would be read, for people. */
void cli_config_files(const struct cli_access *a, char *text, size_t size);

#endif
