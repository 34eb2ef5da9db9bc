/* board.h - what the programs of this folder need of a board. */
/* SPDX-License-Identifier: MIT */
#ifndef FIRMWARE_BOARD_H
#define FIRMWARE_BOARD_H

#include <stddef.h>
#include <stdint.h>

/* On the console, which is the first UART. */
void board_print(const char *format, ...);

/* Ends the emulation with this exit code. */
__attribute__((noreturn)) void board_exit(int code);

/* Milliseconds since the reset; it wraps. */
uint32_t board_ms(void);

/* Seconds since 1970.  A board without a clock gets them from its network. */
uint32_t board_time(void);

/* Octets that nobody can guess.  Returns 0, or -1 when there are none: then
 * there can be no TLS.  A board of your own asks its random number generator;
 * this one has none, and the emulator lends the one of the host. */
int board_random(void *context, unsigned char *out, size_t len);

/* Reads a file of the host into buf, and puts a NUL behind it.  Returns its
 * octets, or -1: it cannot be read, or does not fit. */
int board_file(const char *path, char *buf, size_t size);

/* The words with which the emulator was started. */
const char *board_arguments(void);

/* The octets of stack that were ever in use. */
size_t board_stack_used(void);

/* Starts the program anew, as a watchdog would. */
void board_reset(void);

#endif
