/* local_addresses.h - addresses as programs write them, for the envelope. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_LOCAL_ADDRESSES_H
#define DUVA_CLI_LOCAL_ADDRESSES_H

#include "config/account_values.h"
#include "envelope/idn_address.h"
#include "outcome/outcome.h"
#include "sendmail/address_set.h"

/* Both convert addresses as cli_idn_address_convert() does; last->utf8 is then
 * 1 if one needs SMTPUTF8.  They return 0, or an exit code after cli_stop(). */

/* Adds to `to` what the given recipients stand for: a name without a domain is
 * an alias, or has the account's maildomain. */
int cli_local_recipients(struct cli_address_set *to,
                         const struct cli_address_set *given,
                         struct cli_accounts *a,
                         struct cli_idn_address *last, struct cli_outcome *o);

/* Completes *sender, with a text that lives as long as `a`: NULL is the user
 * who runs this, and a name without a domain is an address of this host. */
int cli_local_sender(const char **sender, struct cli_accounts *a,
                     struct cli_idn_address *last, struct cli_outcome *o);

#endif
