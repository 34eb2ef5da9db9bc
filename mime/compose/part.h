/* part.h - the header fields of a part. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_PART_H
#define DUVA_MIME_PART_H

#include "../field/out.h"

/* The fields of a part, with the empty line at their end. */
void duva__part_fields(duva__out *o, const duva_part *p, int related);
void duva__put_encoding(duva__out *o, unsigned encoding);
int duva__is_rfc822(const duva_part *p);
/* Is it the text, the HTML or the calendar, of which there is one each? */
int duva__is_body_part(const duva_part *p);

#endif
