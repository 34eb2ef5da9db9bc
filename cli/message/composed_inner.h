/* composed_inner.h - what the files of a letter share. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_COMPOSED_INNER_H
#define DUVA_CLI_COMPOSED_INNER_H

#include "message/composed.h"

/* Of l->draft.  They return as cli_composed_make() does. */
int cli_composed_addresses(struct cli_composed *l);
int cli_composed_fields(struct cli_composed *l);
int cli_composed_parts(struct cli_composed *l);

/* Both note a problem and return its exit code. */
int cli_composed_wrong(struct cli_composed *l, const char *option,
                       const char *text, const char *why);
int cli_composed_no_memory(struct cli_composed *l);

#endif
