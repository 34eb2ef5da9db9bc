/* stdlib.h - what nx_api.h calls, for compilers without a C library. */
/* SPDX-License-Identifier: MIT */
#ifndef FREESTANDING_STDLIB_H
#define FREESTANDING_STDLIB_H

int rand(void);

#endif
