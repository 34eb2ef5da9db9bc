/* small_part.h - the content of a part, with DUVA_MIME_SMALL. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_SMALL_PART_H
#define DUVA_MIME_SMALL_PART_H

#include "duva/mime.h"

#if DUVA_MIME_SMALL
/* Makes the next piece of it ready. */
int duva__content_fill(duva_mime *m);
#endif

#endif
