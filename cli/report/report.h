/* report.h - the result of a mail, for people and for programs. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_REPORT_H
#define DUVA_CLI_REPORT_H

#include "outcome/outcome.h"
#include "report/facts.h"

/* Prints summary and advice on standard error, unless quiet and all is well;
 * then each of several recipients that did not all succeed; and one JSON object
 * on standard output if json. */
void cli_report(const struct cli_outcome *o, const struct cli_facts *f,
                int quiet, int json);

#endif
