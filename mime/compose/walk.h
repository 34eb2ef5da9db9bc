/* walk.h - where a composer stands in its message, and how it moves on. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_WALK_H
#define DUVA_MIME_WALK_H

#include "../field/out.h"

enum duva__state {
    DUVA__FRESH,               /* not checked yet */
    DUVA__HEAD,                /* piece `entry` of field `field` */
    DUVA__PART,                /* what stands above the content of a part */
    DUVA__BODY,                /* the content */
    DUVA__CLOSE,               /* the last delimiters */
    DUVA__END,
    DUVA__FAILED
};

/* Of contents; DUVA_LEN_UNKNOWN is all ones in either. */
#if DUVA_MIME_SMALL
typedef uint32_t duva__size;
#else
typedef uint64_t duva__size;
#endif

/* Learns which parts there are; refuses what makes no sense. */
#if DUVA_MIME_SMALL
#define duva__walk_plan(m, o) ((void)0)
#else
void duva__walk_plan(duva_mime *m, duva__out *o);
#endif
void duva__walk_start(duva_mime *m);
/* Writes the piece where m stands; a content only with DUVA_MIME_SMALL. */
void duva__walk_write(const duva_mime *m, duva__out *o);
/* Moves on from that piece. */
void duva__walk_on(duva_mime *m, const duva__out *o);

const duva_part *duva__part_of(const duva_mime *m);
int duva__content_fail(duva_mime *m, duva_reason reason);
/* The content of the part where m stands, from its start. */
int duva__content_start(duva_mime *m);
/* As it is, up to len octets: 0 at its end, less than 0 when it failed.  What
 * is in memory is pulled with DUVA_MIME_SMALL only. */
int duva__content_pull(duva_mime *m, uint8_t *to, size_t len);
#if DUVA_MIME_SMALL
/* Makes the next piece of it ready. */
int duva__content_fill(duva_mime *m);
#else
/* Some of it, encoded; less than 0 when the source failed. */
int duva__content_read(duva_mime *m, uint8_t *dst, size_t cap);
#endif
/* Moves on from it, whatever is left. */
void duva__content_skip(duva_mime *m);
/* Chooses the part's encoding, after a look at it. */
int duva__content_choose(duva_mime *m);

#endif
