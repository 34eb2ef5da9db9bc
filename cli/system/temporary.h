/* temporary.h - files without a name, for what comes through a pipe. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TEMPORARY_H
#define DUVA_CLI_TEMPORARY_H

/* A file for reading and writing that nobody else can open and that ends with
 * the process, in $TMPDIR, else in /tmp.  Returns its descriptor, or -1 with
 * errno. */
int cli_temporary_open(void);

const char *cli_temporary_folder(void);

#endif
