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

/* Hosts have code to spare for speed. */
#if !DUVA_MIME_SMALL && (defined(__unix__) || defined(__APPLE__))
#define DUVA__HOST 1
#else
#define DUVA__HOST 0
#endif

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
    const char *field;         /* what is being written, for refusals */
    uint32_t    number;
    duva_mime_error error;     /* the first refusal */
} duva__out;

void duva__write(duva__out *o, const char *text, size_t len);
void duva__writes(duva__out *o, const char *text);
/* A space before a token of `need` octets, or a new line when it ends there. */
void duva__fold(duva__out *o, size_t need, size_t line);
void duva__refuse(duva__out *o, duva_reason reason, size_t where);
/* The same for all of a field. */
void duva__refuse_in(duva__out *o, duva_reason reason, const char *field);

/* Text of any kind: as it stands where that can be read back and no word of
 * it is over `longest`, else in encoded-words (RFC 2047).  Begins with a
 * space. */
void duva__text(duva__out *o, const char *text, size_t longest);
/* A display name (phrase).  Begins with a space. */
void duva__phrase(duva__out *o, const char *name);
/* Encoded-words with a space before each but, unless `lead`, the first. */
void duva__words(duva__out *o, const char *text, size_t len, int lead);
/* The same in another charset than utf-8. */
void duva__words_in(duva__out *o, const char *charset, const char *text,
                    size_t len, int lead);
/* Length of text; refuses control characters but HT, and bad UTF-8; *beyond
 * becomes the place, from 1, of the first character that is not ASCII, or 0. */
size_t duva__look(duva__out *o, const char *text, size_t *beyond);
/* The same for what cannot be encoded: refuses, too, what is not ASCII, but
 * for SMTPUTF8. */
size_t duva__look_raw(duva__out *o, const char *text);

/* Writes text of printable ASCII without the characters in `without`, and
 * with one `mark` inside if that is not 0; refuses others, and an empty text.
 * Returns its length. */
size_t duva__put_only(duva__out *o, const char *text, const char *without,
                      char mark);
/* What no token has (RFC 2045 5.1), but '/'. */
#define DUVA__SPECIALS "()<>@,;:\\\"[]?= "

/* Octets in base64, without line ends. */
void duva__put_base64(duva__out *o, const void *octets, size_t len);

/* The UTF-8 character (RFC 3629) at s: its octets, 0 if it is none, or 5 if
 * it could go on after len. */
size_t duva__utf8(const uint8_t *s, size_t len);

/* Entry i of a list, with the comma that parts it from the next; returns
 * whether there is one. */
int duva__put_address(duva__out *o, const duva_addresses *all, unsigned i);
/* <id@domain>, or several with one space between each two. */
void duva__put_ids(duva__out *o, const char *ids, int several);
int duva__atext(uint8_t c);
int duva__alnum(uint8_t c);

enum { DUVA__FIELDS = 11 };
void duva__put_boundary(duva__out *o, const duva_message *m, unsigned level);
/* What follows "Date:", with the line end. */
void duva__put_date(duva__out *o, const duva_message *m);
/* Piece `entry` of field `field` of m; returns whether the field goes on
 * with entry + 1. */
int duva__field(duva__out *o, const duva_message *m, unsigned field,
                unsigned entry);

/* With DUVA_MIME_SMALL: the whole head, and how many octets of the seed go
 * into Message-ID and boundaries. */
void duva__put_head(duva__out *o, const duva_message *m);
enum { DUVA__SEED_PART = 9 };

/* The fields of a part, with the empty line at their end. */
void duva__part_fields(duva__out *o, const duva_part *p, int related);
void duva__put_encoding(duva__out *o, unsigned encoding);
int duva__is_rfc822(const duva_part *p);
int duva__is_text(const duva_part *p);

#endif
