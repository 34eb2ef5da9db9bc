/* structure.h - the position of a composer in its message. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_STRUCTURE_H
#define DUVA_MIME_STRUCTURE_H

#include "../field/out.h"

enum duva__state {
    DUVA__FRESH,               /* not checked yet */
    DUVA__HEAD,                /* piece `entry` of field `field` */
    DUVA__PART,                /* the header of a part, and its delimiter */
    DUVA__CONTENT,             /* the content */
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

/* Decides which containers are needed; refuses parts that are not valid. */
#if DUVA_MIME_SMALL
#define duva__structure_plan(m, o) ((void)0)
#else
void duva__structure_plan(duva_mime *m, duva__out *o);
#endif
void duva__structure_start(duva_mime *m);
/* Writes the piece at the position; a content only with DUVA_MIME_SMALL. */
void duva__structure_write(const duva_mime *m, duva__out *o);
/* Moves on from that piece. */
void duva__structure_on(duva_mime *m, const duva__out *o);

/* Moves on from the content, whatever is left of it. */
void duva__content_skip(duva_mime *m);

#endif
