/* draft_addresses.h - the addresses of a draft, for header and envelope. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_DRAFT_ADDRESSES_H
#define DUVA_CLI_DRAFT_ADDRESSES_H

#include <stddef.h>
#include <stdint.h>

#include "duva/mail.h"
#include "envelope/mailbox.h"
#include "message/draft.h"
#include "message/problem.h"

/* Parsed, checked, and with domains in A-labels unless SMTPUTF8 is needed.
 * Zero it before use. */
struct cli_draft_addresses {
    struct cli_mailboxes from, sender, reply_to, to, cc, bcc, envelope_from;
    const struct cli_mailboxes *more; /* the draft's */
    const char *return_path;   /* for duva_mail.from; never NULL */
    uint8_t     utf8;          /* the mail needs SMTPUTF8 */
};

/* Reads the addresses of a draft.  for_header: they will be in a header, where
 * each needs a domain.  Returns 0, or EX_USAGE or EX_OSERR with the problem.
 * cli_draft_addresses_free() must follow in any case. */
int  cli_draft_addresses_read(struct cli_draft_addresses *a,
                              const struct cli_draft *draft, int for_header,
                              struct cli_problem *problem);
void cli_draft_addresses_free(struct cli_draft_addresses *a);

/* The recipients: to, cc, bcc and more in their order.  Returns how many, and
 * where rcpt is not NULL sets their addr, which live as long as `a` and the
 * draft. */
size_t cli_draft_addresses_recipients(const struct cli_draft_addresses *a,
                                      duva_rcpt *rcpt);

#endif
