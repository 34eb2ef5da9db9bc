/* result_json.h - the result of a mail as JSON. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_RESULT_JSON_H
#define DUVA_CLI_RESULT_JSON_H

#include <stdio.h>

struct cli_job;

void cli_report_json(FILE *out, const struct cli_job *job);

/* The value of the member "tls". */
void cli_json_tls(FILE *out, const struct cli_job *job);

#endif
