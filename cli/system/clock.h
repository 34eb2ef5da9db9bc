/* clock.h - a clock that no one can set. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CLOCK_H
#define DUVA_CLI_CLOCK_H

#include <stdint.h>

/* Milliseconds of a clock that no one can set. */
int64_t cli_now(void);

#endif
