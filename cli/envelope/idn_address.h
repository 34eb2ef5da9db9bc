/* idn_address.h - addresses as they are said in MAIL and RCPT. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_IDN_ADDRESS_H
#define DUVA_CLI_IDN_ADDRESS_H

#include <stdint.h>

#include "duva/idn.h"

/* Zero keep and utf8 before the first address of a mail. */
struct cli_idn_address {
    uint8_t     keep;          /* domains stay as they were typed */
    uint8_t     utf8;          /* out: an address needs SMTPUTF8 */
    duva_reason reason;        /* out: what is wrong, where there is a word */
    const char *addr;          /* out: the address itself, or plain */
    char        plain[DUVA_IDN_SIZE];
};

/* Checks an address, whose domain may be missing.  A domain beyond ASCII is
 * put in A-labels (RFC 5890), unless keep or the local part asks for SMTPUTF8
 * (RFC 6531).  Returns NULL, or what is wrong; of the reasons MEMORY is not of
 * the address. */
const char *cli_idn_address_convert(struct cli_idn_address *s,
                                    const char *addr);

#endif
