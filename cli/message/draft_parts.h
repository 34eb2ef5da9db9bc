/* draft_parts.h - the texts and files of a draft as parts of a message. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DRAFT_PARTS_H
#define DUVA_CLI_DRAFT_PARTS_H

#include "duva/mime_more.h"
#include "message/draft.h"
#include "message/problem.h"

/* What the parts of a duva_message point to.  Zero it before use. */
struct cli_draft_parts {
    duva_part *part;           /* on the heap, as all here */
    const struct cli_input **origin; /* of each part */
    struct cli_recipient_result_reader *reader; /* of each part */
    duva_flowed *flowed;       /* wraps the text; NULL: nothing does */
    char        method[32];    /* of the calendar */
};

/* Sets the parts of m.  Returns 0; or EX_USAGE, EX_NOINPUT or EX_OSERR with the
 * problem.  cli_draft_parts_free() must follow in any case. */
int  cli_draft_parts_make(struct cli_draft_parts *p,
                          const struct cli_draft *draft, duva_message *m,
                          struct cli_problem *problem);
void cli_draft_parts_free(struct cli_draft_parts *p);

#endif
