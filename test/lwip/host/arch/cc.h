/* cc.h - what lwIP must know of the compiler of this machine. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_ARCH_CC_H
#define TEST_ARCH_CC_H

#include <stdio.h>
#include <stdlib.h>

#define LWIP_TIMEVAL_PRIVATE 0
#include <sys/time.h>

#define LWIP_PLATFORM_DIAG(text)   do { printf text; } while (0)
#define LWIP_PLATFORM_ASSERT(text) \
    do { fprintf(stderr, "%s\n", text); abort(); } while (0)

#endif
