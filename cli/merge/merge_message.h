/* merge_message.h - the message of a row. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_MESSAGE_H
#define DUVA_CLI_MERGE_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "duva/mail.h"
#include "merge/merge_template.h"
#include "merge/rows.h"
#include "message/composed.h"
#include "message/draft.h"
#include "system/input.h"
#include "text/template.h"

#define CLI_TO_SIZE 2400

/* Zero it before the first row; it keeps its memory for the next one. */
struct cli_merge_message {
    struct cli_composed composed;
    char problem[CLI_PROBLEM_SIZE];
    char to[CLI_TO_SIZE];   /* the recipients for people, with a space
                                  between two, cut if there are many */
    struct cli_draft draft; /* its texts are those of the row */
    /* private */
    struct cli_text text; /* all that was filled in, each with a NUL */
    size_t *start;        /* on the heap: of the fields in text */
    struct cli_input content[3];
    struct cli_attachment *attachment; /* on the heap, as all below */
    struct cli_input *file;            /* that was opened for the row */
    size_t files;
    char unique[64];       /* of its Message-ID */
    struct cli_text whole; /* the message, when it is not a stream */
    size_t at;             /* in whole */
    uint8_t streams;       /* composed while it is read */
    uint8_t is_signed;
};

/* Makes the message of the current row; then the next row may be read.  id is
 * for its Message-ID, unless the draft has one.  Returns 0, or an exit code
 * with c->problem.  cli_merge_message_end() must follow in any case. */
int cli_merge_message_make(struct cli_merge_message *c,
                           const struct cli_merge_template *t,
                           const struct cli_rows *row, const char *id);

/* As cli_composed_fit(); then cli_merge_message_read() is the duva_source_fn.
 * A short message is composed here as a whole, which is faster. */
int cli_merge_message_fit(struct cli_merge_message *c, uint32_t caps,
                          duva_mail *mail);
int cli_merge_message_read(void *message, void *buf, size_t len);

void cli_merge_message_end(struct cli_merge_message *c);
void cli_merge_message_free(struct cli_merge_message *c);

#endif
