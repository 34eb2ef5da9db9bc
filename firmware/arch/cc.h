/* cc.h - what lwIP wants to know of the compiler. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_ARCH_CC_H
#define FIRMWARE_ARCH_CC_H

void board_print(const char *format, ...);
__attribute__((noreturn)) void board_exit(int code);

#define LWIP_PLATFORM_DIAG(text)   do { board_print text; } while (0)
#define LWIP_PLATFORM_ASSERT(text) do { board_print("lwIP: %s\n", text); \
                                        board_exit(4); } while (0)

#endif
