/* address_set.h - addresses, each once, in the order in which they came. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADDRESS_SET_H
#define DUVA_CLI_ADDRESS_SET_H

#include <stddef.h>

/* Zero it before use. */
struct cli_address_set {
    char **addr;
    size_t count, room;
    void  *known;              /* private: the same, to be searched */
};

/* Copies addr unless it is there.  Returns 0, or -1: there is no memory.  n of
 * them take n log n time. */
int cli_address_set_add(struct cli_address_set *p, const char *addr);
void cli_address_set_free(struct cli_address_set *p);

#endif
