/* draft_files.h - the files that a message is composed of. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DRAFT_FILES_H
#define DUVA_CLI_DRAFT_FILES_H

#include <stdint.h>

#include "envelope/mailbox.h"
#include "message/draft.h"
#include "system/input.h"

#define CLI_DRAFT_PROBLEM 700

/* Zero it, then set the names. */
struct cli_draft_files {
    const char *text;          /* itself, or NULL and */
    const char *body;          /* the name of its file; NULL: there is none */
    const char *html, *calendar;
    struct cli_texts recipients;
    uint8_t merges;            /* files whose name has {{fields}} are for the
                                  rows to open */
    /* private */
    struct cli_attachment *attachment;
    struct cli_named {
        const char *path;
        char       *cid;       /* on the heap; NULL: it is attached */
        char        type[80];
        struct cli_input content;
    } **named;                 /* of each attachment */
    size_t attachments;
    struct cli_input text_in, html_in, calendar_in;
    struct cli_mailboxes more; /* of the files of recipients */
};

/* Adds a file to be attached, or with cid ("CID=FILE") to be shown by the HTML;
 * then sets the type and the name of the one that was added last, where they
 * are not NULL.  Return NULL, or what is wrong. */
const char *cli_draft_files_add(struct cli_draft_files *f, const char *text,
                                int cid);
const char *cli_draft_files_describe(struct cli_draft_files *f,
                                     const char *type, const char *name);

/* How many of them are standard input. */
size_t cli_draft_files_from_stdin(const struct cli_draft_files *f);

/* Opens all and puts them into the draft, which must then have bcc for itself
 * and be read before cli_draft_files_close().  Returns 0, or an exit code with
 * the problem, unescaped. */
int cli_draft_files_open(struct cli_draft_files *f, struct cli_draft *d,
                         char problem[CLI_DRAFT_PROBLEM]);
void cli_draft_files_close(struct cli_draft_files *f);

#endif
