/* host.h - is this built for a machine with stack and code to spare? */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_MIME_HOST_H
#define DUVA_MIME_HOST_H

#include "duva/mime.h"

/* As a constant: stack for large pieces, and code for speed. */
#if !DUVA_MIME_SMALL                                                           \
    && (defined(__unix__) || defined(__APPLE__) || defined(_WIN32))
#define DUVA__HOST 1
#else
#define DUVA__HOST 0
#endif

#endif
