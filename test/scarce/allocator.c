/* allocator.c - an allocator that fails on demand. */
/* SPDX-License-Identifier: MIT */
/*
 * These stand before those of the C library, and of a sanitizer, for all of the
 * program: free() is theirs.  In a shared object that a command is started with
 * the environment says what fails: DUVA_HEAP_FIRST, and DUVA_HEAP_LASTING.
 */
#define _GNU_SOURCE

#include "allocator.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static atomic_ulong wanted, failures;
static atomic_int   armed;
static unsigned long first;
static int           is_lasting;
static unsigned      state, chance;

void heap_begin(unsigned long number, int lasting)
{
    first = number;
    is_lasting = lasting;
    chance = 0;
    wanted = failures = 0;
    armed = 1;
}

void heap_begin_random(unsigned seed, unsigned one_in)
{
    state = seed * 2654435761u + 1;
    heap_begin(0, 0);
    chance = one_in;
}

unsigned long heap_end(void)
{
    armed = 0;
    return wanted;
}

unsigned long heap_failures(void)
{
    return failures;
}

static int is_unlucky(void)
{
    state = state * 1664525u + 1013904223u;
    return (state >> 8) % chance == 0;
}

static int fails(void)
{
    unsigned long number;
    int           is;

    if (!armed)
        return 0;
    number = ++wanted;
    is = chance > 0 ? is_unlucky()
                    : first > 0
                          && (is_lasting ? number >= first : number == first);
    if (is) {
        failures++;
        errno = ENOMEM;
    }
    return is;
}

#ifdef DUVA_HEAP_BY_ENVIRONMENT
static __attribute__((constructor)) void begin(void)
{
    const char *number = getenv("DUVA_HEAP_FIRST");

    if (number != NULL)
        heap_begin(strtoul(number, NULL, 10),
                   getenv("DUVA_HEAP_LASTING") != NULL);
}
#endif

/* ---- before the real ones are known ---- */

/* dlsym() may want memory itself; what it gets is never given back. */
static void *early(size_t len)
{
    static __attribute__((aligned(16))) unsigned char room[16384];
    static size_t used;
    void *const   at = room + used;

    used += (len + 15) & ~(size_t)15;
    if (used > sizeof(room))
        abort();
    return at;
}

static void *real(const char *name)
{
    static int inside;
    void *found;

    if (inside)
        return NULL;
    inside = 1;
    found = dlsym(RTLD_NEXT, name);
    inside = 0;
    return found;
}

/* ISO C has no conversion between the two kinds of pointers. */
#define REAL(type, name)                                                       \
    static type *next;                                                        \
    if (next == NULL) {                                                       \
        void *const found = real(name);                                       \
        memcpy(&next, &found, sizeof(next));                                  \
    }

typedef void *malloc_fn(size_t);
typedef void *calloc_fn(size_t, size_t);
typedef void *realloc_fn(void *, size_t);

void *malloc(size_t len)
{
    REAL(malloc_fn, "malloc")
    if (next == NULL)
        return early(len);
    return fails() ? NULL : next(len);
}

void *calloc(size_t count, size_t len)
{
    REAL(calloc_fn, "calloc")
    if (next == NULL)
        return early(count * len);
    return fails() ? NULL : next(count, len);
}

void *realloc(void *old, size_t len)
{
    REAL(realloc_fn, "realloc")
    return fails() ? NULL : next(old, len);
}

/* A sanitizer's own would not come by here. */
char *strndup(const char *text, size_t most)
{
    const size_t len = strnlen(text, most);
    char *const  copy = malloc(len + 1);

    if (copy != NULL) {
        memcpy(copy, text, len);
        copy[len] = '\0';
    }
    return copy;
}

char *strdup(const char *text)
{
    return strndup(text, SIZE_MAX);
}

/* Never fails for want of luck. */
void *heap_realloc(void *old, size_t len)
{
    REAL(realloc_fn, "realloc")
    return next(old, len);
}
