/* helper.h - where the parts of the command are that it starts or loads. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_HELPER_H
#define DUVA_CLI_HELPER_H

#include <stddef.h>

/* A file beside the command, as in a build, or in folder, which is relative to
 * the command ("../lib/duva"), so that it may be installed anywhere. */
void cli_helper_path(char *path, size_t size, const char *folder,
                     const char *file);

/* "duva oauth": argv[0] is its name.  Starts that program instead of this one;
 * returns an exit code when it cannot. */
int cli_main_oauth(int argc, char **argv);

/* duva-oauth, the program that speaks HTTPS. */
void cli_helper_oauth(char *path, size_t size);

#endif
