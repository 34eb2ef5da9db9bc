/* letters.h - ASCII letters and digits; words in any case. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_SRC_LETTERS_H
#define DUVA_SRC_LETTERS_H

int duva__is_letter(char c);
int duva__is_digit(char c);

/* Is it the same word, whatever the case of its letters? */
int duva__is_same_word(const char *a, const char *b);

#endif
