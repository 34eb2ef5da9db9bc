/* composed.h - a message composed of a draft, to be sent. */
/* SPDX-License-Identifier: MIT */
/*
 * A composed message is a source of octets, with an envelope.  Any number of
 * them may exist at a time, also of one draft; one thread at a time in each.
 *
 *     cli_draft with from, to.text, subject, text...
 *     cli_composed_make(&composed, &draft)         before a server is known
 *     cli_draft_addresses_recipients(&composed.addresses, rcpt)
 *     cli_composed_fit(&composed, caps, &mail)     when it is: size and flags
 *     duva_send_mail(..., cli_composed_read, &composed)
 *     cli_composed_free(&composed)
 */
#ifndef DUVA_CLI_COMPOSED_H
#define DUVA_CLI_COMPOSED_H

#include <stdint.h>

#include "duva/dkim.h"
#include "duva/mail.h"
#include "duva/mime.h"
#include "message/draft.h"
#include "message/draft_addresses.h"
#include "message/draft_fields.h"
#include "message/draft_parts.h"
#include "message/problem.h"

struct cli_composed {
    struct cli_draft_addresses addresses;
    uint8_t      is_composed;  /* else it is an envelope only */
    struct cli_problem problem;
    /* private */
    uint8_t      fresh;        /* nothing was read since it was made */
    struct cli_draft_fields fields;
    struct cli_draft_parts  parts;
    const char  *tail;         /* what the last line lacks; NULL: unknown */
    duva_message message;
    duva_mime    mime;
    duva_dkim    dkim;         /* signer NULL: none */
};

/* Composes the message of a draft.  The draft and all that it points to must
 * stay as they are until cli_composed_free(), which must follow in any case.
 * Returns 0; or EX_USAGE for an option that is wrong, EX_DATAERR when a content
 * cannot be sent, EX_NOINPUT when it cannot be read, EX_OSERR when memory is
 * short; then c->problem says why. */
int  cli_composed_make(struct cli_composed *c, const struct cli_draft *draft);
void cli_composed_free(struct cli_composed *c);

/* For a message that was composed elsewhere: reads the addresses of the draft
 * and nothing else.  Here a name needs no domain.  Only cli_composed_free() may
 * follow. */
int  cli_composed_envelope(struct cli_composed *c,
                           const struct cli_draft *draft);

/* The Message-ID, or NULL. */
const char *cli_composed_message_id(const struct cli_composed *c);

/* Has it signed (DKIM).  Call it before cli_composed_fit(); no other message
 * may use the signer as long as this one is read.  All is borrowed.  domain:
 * NULL: the author's. */
void cli_composed_sign(struct cli_composed *c, duva_signer *signer,
                       const char *domain, const char *selector);

/* The domain of the author, of a message that was made. */
const char *cli_composed_domain(const struct cli_composed *c);

/* Encodes it as a server with these caps (DUVA_CAP_*) takes it, and goes to
 * the start.  Of mail it sets the size, or 0 when that is not known, and the
 * flags that depend on the message: 8BIT, UTF8, EXACT, AS_IS, BINARY.  Returns
 * as cli_composed_make() does. */
int cli_composed_fit(struct cli_composed *c, uint32_t caps, duva_mail *mail);

/* A duva_source_fn. */
int cli_composed_read(void *composed, void *buf, size_t len);

/* In one pass, for a message that is read as a whole before it is sent: start,
 * expect, read, flags.  The start does not read the contents.  When one of them
 * cannot be sent the first reading fails; then cli_composed_fit() says why, or
 * changes its encoding and goes to the start. */
int  cli_composed_start(struct cli_composed *c, const struct cli_draft *draft);
/* The extensions of the server: DUVA_CAP_*.  Checks the message again when they
 * are fewer than before.  Returns 0, or an exit code. */
int  cli_composed_expect(struct cli_composed *c, uint32_t caps);
/* The flags of a mail that cli_composed_fit() sets, but EXACT. */
void cli_composed_flags(const struct cli_composed *c, duva_mail *mail);

#endif
