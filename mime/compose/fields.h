/* fields.h - the header fields of a message, one by one. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_FIELDS_H
#define DUVA_MIME_FIELDS_H

#include "../field/out.h"

enum { DUVA__FIELDS = 11 };
void duva__put_boundary(duva__out *o, const duva_message *m, unsigned level);
/* Piece `entry` of field `field` of m; returns whether the field goes on
 * with entry + 1. */
int duva__field(duva__out *o, const duva_message *m, unsigned field,
                unsigned entry);

#endif
