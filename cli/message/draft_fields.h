/* draft_fields.h - the header fields of a draft, but its addresses. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DRAFT_FIELDS_H
#define DUVA_CLI_DRAFT_FIELDS_H

#include "duva/mime.h"
#include "message/draft.h"
#include "message/message_id.h"
#include "message/problem.h"

/* What the fields of a duva_message point to.  Zero it before use. */
struct cli_draft_fields {
    duva_header *header;       /* on the heap, with its names */
    char        *names;
    char         message_id[CLI_MESSAGE_ID_SIZE]; /* ours, if there is one */
};

/* Sets the fields of m but those with addresses, and the seed.  author: the
 * first address in From, whose domain its Message-ID has; NULL: the message has
 * none but that of the draft.  Returns 0, or EX_USAGE or EX_OSERR with the
 * problem.  cli_draft_fields_free() must follow in any case. */
int  cli_draft_fields_make(struct cli_draft_fields *f,
                           const struct cli_draft *draft, const char *author,
                           duva_message *m, struct cli_problem *problem);
void cli_draft_fields_free(struct cli_draft_fields *f);

#endif
