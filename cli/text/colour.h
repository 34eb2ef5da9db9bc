/* colour.h - colours for terminals, unless the environment forbids them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_COLOUR_H
#define DUVA_CLI_COLOUR_H

#include <stdio.h>

enum cli_colour { CLI_PLAIN, CLI_BOLD, CLI_GOOD, CLI_BAD, CLI_WARN, CLI_DIM };

/* What to print before text of that colour and, with CLI_PLAIN, after it: ""
 * unless out is a terminal, $TERM is not "dumb", and there is no $NO_COLOR
 * (no-color.org). */
const char *cli_colour(FILE *out, enum cli_colour colour);

#endif
