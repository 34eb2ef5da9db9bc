/* command.c - turns arguments into command lines. */
/* SPDX-License-Identifier: MIT */
#include "command.h"

#include "trace.h"

static void put_octet(duva_engine *e, char octet)
{
    if (e->position++ != e->offset || e->out_len == e->out_cap)
        return;
    e->out[e->out_len++] = (uint8_t)octet;
    e->offset++;
}

void duva__put(duva_engine *e, const char *form, const char *arg)
{
    for (; *form != '\0'; form++)
        if (*form != '%')
            put_octet(e, *form);
        else
            for (; *arg != '\0'; arg++)
                put_octet(e, *arg);
}

#if DUVA_WITH_SIZE || DUVA_WITH_CHUNKING || DUVA__EXTRAS
void duva__put_number(duva_engine *e, const char *form,
                      duva__number number)
{
    char  digits[21];
    char *at = digits + sizeof(digits) - 1;

    *at = '\0';
    do
        *--at = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    duva__put(e, form, at);
}
#endif

/* RFC 4648 4 */
static void put_digit(duva_engine *e, uint32_t bits)
{
    const int value = bits & 63;

    if (value < 26)
        put_octet(e, (char)('A' + value));
    else if (value < 52)
        put_octet(e, (char)('a' + value - 26));
    else if (value < 62)
        put_octet(e, (char)('0' + value - 52));
    else
        put_octet(e, value == 62 ? '+' : '/');
}

/* What is put from here on is a secret, until e->traced moves on. */
static void hide(duva_engine *e)
{
    duva__trace_out(e);
    if (e->position == e->offset && e->out_len < e->out_cap)
        duva__trace_hidden(e);
}

#if DUVA_WITH_BURL
void duva__put_hidden(duva_engine *e, const char *text)
{
    hide(e);
    duva__put(e, "%", text);
    e->traced = e->out_len;
}
#endif

void duva__put_secret(duva_engine *e)
{
    const duva_span *part = e->response;
    uint32_t bits = 0;
    unsigned have = 0, p, i;

    hide(e);
    for (p = 0; p < e->response_parts; p++)
        for (i = 0; i < part[p].len; i++) {
            bits = bits << 8 | ((const uint8_t *)part[p].data)[i];
            for (have += 8; have >= 6; have -= 6)
                put_digit(e, bits >> (have - 6));
        }
    if (have > 0)
        put_digit(e, bits << (6 - have));
    for (; have > 0 && have < 6; have += 2)
        put_octet(e, '=');
    e->traced = e->out_len;
}
