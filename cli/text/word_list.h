/* word_list.h - words, with a space between two, in a text of limited size. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_WORD_LIST_H
#define DUVA_CLI_WORD_LIST_H

#include <stddef.h>

/* Adds a word to a text; one that does not fit is "...", and the last. */
void cli_word_list_add(char *dst, size_t cap, const char *word);

#endif
