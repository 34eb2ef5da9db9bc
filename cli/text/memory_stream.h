/* memory_stream.h - the end of a text that is written to memory. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MEMORY_STREAM_H
#define DUVA_CLI_MEMORY_STREAM_H

#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

/* Closes a stream of open_memstream().  When there is no memory for the end of
 * the text, fclose() may report success, but then there is no text.  Returns 0,
 * or EX_OSERR, and *text is NULL. */
static inline int cli_close_text(FILE *out, char **text)
{
    if (fclose(out) == 0 && *text != NULL)
        return 0;
    free(*text);
    *text = NULL;
    return EX_OSERR;
}

#endif
