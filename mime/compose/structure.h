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

/* Moves on from the content, whatever is left of it. */
void duva__content_skip(duva_mime *m);

#endif
