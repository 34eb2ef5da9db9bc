/* address.h - lists of addresses (RFC 5322 3.4) and Message-IDs. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_FIELD_ADDRESS_H
#define DUVA_MIME_FIELD_ADDRESS_H

#include "out.h"

/* Entry i of a list, with the comma that parts it from the next; returns
 * whether there is one. */
int duva__put_address(duva__out *o, const duva_addresses *all, unsigned i);
/* <id@domain>, or several with one space between each two. */
void duva__put_ids(duva__out *o, const char *ids, int several);

#endif
