/* probe_problems.h - the result of a probe into problems and advice. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROBE_PROBLEMS_H
#define DUVA_CLI_PROBE_PROBLEMS_H

#include "probe/probe_result.h"

/* Sets exit code and summary of p->outcome, and fills p->problem: first why a
 * mail could not be sent, then what else is wrong.  A session that was stopped
 * by --stop-after has no problems. */
void cli_probe_find_problems(struct cli_probe *p);

#endif
