/* guard.h - wiping of secrets, and memory and files that are private. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_GUARD_H
#define DUVA_CLI_GUARD_H

#include <stddef.h>

/* Sets memory to zero, also where the compiler sees no use of it. */
void cli_wipe(void *data, size_t len);

/* From here on there is no core file, and no debugger can attach. */
void cli_guard_memory(void);

/* Reads a whole file, name in folder (or AT_FDCWD), that must belong to this
 * user, and be accessible to nobody else.  Returns NULL and its octets, less
 * than size; or what is wrong, with errno ENOENT when it is not there. */
const char *cli_read_private(int folder, const char *name, char *text,
                             size_t size, size_t *len);

#endif
