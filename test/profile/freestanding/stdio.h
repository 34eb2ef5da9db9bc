/* stdio.h - for nx_api.h, which includes it; nothing is called. */
/* SPDX-License-Identifier: MIT */
#ifndef FREESTANDING_STDIO_H
#define FREESTANDING_STDIO_H
#endif
