/* shim.c - an allocator that fails at random, to be preloaded. */
/* SPDX-License-Identifier: MIT */
/*
 * The program turns it on and off by soak_shim_enable(); SOAK_FAIL says of how
 * many allocations one fails.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void soak_shim_enable(int on);
unsigned long soak_shim_failed(void);

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static int           enabled;
static unsigned long count, failed, every = 2000;

/* dlsym() itself may want memory before it has found the real functions. */
static char   early[4096];
static size_t early_used;

void soak_shim_enable(int on)
{
    const char *text = getenv("SOAK_FAIL");

    if (text != NULL)
        every = strtoul(text, NULL, 10);
    __atomic_store_n(&enabled, on, __ATOMIC_SEQ_CST);
}

unsigned long soak_shim_failed(void)
{
    return __atomic_load_n(&failed, __ATOMIC_SEQ_CST);
}

static void find(const char *name, void *function)
{
    void *symbol = dlsym(RTLD_NEXT, name);

    memcpy(function, &symbol, sizeof(symbol));
}

static int fails(void)
{
    uint64_t x;

    if (!__atomic_load_n(&enabled, __ATOMIC_RELAXED))
        return 0;
    x = __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
    x = (x + 1) * UINT64_C(0x9E3779B97F4A7C15);
    x = (x ^ x >> 29) * UINT64_C(0xBF58476D1CE4E5B9);
    if ((x ^ x >> 32) % every != 0)
        return 0;
    __atomic_fetch_add(&failed, 1, __ATOMIC_RELAXED);
    errno = ENOMEM;
    return 1;
}

void *malloc(size_t len)
{
    if (real_malloc == NULL)
        find("malloc", &real_malloc);
    return fails() ? NULL : real_malloc(len);
}

void *calloc(size_t n, size_t len)
{
    static int searching;

    if (real_calloc == NULL && searching) {
        void *p = early + early_used;

        early_used += (n * len + 15) & ~(size_t)15;
        return early_used <= sizeof(early) ? p : NULL;
    }
    if (real_calloc == NULL) {
        searching = 1;
        find("calloc", &real_calloc);
    }
    return fails() ? NULL : real_calloc(n, len);
}

void *realloc(void *p, size_t len)
{
    if (real_realloc == NULL)
        find("realloc", &real_realloc);
    return fails() ? NULL : real_realloc(p, len);
}
