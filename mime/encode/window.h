/* window.h - the octets of a content that an encoder may look at. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_WINDOW_H
#define DUVA_MIME_WINDOW_H

#include "duva/mime.h"

/*
 * No encoder keeps a line: each takes a window on the content and writes whole
 * lines of what it finds.  The window has DUVA__WINDOW octets at least, or all
 * that are left, and then last is 1.
 *
 * Each writes to dst, which has cap octets, DUVA__ROOM at least, and removes
 * what it used from the window; w->src may point into the same block, far
 * enough behind dst.  They return the octets written.
 */
enum { DUVA__WINDOW = 80, DUVA__ROOM = 78 };

typedef struct duva__window {
    const uint8_t *src;
    size_t         len;
    int            last;       /* nothing comes after it */
} duva__window;

#endif
