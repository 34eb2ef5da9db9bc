/* cc.h - what lwIP must know of the compiler. */
/* SPDX-License-Identifier: MIT */
#ifndef TEST_LWIP_THREADS_CC_H
#define TEST_LWIP_THREADS_CC_H

#define LWIP_PLATFORM_DIAG(text)   do { } while (0)
#define LWIP_PLATFORM_ASSERT(text) do { } while (0)

#endif
