/* header_addresses.h - the addresses in the header of a message. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_HEADER_ADDRESSES_H
#define DUVA_CLI_HEADER_ADDRESSES_H

#include <stdint.h>

#include "envelope/mailbox.h"
#include "message/header.h"

/* Adds the mailboxes in To, Cc and Bcc; or, when the message was resent, those
 * in the Resent-To, -Cc and -Bcc of the last time (RFC 5322 3.6.6).  Returns
 * NULL, or what is wrong in *field. */
const char *cli_header_recipients(const struct cli_header *h,
                                  struct cli_mailboxes *m,
                                  const char **field);

/* Adds the mailboxes in From. */
const char *cli_header_author(const struct cli_header *h,
                              struct cli_mailboxes *m);

/* Converts the domains of its addresses beyond ASCII to A-labels, as
 * cli_idn_address_convert() does, unless the local part is beyond ASCII too;
 * then *utf8 is 1: the mail needs SMTPUTF8.  A header with a DKIM-Signature is
 * left as it is.  Returns 0 or EX_OSERR. */
int cli_header_convert_domains(struct cli_header *h, uint8_t *utf8);

#endif
