/* convert_inner.h - what the files of the converter share. */
/* SPDX-License-Identifier: MIT */
/*
 * The same walk is made twice: looking, it decides what is to be done with
 * each entity (a message, a part, a container of parts) and writes nothing;
 * then it writes.  Each step takes something from the window on the source.
 */
#ifndef DUVA_MIME_CONVERT_INNER_H
#define DUVA_MIME_CONVERT_INNER_H

#include "../encode/encode.h"
#include "duva/convert.h"
#include "../field/out.h"

enum duva__convert_state {
    DUVA__IN_HEAD,
    DUVA__IN_FIELD,            /* one that is longer than the window */
    DUVA__IN_BODY,
    DUVA__AT_END
};

/* What an entity is, by its Content-Type. */
enum duva__convert_kind {
    DUVA__TEXT, DUVA__OTHER, DUVA__MULTIPART, DUVA__SIGNED, DUVA__RFC822,
    DUVA__MESSAGE              /* of another kind */
};

/* What its Content-Transfer-Encoding says. */
enum duva__convert_label {
    DUVA__7BIT, DUVA__8BIT, DUVA__BINARY_LABEL, DUVA__ENCODED
};

/* duva_convert.head: what its header has. */
#define DUVA__IS_MESSAGE  0x01u /* it may have a MIME-Version, and */
#define DUVA__HAS_VERSION 0x02u /* has */
#define DUVA__HAS_TYPE    0x04u
#define DUVA__HAS_LABEL   0x08u

/* What is to be done with it: duva_convert.plan. */
enum duva__convert_plan {
    DUVA__KEEP,
    DUVA__LABEL,               /* as it is, with a lesser label */
    DUVA__TO_QP,
    DUVA__TO_BASE64
};
#define DUVA__PLAN_UTF8 4u     /* text without a type is in UTF-8 */
#define DUVA__PLAN_EXACT 8u    /* to the octet, also at line ends */

/* A bit beside DUVA_MIME_*: what no server takes. */
#define DUVA__NEVER 0x80u

/* An octet or a line that takes `bit` of DUVA_MIME_*; where it is to blame on
 * somebody the message cannot be converted. */
void duva__convert_object(duva_convert *c, unsigned bit, duva_reason reason);
int  duva__convert_fail(duva_convert *c, duva_err err, duva_reason reason,
                        const char *field);
/* Has it octets above 127, and does the server not take that bit of them?  0:
 * whatever it takes. */
int  duva__convert_too_much(const duva_convert *c, const uint8_t *s,
                            size_t len, unsigned bit);
/* Fills the window; less than 0 when the source failed. */
int  duva__convert_fill(duva_convert *c);

unsigned duva__convert_plan(const duva_convert *c);
void duva__convert_set_plan(duva_convert *c, unsigned plan);

/* Does its label say more than is true once what is in it is converted? */
int      duva__convert_overdone(const duva_convert *c);

/* ---- convert_walk.c ---- */

enum { DUVA__CONVERT_ROOM = 256 };

void duva__convert_begin(duva_convert *c);
/* Writes to o, which has DUVA__CONVERT_ROOM at least, and moves on. */
int  duva__convert_step(duva_convert *c, duva__out *o);

/* ---- convert_field.c: the field of n octets at s, with its line end ---- */

/* Learns what it says of the entity. */
void duva__convert_learn(duva_convert *c, const uint8_t *s, size_t n);
/* The same for one that is longer than the window. */
void duva__convert_learn_long(duva_convert *c, const uint8_t *s, size_t n);
int  duva__convert_is(const uint8_t *s, size_t n, const char *name);
/* Its name into c->name, as people may see it. */
void duva__convert_name(duva_convert *c, const uint8_t *s, size_t n);

/* ---- convert_words.c ---- */

/* Writes it in encoded-words where it is not ASCII.  Returns the reason why
 * that cannot be, or DUVA_REASON_NONE. */
duva_reason duva__convert_words(duva__out *o, const uint8_t *s, size_t n);
int  duva__convert_is_utf8(const uint8_t *s, size_t n);
/* Lines, each ended by CRLF. */
void duva__convert_lines(duva__out *o, const uint8_t *s, size_t n);

/* ---- convert_body.c ---- */

/* With somebody to blame it is kept as it is. */
void duva__convert_body_start(duva_convert *c, const char *blame,
                              duva_reason reason);
/* Takes the next octets of a content: looks at them, or writes them. */
void duva__convert_see(duva_convert *c, const uint8_t *s, size_t n);
void duva__convert_write(duva_convert *c, duva__out *o, const uint8_t *s,
                         size_t n);
/* The end of a content; its last line end belongs to what follows, if
 * something does. */
void duva__convert_body_end(duva_convert *c, duva__out *o, int follows);

#endif
