/* content.h - the content of a part: choice of the encoding, and encoded. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_CONTENT_H
#define DUVA_MIME_CONTENT_H

#include "duva/mime.h"

#if !DUVA_MIME_SMALL
/* Some of it, encoded; less than 0 when the source failed. */
int duva__content_read(duva_mime *m, uint8_t *dst, size_t cap);
#endif
/* Inspects the part, and chooses its encoding. */
int duva__content_choose(duva_mime *m);

#endif
