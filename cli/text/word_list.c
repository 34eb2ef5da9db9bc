/* word_list.c - words, with a space between two, in a text of limited size. */
/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "text/word_list.h"

void cli_word_list_add(char *dst, size_t cap, const char *word)
{
    const size_t n = strlen(dst), len = strlen(word);

    if (n + len + 6 < cap) {
        dst[n] = ' ';
        memcpy(dst + n + (n > 0), word, len + 1);
    } else if (n + 5 < cap && (n < 3 || strcmp(dst + n - 3, "...") != 0))
        strcpy(dst + n, " ...");
}
