/* helper.h - duva-oauth, the program that speaks HTTPS for the command. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_HELPER_H
#define DUVA_CLI_HELPER_H

#include <stddef.h>

/* Where it is: beside the command, or where it was installed. */
void cli_helper_path(char *path, size_t size);

#endif
