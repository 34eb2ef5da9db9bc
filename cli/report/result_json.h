/* result_json.h - the result of a mail as JSON. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_RESULT_JSON_H
#define DUVA_CLI_RESULT_JSON_H

#include <stdio.h>

#include "outcome/outcome.h"
#include "report/facts.h"

/* One object with a line end: duva(1) has its members. */
void cli_report_json(FILE *out, const struct cli_outcome *o,
                     const struct cli_facts *f);

/* The value of the member "tls". */
void cli_json_tls(FILE *out, const struct cli_connection *c);

#endif
