/* exit_code.h - the exit codes. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_EXIT_CODE_H
#define DUVA_CLI_EXIT_CODE_H

#include <sysexits.h>

/* What sysexits.h has no number for: the mail may have been delivered. */
#define EX_UNCERTAIN 79

#endif
