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

/* Length of text; refuses control characters but HT, and bad UTF-8; *beyond
 * becomes the place, from 1, of the first character that is not ASCII, or 0. */
size_t duva__check_text(duva__out *o, const char *text, size_t *beyond);
/* The same for what cannot be encoded: refuses, too, what is not ASCII, but
 * for SMTPUTF8. */
size_t duva__check_raw(duva__out *o, const char *text);

/* Writes text of printable ASCII without the characters in `without`, and
 * with one `mark` inside if that is not 0; refuses others, and an empty text.
 * Returns its length. */
size_t duva__put_only(duva__out *o, const char *text, const char *without,
                      char mark);
/* What no token has (RFC 2045 5.1), but '/'. */
#define DUVA__SPECIALS "()<>@,;:\\\"[]?= "

#endif
