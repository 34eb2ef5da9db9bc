/* oauth_memory.h - an allocator that wipes what it frees. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_MEMORY_H
#define DUVA_CLI_OAUTH_MEMORY_H

#include <stddef.h>

/* As the functions of the C library, but each block is wiped before it is
 * freed.  libcurl and Jansson use them, because tokens and client secrets pass
 * through their memory.  A block from here must be freed by oauth_free(). */
void *oauth_malloc(size_t size);
void *oauth_calloc(size_t count, size_t size);
void *oauth_realloc(void *data, size_t size);
char *oauth_strdup(const char *text);
void  oauth_free(void *data);

#endif
