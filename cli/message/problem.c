/* problem.c - what is wrong with a draft: the option, the text, the reason. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <sysexits.h>

#include "message/problem.h"

int cli_problem_option(struct cli_problem *p, const char *option,
                       const char *text, const char *why)
{
    snprintf(p->text, sizeof(p->text), "%s '%.400s': %s", option, text, why);
    return EX_USAGE;
}

int cli_problem_no_memory(struct cli_problem *p)
{
    snprintf(p->text, sizeof(p->text), "not enough memory");
    return EX_OSERR;
}
