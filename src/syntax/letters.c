/* letters.c - turns characters into answers: a letter, a digit, the same. */
/* SPDX-License-Identifier: MIT */
#include "letters.h"

#include "duva/profile.h"

#include <stdint.h>

#if DUVA_WITH_LIMITS || DUVA_WITH_PARAMS || DUVA_WITH_NO_SOLICITING            \
    || DUVA_WITH_BURL

int duva__is_letter(char c)
{
    return ((uint8_t)c | 0x20) - (unsigned)'a' < 26;
}

int duva__is_digit(char c)
{
    return (uint8_t)c - (unsigned)'0' < 10;
}

int duva__is_same_word(const char *a, const char *b)
{
    while (*a != '\0'
           && ((*a ^ *b) & (duva__is_letter(*a) ? ~0x20 : ~0)) == 0) {
        a++;
        b++;
    }
    return *a == *b;
}

#else
typedef int duva__no_letters;  /* a file must not be empty */
#endif
