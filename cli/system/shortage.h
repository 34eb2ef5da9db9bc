/* shortage.h - did memory or descriptors run short? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SHORTAGE_H
#define DUVA_CLI_SHORTAGE_H

#include <errno.h>
#include <sysexits.h>

/* The exit code of a file or the like that could not be used: code; or EX_OSERR
 * when errno says that memory or descriptors were exhausted, so that the caller
 * tries again.  Exhausted memory may appear as another error, such as a name
 * that was not found; errno still has ENOMEM, since no successful call resets
 * it. */
static inline int cli_file_code(int code)
{
    return errno == ENOMEM || errno == EMFILE || errno == ENFILE ? EX_OSERR
                                                                 : code;
}

#endif
