/* letter_inner.h - what the files of a letter share. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LETTER_INNER_H
#define DUVA_CLI_LETTER_INNER_H

#include "message/composed.h"

/* Of l->draft.  They return as cli_letter_make() does. */
int cli_letter_addresses(struct cli_letter *l);
int cli_letter_fields(struct cli_letter *l);
int cli_letter_parts(struct cli_letter *l);

/* Both note a problem and return its exit code. */
int cli_letter_wrong(struct cli_letter *l, const char *option,
                     const char *text, const char *why);
int cli_letter_no_memory(struct cli_letter *l);

#endif
