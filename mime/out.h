/* out.h - what the writers of header fields share: a window on their text. */
/* SPDX-License-Identifier: MIT */
/*
 * A piece of header is always written whole, from its start; the window lets
 * through what the reader has not had yet.  So no writer has a state to come
 * back to, and the same code checks, counts and writes.
 */
#ifndef DUVA_MIME_OUT_H
#define DUVA_MIME_OUT_H

#include "duva/mime.h"

enum { DUVA__LINE = 78, DUVA__LINE_ENCODED = 76, DUVA__LINE_MAX = 998 };

typedef struct duva__out {
    uint8_t    *at, *end;      /* room; what comes after is only counted */
    uint32_t    skip;          /* octets that the reader has had */
    uint32_t    lost;          /* octets that found no room */
    uint16_t    column;        /* octets in the present line */
    uint16_t    members;       /* of a group, still to come */
    uint8_t     takes;         /* DUVA_MIME_* */
    uint8_t     needs;
    uint8_t     more;          /* the field goes on with its next entry */
    duva_reason reason;        /* the first thing that was wrong */
    uint32_t    where;
    uint32_t    number;
    const char *field;         /* that is being written */
    const char *refused;       /* the one that was wrong */
} duva__out;

void duva__write(duva__out *o, const char *text, size_t len);
void duva__writes(duva__out *o, const char *text);
/* A space before a token of `need` octets, or a new line when it ends there. */
void duva__fold(duva__out *o, size_t need, size_t line);
void duva__refuse(duva__out *o, duva_reason reason, size_t where);

/* Text of any kind: as it stands where that can be read back and no word of
 * it is over `longest`, else in encoded-words (RFC 2047).  Begins with a
 * space. */
void duva__text(duva__out *o, const char *text, size_t longest);
/* A display name (phrase).  Begins with a space. */
void duva__phrase(duva__out *o, const char *name);
/* Encoded-words with a space before each but, unless `lead`, the first. */
void duva__words(duva__out *o, const char *text, size_t len, int lead);
/* Length of text; refuses control characters (but, with `tab`, HT) and bad
 * UTF-8; *beyond becomes 1 if something is not ASCII. */
size_t duva__look(duva__out *o, const char *text, int *beyond);

/* The UTF-8 character (RFC 3629) at s: its octets, 0 if it is none, or 5 if
 * it could go on after len. */
size_t duva__utf8(const uint8_t *s, size_t len);

/* What is wrong with addr, local@domain; utf8: characters beyond ASCII may
 * be in it. */
duva_reason duva__addr(const char *addr, int utf8, size_t *where);
int duva__atext(uint8_t c);
int duva__alnum(uint8_t c);

/* Piece `entry` of field `field` of m; returns whether the field goes on
 * with entry + 1. */
enum { DUVA__FIELDS = 11 };
void duva__put_boundary(duva__out *o, const duva_message *m, unsigned level);
int duva__field(duva__out *o, const duva_message *m, unsigned field,
                unsigned entry);

/* The fields of a part, with the empty line at their end. */
void duva__part_fields(duva__out *o, const duva_part *p, int related);
void duva__put_encoding(duva__out *o, unsigned encoding);
int duva__is_rfc822(const duva_part *p);
int duva__is_text(const duva_part *p);

#endif
