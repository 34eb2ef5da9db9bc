/* walk.h - where a composer stands in its message, and how it moves on. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_WALK_H
#define DUVA_MIME_WALK_H

#include "out.h"

enum duva__state {
    DUVA__FRESH,               /* not checked yet */
    DUVA__HEAD,                /* piece `entry` of field `field` */
    DUVA__PART,                /* what stands above the content of a part */
    DUVA__BODY,                /* the content */
    DUVA__CLOSE,               /* the last delimiters */
    DUVA__END,
    DUVA__FAILED
};

/* Learns which parts there are; returns whether they make sense. */
int duva__walk_plan(duva_mime *m);
void duva__walk_start(duva_mime *m);
/* Writes the piece where m stands, which is no content. */
void duva__walk_write(const duva_mime *m, duva__out *o);
/* Moves on from that piece, or from a content. */
void duva__walk_on(duva_mime *m, const duva__out *o);

int duva__check(duva_mime *m);
/* Notes what is wrong; returns err. */
int duva__fail(duva_mime *m, duva_err err, duva_reason reason,
               const char *field, uint32_t number, uint32_t where);

/* The content of the part where m stands, from its start. */
int duva__content_start(duva_mime *m);
/* Some of it, encoded; less than 0 when the source failed. */
int duva__content_read(duva_mime *m, uint8_t *dst, size_t cap);
/* Chooses the part's encoding, after a look at it. */
int duva__content_choose(duva_mime *m);

#endif
