/* saslprep.c - turns a password into its prepared form, by GNU Libidn. */
/* SPDX-License-Identifier: MIT */
#include "duva/saslprep.h"

#include "duva/sasl.h"

#include "../resources.h"

#include <string.h>

#include <stringprep.h>

/* DUVA_OK, or why this cannot be sent; *ascii tells whether it is all ASCII. */
static int check(const char *in, int *ascii)
{
    *ascii = 1;
    for (; *in != '\0'; in++) {
        if ((uint8_t)*in >= 0x80)
            *ascii = 0;
        else if (*in < ' ' || *in == 0x7F)
            return DUVA_ERR_ARG;
    }
    return DUVA_OK;
}

int duva_saslprep(const char *in, char *out, size_t size)
{
    int ascii, is_short, err;

    if (in == NULL || out == NULL)
        return DUVA_ERR_ARG;
    duva_wipe(out, size);
    if (check(in, &ascii) != DUVA_OK)
        return DUVA_ERR_ARG;
    if (strlen(in) >= size)
        return DUVA_ERR_SPACE;
    strcpy(out, in);
    if (ascii)
        return DUVA_OK;
    errno = 0;
    err = stringprep(out, size, 0, stringprep_saslprep);
    if (err == STRINGPREP_OK)
        return DUVA_OK;
    is_short = err == STRINGPREP_MALLOC_ERROR || duva__is_short(errno);
    duva_wipe(out, size);
    if (is_short)
        return DUVA_ERR_RESOURCES;
    return err == STRINGPREP_TOO_SMALL_BUFFER ? DUVA_ERR_SPACE : DUVA_ERR_ARG;
}
