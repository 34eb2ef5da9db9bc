/* small.h - the header of a message, with DUVA_MIME_SMALL. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_SMALL_H
#define DUVA_MIME_SMALL_H

#include "../field/out.h"

/* The whole header. */
void duva__put_head(duva__out *o, const duva_message *m);
/* How many octets of the seed go into Message-ID and boundaries. */
enum { DUVA__SEED_PART = 9 };

#endif
