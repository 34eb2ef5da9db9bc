/* shortage.h - did memory or descriptors run short? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SHORTAGE_H
#define DUVA_CLI_SHORTAGE_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

/* The exit code of a file or the like that could not be used: code, or EX_OSERR
 * when errno says that memory or descriptors ran short, so that it is tried
 * again.  Want of memory may show as something else that is wrong: a name that
 * was not found, a text that was not read.  errno tells, for nothing that works
 * sets it back. */
static inline int cli_file_code(int code)
{
    return errno == ENOMEM || errno == EMFILE || errno == ENFILE ? EX_OSERR
                                                                 : code;
}

/* Closes a stream of open_memstream().  When there is no memory for the end of
 * the text, fclose() may not tell, but then there is no text.  Returns 0, or
 * EX_OSERR, and *text is NULL. */
static inline int cli_close_text(FILE *out, char **text)
{
    if (fclose(out) == 0 && *text != NULL)
        return 0;
    free(*text);
    *text = NULL;
    return EX_OSERR;
}

#endif
