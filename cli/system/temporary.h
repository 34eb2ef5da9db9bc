/* temporary.h - files without a name, for what comes through a pipe. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TEMPORARY_H
#define DUVA_CLI_TEMPORARY_H

/* A private file for reading and writing, which is deleted with the process, in
 * $TMPDIR, else in /tmp.  Returns its descriptor, or -1 with errno. */
int cli_temporary_open(void);

const char *cli_temporary_folder(void);

#endif
