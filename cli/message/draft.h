/* draft.h - what options and an account say of a message to be composed. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DRAFT_H
#define DUVA_CLI_DRAFT_H

#include <stddef.h>
#include <stdint.h>

#include "envelope/date.h"
#include "envelope/mailbox.h"
#include "system/input.h"

/* Texts in their order.  Zero it before use. */
struct cli_texts {
    const char **text;         /* on the heap; the texts are borrowed */
    size_t       count, room;
};

/* Returns 0, or -1 when there is no memory. */
int  cli_texts_add(struct cli_texts *t, const char *text);
void cli_texts_free(struct cli_texts *t);

enum cli_priority {
    CLI_PRIORITY_UNSAID, CLI_PRIORITY_HIGH, CLI_PRIORITY_NORMAL,
    CLI_PRIORITY_LOW
};

/* A file that is attached, or shown by the HTML (inline). */
struct cli_attachment {
    const struct cli_input *content;
    const char *name;          /* for the reader, without folders */
    const char *type;          /* NULL: by the name */
    const char *cid;           /* the HTML shows it as "cid:..."; NULL: it is
                                  attached */
    const char *path;          /* of a merge: with {{fields}}, to be opened for
                                  each row, and content is NULL; or NULL */
};

/* Zero it, then set from, a recipient, and what matters.  Text is UTF-8.  Lists
 * of addresses are as cli_mailboxes_add() takes them.  All is borrowed.  A
 * draft is only read, so that threads may share it; a copy with other texts is
 * the draft of another message. */
struct cli_draft {
    const char *from;          /* a list, usually of one */
    const char *sender, *reply_to;
    const char *envelope_from; /* the reverse-path: an address, "" for the null
                                  reverse-path; NULL: sender, else from */
    struct cli_texts to, cc, bcc; /* a list each; bcc: in no field */
    const struct cli_mailboxes *more; /* recipients in no field, checked and
                                         converted; NULL: none */
    const char *subject;
    const char *message_id, *in_reply_to, *references; /* "<id@domain> ..." */
    const char *unique;        /* for our own Message-ID, before its "@"; NULL:
                                  made of the date and random numbers */
    struct cli_texts headers;  /* "Name: value" */
    const struct cli_input *text, *html, *calendar; /* NULL: none */
    const struct cli_attachment *attachment;
    size_t      attachments;
    const char *charset;       /* of text; NULL: UTF-8, or unknown-8bit when
                                  it is not */
    struct cli_date date;
    uint8_t     dated;         /* date is given; else it is now, and here */
    uint8_t     priority;      /* cli_priority */
    uint8_t     flowed;        /* text is paragraphs, to be wrapped */
    uint8_t     utf8;          /* keep domains as typed, and so use SMTPUTF8;
                                  else only where a local part needs it */
};

#endif
