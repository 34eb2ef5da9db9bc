/* words.c - turns names and values into the text of a SASL message. */
/* SPDX-License-Identifier: MIT */
#include "words.h"

void duva__words_octet(struct duva__words *w, char octet)
{
    if (w->len < w->size)
        w->text[w->len] = octet;
    w->len++;
}

void duva__words_put(struct duva__words *w, const char *text)
{
    for (; *text != '\0'; text++)
        duva__words_octet(w, *text);
}

void duva__words_name(struct duva__words *w, const char *name)
{
    for (; *name != '\0'; name++)
        if (*name == ',')
            duva__words_put(w, "=2C");
        else if (*name == '=')
            duva__words_put(w, "=3D");
        else
            duva__words_octet(w, *name);
}

duva_reason duva__words_check(const char *text)
{
    for (; *text != '\0'; text++)
        if ((uint8_t)*text < ' ' || *text == 0x7F)
            return DUVA_REASON_CONTROL;
    return DUVA_REASON_NONE;
}

int duva__give_up(duva_sasl *base, duva_err err, duva_reason reason)
{
    base->reason = (uint8_t)reason;
    return err;
}

int duva__bad_challenge(duva_sasl *base)
{
    return duva__give_up(base, DUVA_ERR_PROTOCOL, DUVA_REASON_CHALLENGE);
}
