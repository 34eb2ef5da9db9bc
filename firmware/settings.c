/* settings.c - finds a setting among the arguments of the board. */
/* SPDX-License-Identifier: MIT */
#include "settings.h"

#include "board.h"

#include <stdlib.h>
#include <string.h>

static char arguments[1024];   /* each ends in NUL; the last is empty */

void settings_read(void)
{
    char *p;

    strncpy(arguments, board_arguments(), sizeof(arguments) - 2);
    for (p = arguments; *p != '\0'; p++)
        if (*p == ' ')
            *p = '\0';
}

const char *settings_text(const char *name)
{
    const size_t len = strlen(name);
    const char  *at = arguments;

    for (; *at != '\0'; at += strlen(at) + 1)
        if (strncmp(at, name, len) == 0 && at[len] == '=')
            return at + len + 1;
    return NULL;
}

unsigned long settings_number(const char *name, unsigned long otherwise)
{
    const char *text = settings_text(name);

    return text != NULL ? strtoul(text, NULL, 10) : otherwise;
}
