/* probe_text.h - the result of a probe, for people. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROBE_TEXT_H
#define DUVA_CLI_PROBE_TEXT_H

#include <stdio.h>

#include "probe/probe_result.h"

void cli_probe_text(FILE *out, const struct cli_probe *p);

#endif
