/* composed.h - what people say of a letter into a message to be sent. */
/* SPDX-License-Identifier: MIT */
/*
 * A draft is what was said: texts as people write them.  It is only read, so
 * that threads may share it and what it points to; one copied and with other
 * texts put in is the draft of another letter.  A letter is a draft composed:
 * a source of octets, with an envelope.  Any number of letters may live at a
 * time, also of one draft; one thread at a time in each.
 *
 *     cli_draft with from, to.text, subject, text...
 *     cli_composed_make(&letter, &draft)       before a server is known
 *     cli_composed_recipients(&letter, rcpt)   the envelope
 *     cli_composed_fit(&letter, caps, &mail)   when it is: size and flags
 *     duva_send_mail(..., cli_composed_read, &letter)
 *     cli_composed_free(&letter)
 */
#ifndef DUVA_CLI_COMPOSED_H
#define DUVA_CLI_COMPOSED_H

#include <stdint.h>

#include "duva/dkim.h"
#include "duva/mail.h"
#include "envelope/mailbox.h"
#include "envelope/date.h"
#include "system/input.h"

/* Texts in their order.  Zero it before use. */
struct cli_texts {
    const char **text;         /* on the heap, what they point to is not */
    size_t       count, room;
};

/* Returns 0, or -1 when there is no memory. */
int  cli_texts_add(struct cli_texts *t, const char *text);
void cli_texts_free(struct cli_texts *t);

enum cli_priority {
    CLI_PRIORITY_UNSAID, CLI_PRIORITY_HIGH, CLI_PRIORITY_NORMAL,
    CLI_PRIORITY_LOW
};

/* A file that comes with a letter. */
struct cli_attachment {
    const struct cli_input *content;
    const char *name;          /* for the reader, without folders */
    const char *type;          /* NULL: what suits the name */
    const char *cid;           /* the HTML shows it as "cid:..."; NULL: it is
                                  attached */
    const char *path;          /* of a merge: with {{fields}}, to be opened for
                                  each row, and content is NULL; or NULL */
};

/* Zero it, then set from, a recipient, and what matters.  Text is UTF-8.
 * Lists of addresses are as cli_mailboxes_add() takes them. */
struct cli_draft {
    const char *from;          /* a list, usually of one */
    const char *sender, *reply_to;
    const char *envelope_from; /* where bounces go: an address, "" for nobody;
                                  NULL: sender, else from */
    struct cli_texts to, cc, bcc; /* a list each; bcc: in no field */
    const char *subject;
    const char *message_id, *in_reply_to, *references; /* "<id@domain> ..." */
    struct cli_texts headers;  /* "Name: value" */
    const struct cli_input *text, *html, *calendar; /* NULL: none */
    const struct cli_attachment *attachment;
    size_t attachments;
    const char *charset;       /* of text; NULL: UTF-8, or unknown-8bit when
                                  it is not */
    struct cli_date date;
    uint8_t     dated;         /* there is one; else it is now, and here */
    uint8_t     priority;      /* cli_priority */
    uint8_t     flowed;        /* text is paragraphs, to be wrapped */
    uint8_t     utf8;          /* keep domains as typed, and so use SMTPUTF8;
                                  else only where a local part needs it */
};

struct cli_composed {
    /* Addresses beyond ASCII are in A-labels, unless SMTPUTF8 is needed. */
    struct cli_mailboxes from, sender, reply_to, to, cc, bcc, bounces;
    const char  *return_path;  /* for duva_mail.from; never NULL */
    uint8_t      utf8;         /* it takes SMTPUTF8 */
    uint8_t      composed;     /* else it is an envelope only */
    uint8_t      fresh;        /* private: nothing was read since it was made */
    duva_reason  reason;       /* what is wrong, or DUVA_REASON_NONE: the */
    char         problem[600]; /* same for people, unescaped */
    /* private */
    const struct cli_draft *draft;
    const struct cli_input **origin; /* of each part */
    duva_part   *part;
    struct cli_sources *sources;
    duva_header *header;
    char        *names;        /* of the headers */
    char         method[32];
    char         own_id[300];  /* the Message-ID, unless the draft has it */
    const char  *tail;         /* what the last line lacks; NULL: unknown */
    duva_message message;
    duva_mime    mime;
    duva_dkim    dkim;         /* signer NULL: none */
};

/* Composes a letter.  The draft and all that it points to must stay put until
 * cli_composed_free(), which must follow in any case.  Returns 0; or EX_USAGE
 * when something was said that cannot be, EX_DATAERR when a content cannot be
 * sent, EX_NOINPUT when it cannot be read, EX_OSERR for want of memory; then
 * l->problem begins with the option of "duva send" that says it. */
int cli_composed_make(struct cli_composed *l, const struct cli_draft *draft);
void cli_composed_free(struct cli_composed *l);

/* The same for a message that was composed elsewhere: reads the addresses of
 * the draft and nothing else.  Here a name needs no domain.  Only
 * cli_composed_recipients() and cli_composed_free() may follow. */
int cli_composed_envelope(struct cli_composed *l,
                          const struct cli_draft *draft);

/* To look at addresses one by one, before there is a draft of them all: begin,
 * then try each as one of d->bcc.  Returns as cli_composed_make() does; the
 * problem begins with place. */
void cli_composed_begin(struct cli_composed *l, const struct cli_draft *draft);
int cli_composed_try(struct cli_composed *l, const char *text,
                     const char *place);

/* Has it signed (DKIM).  Call it before cli_composed_fit(); no other letter may
 * use the signer as long as this one is read.  All is borrowed. */
void cli_composed_sign(struct cli_composed *l, duva_signer *signer,
                       const char *domain, const char *selector);

/* The recipients: to, cc and bcc in their order.  Returns how many, and where
 * rcpt is not NULL sets their addr, which live as long as the letter. */
size_t cli_composed_recipients(const struct cli_composed *l, duva_rcpt *rcpt);

/* Encodes it as a server with these caps (DUVA_CAP_*) takes it, and goes to
 * the start.  Of mail it sets the size, or 0 when that is not known, and the
 * flags that a message decides: 8BIT, UTF8, EXACT, AS_IS, BINARY.  Returns as
 * cli_composed_make() does. */
int cli_composed_fit(struct cli_composed *l, uint32_t caps, duva_mail *mail);

/* A duva_source_fn. */
int cli_composed_read(void *letter, void *buf, size_t len);

/* In one pass, for a letter that is read as a whole before it is sent: draw,
 * expect, read, flags.  To draw is to make it without a look at the message.
 * What is wrong there makes the first reading fail, and then cli_composed_fit()
 * says what, or finds a way round it and goes to the start. */
int cli_composed_start(struct cli_composed *l, const struct cli_draft *draft);
/* What the server takes: DUVA_CAP_*.  Looks at the message again when that is
 * less than before.  Returns 0, or an exit code. */
int cli_composed_expect(struct cli_composed *l, uint32_t caps);
/* The flags of a mail that cli_composed_fit() sets, but EXACT. */
void cli_composed_flags(const struct cli_composed *l, duva_mail *mail);

#endif
