/* stencil.h - a draft with {{fields}} and a row into the letter of that row. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_STENCIL_H
#define DUVA_CLI_STENCIL_H

#include <stdint.h>

#include "merge/rows.h"
#include "merge/template.h"
#include "system/input.h"
#include "message/composed.h"

struct cli_stencil {
    const struct cli_draft   *draft;
    const struct cli_columns *columns;
    struct cli_stencil_field *field; /* on the heap: what has {{fields}} */
    size_t count, size;
    char  *kept[3];            /* contents, where they do */
    duva_signer *signer;       /* the caller's to set; NULL: none */
    const char  *sign_domain;  /* NULL: that of the author */
    const char  *sign_selector;
};

/* Finds the {{fields}} of a draft, which must stay as it is, and the columns
 * too.  Returns 0, or an exit code with the problem, which begins with the
 * option that it is in.  cli_stencil_close() must follow in any case. */
int  cli_stencil_open(struct cli_stencil *s, const struct cli_draft *draft,
                      const struct cli_columns *columns,
                      char problem[CLI_PROBLEM_SIZE]);
void cli_stencil_close(struct cli_stencil *s);

/* Adds all that the letters are made of.  Returns 0 or -1. */
int  cli_stencil_digest(const struct cli_stencil *s, struct cli_digest *d);

#define CLI_TO_SIZE 2400

/* Adds a word to a list of them, or dots when it is full. */
void cli_list(char *dst, size_t cap, const char *word);

/* The letter of one row.  Zero it before the first; it keeps its memory for
 * the next. */
struct cli_copy {
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
    uint8_t            streams; /* it is long, and read from the letter */
    uint8_t            is_signed;
};

/* Makes the letter of the row at hand, which the next row may then replace.
 * id is for its Message-ID, unless the draft has one.  Returns 0, or an exit
 * code with c->problem.  cli_copy_end() must follow in any case. */
int  cli_copy_make(struct cli_copy *c, const struct cli_stencil *s,
                   const struct cli_rows *row, const char *id);
/* cli_composed_fit() of it.  Then cli_copy_read() is the duva_source_fn: of a
 * letter that is not long it was read here already, which is faster. */
int  cli_copy_fit(struct cli_copy *c, uint32_t caps, duva_mail *mail);
int  cli_copy_read(void *copy, void *buf, size_t len);
void cli_copy_end(struct cli_copy *c);
void cli_copy_free(struct cli_copy *c);

#endif
