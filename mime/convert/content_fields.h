/* content_fields.h - what fields of a header say of the content below it. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_CONTENT_FIELDS_H
#define DUVA_MIME_CONTENT_FIELDS_H

#include "converter.h"

/* The field has n octets at s, with its line end. */

/* Stores what it says of the entity. */
void duva__convert_learn(duva_convert *c, const uint8_t *s, size_t n);
/* The same for one that is longer than the window. */
void duva__convert_learn_long(duva_convert *c, const uint8_t *s, size_t n);
int  duva__convert_is(const uint8_t *s, size_t n, const char *name);
/* Its name into c->name, to be shown. */
void duva__convert_name(duva_convert *c, const uint8_t *s, size_t n);

#endif
