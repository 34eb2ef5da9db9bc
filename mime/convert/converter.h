/* converter.h - the state of a converter: window, entity, findings. */
/* SPDX-License-Identifier: MIT */
/*
 * A message is parsed twice.  The first time c->inspecting is set: it is
 * decided what is to be done with each entity (a message, a part, a container
 * of parts), and nothing is written.  The second time it is written.  Each step
 * takes something from the window on the source.
 */
#ifndef DUVA_MIME_CONVERTER_H
#define DUVA_MIME_CONVERTER_H

#include "duva/convert.h"

enum duva__convert_state {
    DUVA__IN_HEAD,
    DUVA__IN_FIELD,            /* one that is longer than the window */
    DUVA__IN_BODY,
    DUVA__AT_END
};

/* What an entity is, by its Content-Type. */
enum duva__convert_kind {
    DUVA__TEXT_KIND, DUVA__OTHER, DUVA__MULTIPART, DUVA__SIGNED, DUVA__RFC822,
    DUVA__MESSAGE              /* of another kind */
};

/* Its Content-Transfer-Encoding. */
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

/* A bit beside DUVA_MIME_*: no server accepts it. */
#define DUVA__NEVER 0x80u

/* An octet or a line that needs `bit` of DUVA_MIME_*.  If c->blame names what
 * must not be converted, the message cannot be. */
void duva__convert_object(duva_convert *c, unsigned bit, duva_reason reason);
int  duva__convert_fail(duva_convert *c, duva_err err, duva_reason reason,
                        const char *field);
/* Has it octets above 127, and does the server not take that bit of them?  0:
 * whatever it takes. */
int  duva__convert_too_much(const duva_convert *c, const uint8_t *s,
                            size_t len, unsigned bit);
/* Fills the window; less than 0 when the source failed. */
int  duva__convert_fill(duva_convert *c);

/* The plan of the present entity. */
unsigned duva__convert_plan(const duva_convert *c);
void duva__convert_set_plan(duva_convert *c, unsigned plan);

/* Does its label need more of the server than its converted content? */
int  duva__convert_overdone(const duva_convert *c);

#endif
