/* inspect.h - what must be known of a content to choose its encoding. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_INSPECT_H
#define DUVA_MIME_INSPECT_H

#include "../encode/window.h"

/* What was found in a content; zero it, and set the boundary. */
typedef struct duva__findings {
    const uint8_t *boundary;   /* what no line may begin with */
    uint8_t  boundary_len;
    uint8_t  boundary_at;      /* octets of it that this line begins with */
    uint8_t  utf8;             /* is it to be UTF-8? */
    uint8_t  found;            /* DUVA__FOUND_* */
    uint32_t line, column;     /* finished lines; octets in this one */
    uint32_t bad_line;         /* the first one with what is not UTF-8 */
    uint32_t long_line;
    uint64_t octets;
    uint64_t special;          /* octets that quoted-printable encodes */
} duva__findings;
#define DUVA__FOUND_8BIT     0x01u
#define DUVA__FOUND_OCTET    0x02u /* NUL or a lone CR */
#define DUVA__FOUND_LONG     0x04u
#define DUVA__FOUND_BOUNDARY 0x08u
#define DUVA__FOUND_NOT_UTF8 0x10u
#define DUVA__BINARY        0x20u /* an input: it may hold anything */
void duva__inspect(duva__findings *s, duva__window *w);

#endif
