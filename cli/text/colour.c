/* colour.c - colours for terminals, unless the environment forbids them. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "text/colour.h"

static int is_wanted(FILE *out)
{
    const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

    return (no == NULL || no[0] == '\0') && term != NULL
           && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

const char *cli_colour(FILE *out, enum cli_colour colour)
{
    static const char *const code[] = {
        "\033[0m", "\033[1m", "\033[1;32m", "\033[1;31m", "\033[33m",
        "\033[2m"
    };

    return is_wanted(out) ? code[colour] : "";
}
