/* mailbox.h - mailboxes as people write them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_MAILBOX_H
#define DUVA_CLI_MAILBOX_H

#include <stdint.h>

#include "duva/mime.h"

/* Zero it before use. */
struct cli_mailboxes {
    uint8_t       lenient;     /* accept what programs write: a tab is a space,
                                  a route is ignored, "<@a.example:ada@b.org>"
                                  (RFC 5321 appendix C), the last group needs
                                  no ';' */
    uint8_t       utf8;        /* an address needs SMTPUTF8; set by who converts
                                  them */
    duva_address *list;        /* for duva_message; a group has no addr */
    size_t        count, room;
    struct cli_mailbox_text *text; /* private: names and addresses */
};

/* Adds what text has, a list of addresses as in a field To (RFC 5322 3.4) that
 * is not folded:
 *
 *     ada@example.org, "Lovelace, Ada" <ada@example.org>, all: a@b.org, c@d;
 *
 * Names lose their quotes, and comments are left out; one behind an address
 * without a name is its name.  White space and comments around the words of an
 * address are removed (RFC 5322 3.4.1, 4.4); otherwise it is as written, and
 * not checked: see idn_address.h.  The text is copied, in linear time.
 *
 * Returns NULL; or what is wrong, with the list as it was. */
const char *cli_mailboxes_add(struct cli_mailboxes *m, const char *text);

/* The domain of an address, or NULL: it has none.  An "@" in a quoted string is
 * not the one before a domain. */
const char *cli_address_domain(const char *addr);

/* The list for duva_message, cut to the 65535 that it can have. */
duva_addresses cli_mailboxes_list(const struct cli_mailboxes *m);

/* Replaces the address of mailbox i by a copy of addr.  Returns 0, or -1 when
 * there is no memory. */
int cli_mailboxes_set(struct cli_mailboxes *m, size_t i, const char *addr);

void cli_mailboxes_free(struct cli_mailboxes *m);

#endif
