/* guard.h - what keeps secrets to ourselves. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_GUARD_H
#define DUVA_CLI_GUARD_H

#include <stddef.h>

void cli_wipe(void *data, size_t len);

/* From here on neither a core file nor a debugger shows the memory. */
void cli_guard_memory(void);

/* Reads a whole file, name in folder (or AT_FDCWD), that must be ours and
 * nobody else's to read or write.  Returns NULL and its octets, less than
 * size; or what is wrong, with errno ENOENT when it is not there. */
const char *cli_read_private(int folder, const char *name, char *text,
                             size_t size, size_t *len);

#endif
