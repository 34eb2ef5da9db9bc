/* shortage.h - did memory or descriptors run short? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SHORTAGE_H
#define DUVA_CLI_SHORTAGE_H

#include <errno.h>
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

#endif
