/* recipients_file.h - reads a file with a mailbox a line. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_RECIPIENTS_FILE_H
#define DUVA_CLI_RECIPIENTS_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "envelope/mailbox.h"

/* Adds the addresses of a file, checked and converted as
 * cli_mailboxes_convert() does; keep: their domains stay as they are.  Empty
 * lines and those that begin with '#' are left out.  Returns 0, or an exit code
 * with the problem, unescaped, which names the file and the line. */
int cli_recipients_file_read(struct cli_mailboxes *m, const char *path,
                             uint8_t keep, char *problem, size_t size);

#endif
