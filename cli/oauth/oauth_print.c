/* oauth_print.c - messages for people, on standard error. */
/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "oauth/oauth_print.h"
#include "text/escape.h"

void oauth_print(const char *format, ...)
{
    char text[1600], shown[3200];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cli_escape(shown, sizeof(shown), text, strlen(text));
    fprintf(stderr, "duva oauth: %s\n", shown);
}
