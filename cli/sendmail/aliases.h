/* aliases.h - names without a domain into the addresses they stand for. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ALIASES_H
#define DUVA_CLI_ALIASES_H

#include "sendmail/address_set.h"

/* How names without a domain become addresses.  Zero it before use. */
struct cli_aliases {
    const char *domain;        /* for those that have no alias; NULL: none */
    char problem[160];         /* private */
    void *entries;             /* private: by name */
};

/* Reads the text of a file of aliases, which is borrowed: lines "name: address,
 * address", with addresses as cli_mailboxes_add() takes them; "#"
 * begins a comment, a line that begins with a blank goes on with the last one,
 * and "default" stands for all that are not there.  Returns 0, or -1: there is
 * no memory. */
int  cli_aliases_read(struct cli_aliases *aliases, const char *text);
void cli_aliases_free(struct cli_aliases *aliases);

/* Adds what addr stands for: itself, when it has a domain.  A name may stand
 * for other names.  Returns NULL; or what is wrong, good as long as aliases
 * is. */
const char *cli_aliases_resolve(struct cli_address_set *p,
                                struct cli_aliases *aliases, const char *addr);

#endif
