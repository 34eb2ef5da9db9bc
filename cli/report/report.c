/* report.c - the result of a mail onto standard error and output. */
/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

#include "report/recipients_text.h"
#include "report/report.h"
#include "report/result_json.h"

void cli_report(const struct cli_outcome *o, const struct cli_facts *f,
                int quiet, int json)
{
    char text[CLI_OUTCOME_TEXT_SIZE];

    if (o->exit_code != EX_OK || !quiet)
        fprintf(stderr, "duva: %s\n", cli_outcome_text(text, sizeof(text), o));
    cli_tell_recipients(stderr, &o->mail);
    if (!json)
        return;
    cli_report_json(stdout, o, f);
    if (fflush(stdout) != 0)
        fprintf(stderr, "duva: standard output: %s\n", strerror(errno));
}
