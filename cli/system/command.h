/* command.h - the first line that a program prints. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_COMMAND_H
#define DUVA_CLI_COMMAND_H

#include <stddef.h>
#include <stdint.h>

/* Runs a program, found as the shell would find it, and takes the first line
 * that it prints, with its line end.  Returns the octets; -1 with errno, 0:
 * the line is too long; or one of the following.  *status is the exit status
 * of one that failed, 0 when it died of a signal. */
enum {
    CLI_COMMAND_FAILED = -2, CLI_COMMAND_UNKNOWN = -3, CLI_COMMAND_LATE = -4
};
int cli_command_line(const char *const argv[], char *line, size_t size,
                     int64_t ms, int *status);

#endif
