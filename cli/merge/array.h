/* array.h - arrays on the heap, some of them in the order of rows. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ARRAY_H
#define DUVA_CLI_ARRAY_H

#include <stddef.h>
#include <stdint.h>

/* Makes room for one element more than count, of each octets; *size elements
 * have room so far.  Returns the array, which may have moved; or NULL when
 * memory is short, and then it is as before. */
void *cli_array_room(void *list, size_t *size, size_t count, size_t each);

/* In an array whose elements begin with a uint64_t, their row, in ascending
 * order: the index of the first one with that row or a later one, or count. */
size_t cli_array_find(const void *list, size_t count, size_t each,
                      uint64_t row);

#endif
