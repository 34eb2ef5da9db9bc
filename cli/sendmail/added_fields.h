/* added_fields.h - fields for a header that lacks them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADDED_FIELDS_H
#define DUVA_CLI_ADDED_FIELDS_H

#include <stdio.h>

/* Date, Message-ID and From, as the composer of the library writes them.  name:
 * UTF-8; NULL: there is none, and it is left out where it cannot be written.
 * Zero it before use. */
struct cli_added_fields {
    const char *from, *name;   /* an address, and whose it is */
    const char *message_id;    /* "<id@domain>" */
    char        text[4096];    /* private: the header */
};

/* Composes them; date: now. */
void cli_added_fields_compose(struct cli_added_fields *f);

/* Writes the one of that name, with its line end. */
void cli_added_fields_write(const struct cli_added_fields *f, FILE *out,
                            const char *name);

#endif
