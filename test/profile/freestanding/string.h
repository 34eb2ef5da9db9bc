/* string.h - what the library calls, for compilers without a C library. */
/* SPDX-License-Identifier: MIT */
#ifndef FREESTANDING_STRING_H
#define FREESTANDING_STRING_H

#include <stddef.h>

void  *memchr(const void *s, int c, size_t n);
int    memcmp(const void *a, const void *b, size_t n);
void  *memcpy(void *to, const void *from, size_t n);
void  *memmove(void *to, const void *from, size_t n);
void  *memset(void *to, int c, size_t n);
char  *strchr(const char *s, int c);
int    strcmp(const char *a, const char *b);
size_t strcspn(const char *s, const char *stop);
size_t strlen(const char *s);
char  *strncat(char *to, const char *from, size_t n);
int    strncmp(const char *a, const char *b, size_t n);
char  *strrchr(const char *s, int c);
size_t strspn(const char *s, const char *accept);
char  *strstr(const char *s, const char *part);

#endif
