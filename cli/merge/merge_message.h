/* merge_message.h - a draft with {{fields}} and a row into a message. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MERGE_MESSAGE_H
#define DUVA_CLI_MERGE_MESSAGE_H

#include <stdint.h>

#include "merge/rows.h"
#include "merge/template.h"
#include "system/input.h"
#include "message/composed.h"

struct cli_merge_message {
    const struct cli_draft   *draft;
    const struct cli_columns *columns;
    struct cli_merge_field *field; /* on the heap: what has {{fields}} */
    size_t count, size;
    char  *kept[3];            /* contents, where they do */
    duva_signer *signer;       /* the caller's to set; NULL: none */
    const char  *sign_domain;  /* NULL: that of the author */
    const char  *sign_selector;
};

/* Finds the {{fields}} of a draft, which must stay as it is, and the columns
 * too.  Returns 0, or an exit code with the problem, which begins with the
 * option that it is in.  cli_merge_message_close() must follow in any case. */
int cli_merge_message_open(struct cli_merge_message *s,
                           const struct cli_draft *draft,
                           const struct cli_columns *columns,
                           char problem[CLI_PROBLEM_SIZE]);
void cli_merge_message_close(struct cli_merge_message *s);

/* Adds all that the letters are made of.  Returns 0 or -1. */
int cli_merge_message_digest(const struct cli_merge_message *s,
                             struct cli_digest *d);

#define CLI_TO_SIZE 2400

/* Adds a word to a list of them, or dots when it is full. */
void cli_list(char *dst, size_t cap, const char *word);

/* The letter of one row.  Zero it before the first; it keeps its memory for
 * the next. */
struct cli_merge_mail {
    struct cli_composed letter;
    char problem[CLI_PROBLEM_SIZE];
    char to[CLI_TO_SIZE];      /* the recipients, as they may be shown: with
                                  a space between two, cut if there are many */
    struct cli_draft   draft;
    /* private */
    struct cli_text    text;   /* all that was filled in, each with a NUL */
    size_t            *start;  /* on the heap: of the fields in text */
    struct cli_input content[3];
    struct cli_attachment *attachment; /* on the heap, as all below */
    struct cli_input *file;            /* of each that is opened for the row */
    size_t             files;
    char               unique[64]; /* of its Message-ID */
    struct cli_text    message; /* all of it, if it is not long */
    size_t             at;     /* in message */
    uint8_t            streams; /* it is long, and composed as it is read */
    uint8_t            is_signed;
};

/* Makes the message of the row at hand, which the next row may then replace.
 * id is for its Message-ID, unless the draft has one.  Returns 0, or an exit
 * code with c->problem.  cli_merge_mail_end() must follow in any case. */
int cli_merge_mail_make(struct cli_merge_mail *c,
                        const struct cli_merge_message *s,
                        const struct cli_rows *row, const char *id);
/* cli_composed_fit() of it.  Then cli_merge_mail_read() is the duva_source_fn.
 * A message that is not long was composed here already, which is faster. */
int cli_merge_mail_fit(struct cli_merge_mail *c, uint32_t caps,
                       duva_mail *mail);
int cli_merge_mail_read(void *mail, void *buf, size_t len);
void cli_merge_mail_end(struct cli_merge_mail *c);
void cli_merge_mail_free(struct cli_merge_mail *c);

#endif
