/* option_help.h - the tables of a command into its help. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OPTION_HELP_H
#define DUVA_CLI_OPTION_HELP_H

#include "options/option.h"

/* Prints the help of a command: all options, or the common ones only. */
void cli_help_print(const struct cli_command *c, int all);

/* The name of the option or the word that is most like text, of those that a
 * typing error explains; or NULL. */
const char *cli_nearest_option(const struct cli_command *c, const char *text);
int cli_spelling_distance(const char *a, const char *b);

#endif
