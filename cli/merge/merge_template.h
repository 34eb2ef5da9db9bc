/* merge_template.h - a draft whose texts have {{fields}}. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_TEMPLATE_H
#define DUVA_CLI_MERGE_TEMPLATE_H

#include <stddef.h>

#include "duva/dkim.h"
#include "merge/merge_text.h"
#include "message/draft.h"
#include "modules/digest.h"
#include "text/template.h"

/* A text of the draft that has fields. */
struct cli_merge_field {
    struct cli_template template;
    enum cli_merge_text text;
    size_t index; /* in a list, or of the attachment */
};

struct cli_merge_template {
    const struct cli_draft   *draft;
    const struct cli_columns *columns;
    struct cli_merge_field *field; /* on the heap */
    size_t count, size;
    char *kept[3];             /* on the heap: contents with fields */
    duva_signer *signer;       /* the caller's to set; NULL: none */
    const char  *sign_domain;  /* NULL: that of the author */
    const char  *sign_selector;
};

/* Finds the {{fields}} of a draft.  Draft and columns are borrowed until
 * cli_merge_template_close(), which must follow in any case.  Returns 0, or an
 * exit code with the problem, which begins with the option that it is in. */
int cli_merge_template_open(struct cli_merge_template *t,
                            const struct cli_draft *draft,
                            const struct cli_columns *columns,
                            char problem[CLI_PROBLEM_SIZE]);
void cli_merge_template_close(struct cli_merge_template *t);

/* Adds all that the messages are made of.  Returns 0 or -1. */
int cli_merge_template_digest(const struct cli_merge_template *t,
                              struct cli_digest *d);

#endif
