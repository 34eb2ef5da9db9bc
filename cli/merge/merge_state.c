/* merge_state.c - the error that ends a merge. */
/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "merge/merge_state.h"
#include "text/escape.h"

void cli_merge_stop(struct cli_merge *m, int code, const char *format, ...)
{
    char text[sizeof(m->problem)];
    va_list args;

    if (m->problem[0] != '\0')
        return;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_escape(m->problem, sizeof(m->problem), text, strlen(text));
    m->code = code;
}
