/* probe_json.h - the result of a probe as JSON. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROBE_JSON_H
#define DUVA_CLI_PROBE_JSON_H

#include <stdio.h>

#include "probe/probe_result.h"

void cli_probe_json(FILE *out, const struct cli_probe *p);

#endif
