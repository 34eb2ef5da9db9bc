/* oauth_memory.c - an allocator that wipes what it frees. */
/* SPDX-License-Identifier: MIT */
#define _DEFAULT_SOURCE 1

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "oauth/oauth_memory.h"
#include "system/guard.h"

/* Stands before each block: its size, aligned for any type. */
union head {
    size_t      size;
    long double widest;
    void       *pointer;
};

void *oauth_malloc(size_t size)
{
    union head *h = size <= SIZE_MAX - sizeof(*h) ? malloc(sizeof(*h) + size)
                                                  : NULL;

    if (h == NULL)
        return NULL;
    h->size = size;
    return h + 1;
}

void *oauth_calloc(size_t count, size_t size)
{
    void *data;

    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    data = oauth_malloc(count * size);
    if (data != NULL)
        memset(data, 0, count * size);
    return data;
}

void *oauth_realloc(void *data, size_t size)
{
    void *bigger = oauth_malloc(size);
    size_t old;

    if (bigger == NULL || data == NULL)
        return bigger;
    old = ((union head *)data - 1)->size;
    memcpy(bigger, data, old < size ? old : size);
    oauth_free(data);
    return bigger;
}

char *oauth_strdup(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = oauth_malloc(size);

    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

void oauth_free(void *data)
{
    union head *h = data;

    if (h == NULL)
        return;
    h--;
    cli_wipe(h, sizeof(*h) + h->size);
    free(h);
}
