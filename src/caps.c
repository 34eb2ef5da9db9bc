/* caps.c - turns the lines of an EHLO reply into capabilities. */
/* SPDX-License-Identifier: MIT */
#include "caps.h"

#include <string.h>

/* What the present word of a line can be. */
enum { KEYWORD, MECHANISM, NUMBER, NOTHING };

/* The bit of a word in a list of words, 0 when it is not there. */
static uint32_t bit_of(const char *list, const char *word)
{
    uint32_t bit = 1;

    for (; *list != '\0'; list += strlen(list) + 1, bit <<= 1)
        if (strcmp(list, word) == 0)
            return bit;
    return 0;
}

/* A limit that is no number, or not one of 32 bits, is no limit. */
static uint32_t number_of(const char *digits)
{
    uint32_t n = 0;

    for (; *digits != '\0'; digits++) {
        if (*digits < '0' || *digits > '9' || n > (UINT32_MAX - 9) / 10)
            return 0;
        n = n * 10 + (uint32_t)(*digits - '0');
    }
    return n;
}

static void end_word(duva_caps *caps, duva_word *w)
{
    uint32_t bit;

    if (w->list == MECHANISM) {
        caps->auth |= bit_of("PLAIN\0LOGIN\0", w->text);
        return;
    }
    if (w->list == NUMBER)
        caps->size_max = number_of(w->text);
    if (w->list != KEYWORD) {
        w->list = NOTHING;
        return;
    }
    bit = bit_of("PIPELINING\0SIZE\0" "8BITMIME\0STARTTLS\0AUTH\0", w->text);
    bit *= DUVA_CAP_PIPELINING;
    caps->bits |= bit;
    w->list = bit == DUVA_CAP_AUTH   ? MECHANISM
              : bit == DUVA_CAP_SIZE ? NUMBER
                                     : NOTHING;
}

void duva__caps_octet(duva_caps *caps, duva_word *w, uint32_t options,
                      uint8_t c)
{
    const int equals = c == '=' && (options & DUVA_QUIRK_AUTH_EQUALS);

    if (c == ' ' || c == '\t' || c == '\r' || c == '\n' || equals) {
        if (w->length > 0)
            end_word(caps, w);
        memset(w->text, 0, sizeof(w->text));
        w->length = 0;
        if (c == '\n')
            w->list = KEYWORD;
        return;
    }
    if (c == '\0')
        c = '?';               /* it would end the word for strcmp */
    if (c >= 'a' && c <= 'z')
        c = (uint8_t)(c - 'a' + 'A');
    if (w->length < sizeof(w->text) - 1)
        w->text[w->length++] = (char)c;
    else
        w->text[0] = '\0';     /* longer than any word that we know */
}
