/* summary.h - the result of a mail into an exit code, English and advice. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_SUMMARY_H
#define DUVA_CLI_SUMMARY_H

#include "outcome/outcome.h"
#include "report/facts.h"

/* Finds exit code, summary and advice for the result of o->mail. */
void cli_judge(struct cli_outcome *o, const struct cli_facts *f);

#endif
