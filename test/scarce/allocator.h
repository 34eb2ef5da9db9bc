/* allocator.h - an allocator that fails on demand. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_TEST_ALLOCATOR_H
#define DUVA_TEST_ALLOCATOR_H

#include <stddef.h>

/* Counts from now; the first one to fail is that number from 1, 0: none.  With
 * lasting all that follow fail too. */
void heap_begin(unsigned long first, int lasting);

/* One of so many fails, by chance. */
void heap_begin_random(unsigned seed, unsigned one_in);

/* Nothing fails any more.  Returns how many were wanted since the beginning. */
unsigned long heap_end(void);

/* How many have failed since the beginning. */
unsigned long heap_failures(void);

/* realloc() for whoever must not fail. */
void *heap_realloc(void *old, size_t len);

#endif
