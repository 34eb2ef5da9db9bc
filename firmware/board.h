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

/* Sleeps until the next interrupt: a millisecond at the longest. */
void board_idle(void);

/* Seconds since 1970.  A real board has a clock or asks NTP. */
uint32_t board_time(void);

/* malloc() has this much memory, at most BOARD_HEAP_MAX; at first it has none.
 * mbedTLS calls it, nothing else. */
#define BOARD_HEAP_MAX (64 * 1024)
void board_heap_limit(size_t octets);

/* The most that malloc() has ever used. */
size_t board_heap_used(void);

/* Fills out with unpredictable octets, for TLS and SCRAM.  Returns 0, or -1
 * when there are none; then nothing may be sent over TLS.  A real board reads
 * its random number generator; this one has none, so the octets are the
 * host's. */
int board_random(void *context, unsigned char *out, size_t len);

/* Reads a file of the host into buf, and puts a NUL behind it.  Returns its
 * octets, or -1: it cannot be read, or does not fit. */
int board_file(const char *path, char *buf, size_t size);

/* The arguments with which the emulator was started, separated by spaces. */
const char *board_arguments(void);

/* The octets of stack that were ever in use. */
size_t board_stack_used(void);

/* Resets the board, as a watchdog does. */
__attribute__((noreturn)) void board_reset(void);

/* The number of starts since power on: 1, and 2 after a reset. */
unsigned board_starts(void);

#endif
