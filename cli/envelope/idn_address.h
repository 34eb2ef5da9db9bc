/* idn_address.h - addresses in the form that MAIL and RCPT have. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_IDN_ADDRESS_H
#define DUVA_CLI_IDN_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#include "duva/idn.h"
#include "envelope/mailbox.h"

/* Zero keep and utf8 before the first address of a mail. */
struct cli_idn_address {
    uint8_t     keep;          /* domains stay as they were typed */
    uint8_t     utf8;          /* out: an address needs SMTPUTF8 */
    duva_reason reason;        /* out: what is wrong, where there is a word */
    const char *addr;          /* out: the address itself, or plain */
    char        plain[DUVA_IDN_SIZE];
};

/* Checks an address, whose domain may be missing.  A domain beyond ASCII is
 * converted to A-labels (RFC 5890), unless keep or the local part asks for
 * SMTPUTF8 (RFC 6531).  Returns NULL, or what is wrong; then reason is
 * DUVA_REASON_MEMORY when it is not the address's fault. */
const char *cli_idn_address_convert(struct cli_idn_address *a,
                                    const char *addr);

/* The same for mailbox i of a list, whose address is replaced by the converted
 * one.  A quoted string needs a domain here. */
const char *cli_mailboxes_convert(struct cli_mailboxes *m, size_t i,
                                  struct cli_idn_address *a);

#endif
