/* look.h - a look at a content, to choose its encoding. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_LOOK_H
#define DUVA_MIME_LOOK_H

#include "../encode/window.h"

/* What a look at content found; zero it, and set the boundary. */
typedef struct duva__sight {
    const uint8_t *boundary;   /* what no line may begin with */
    uint8_t  boundary_len;
    uint8_t  boundary_at;      /* octets of it that this line begins with */
    uint8_t  utf8;             /* is it to be UTF-8? */
    uint8_t  found;            /* DUVA__SEEN_* */
    uint32_t line, column;     /* finished lines; octets in this one */
    uint32_t bad_line;         /* the first one with what is not UTF-8 */
    uint32_t long_line;
    uint64_t octets;
    uint64_t special;          /* octets that quoted-printable encodes */
} duva__sight;
#define DUVA__SEEN_8BIT     0x01u
#define DUVA__SEEN_OCTET    0x02u /* NUL or a lone CR */
#define DUVA__SEEN_LONG     0x04u
#define DUVA__SEEN_BOUNDARY 0x08u
#define DUVA__SEEN_NOT_UTF8 0x10u
#define DUVA__BINARY        0x20u /* not seen but said: all else is welcome */
void duva__look_at(duva__sight *s, duva__window *w);

#endif
