/* problem.h - what is wrong with a draft: the option, the text, the reason. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_PROBLEM_H
#define DUVA_CLI_PROBLEM_H

#include "duva/result.h"

struct cli_problem {
    duva_reason reason;        /* DUVA_REASON_NONE where none fits */
    char        text[600];     /* for people, unescaped; begins with the option
                                  of "duva send" */
};

/* "OPTION 'TEXT': why".  Returns EX_USAGE. */
int cli_problem_option(struct cli_problem *p, const char *option,
                       const char *text, const char *why);

/* Returns EX_OSERR. */
int cli_problem_no_memory(struct cli_problem *p);

#endif
