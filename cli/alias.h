/* alias.h - names without a domain to the people they stand for. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ALIAS_H
#define DUVA_CLI_ALIAS_H

#include <stddef.h>

/* Addresses, each once.  Zero it before use. */
struct cli_people {
    char **addr;
    size_t count, room;
};

/* Copies addr unless it is there.  Returns 0, or -1: there is no memory. */
int  cli_people_add(struct cli_people *p, const char *addr);
void cli_people_free(struct cli_people *p);

/* How names without a domain become addresses. */
struct cli_aliases {
    const char *text;          /* of the file; NULL: none */
    const char *domain;        /* for those that have no alias; NULL: none */
};

/* Adds whom addr stands for: itself, when it has a domain.
 *
 * The text has lines "name: address, address", "#" begins a comment, and a
 * line that begins with a blank goes on with the last one; "default" stands for
 * all that are not there.  A name may stand for other names.  Returns NULL; or
 * what is wrong, in part with the line of the file. */
const char *cli_people_resolve(struct cli_people *p,
                               const struct cli_aliases *aliases,
                               const char *addr);

#endif
