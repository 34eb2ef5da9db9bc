/* oauth_memory.h - memory that is wiped when it is freed. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_OAUTH_MEMORY_H
#define DUVA_CLI_OAUTH_MEMORY_H

#include <stddef.h>

/* As those of the C library, for libraries that let one choose. */
void *oauth_malloc(size_t size);
void *oauth_calloc(size_t count, size_t size);
void *oauth_realloc(void *data, size_t size);
char *oauth_strdup(const char *text);
void  oauth_free(void *data);

#endif
