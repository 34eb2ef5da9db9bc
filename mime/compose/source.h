/* source.h - the octets of a part, from its source. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_SOURCE_H
#define DUVA_MIME_SOURCE_H

#include "duva/mime.h"

/* The part at the composer's position. */
const duva_part *duva__part_of(const duva_mime *m);
/* Ends the composer with an error of that part; returns it. */
int duva__content_fail(duva_mime *m, duva_reason reason);
/* Begins the content of that part again. */
int duva__content_start(duva_mime *m);
/* As it is, up to len octets: 0 at its end, less than 0 when it failed.  A part
 * in memory is read so with DUVA_MIME_SMALL only. */
int duva__content_pull(duva_mime *m, uint8_t *to, size_t len);

#endif
