/* converter.c - the state of a converter: window, entity, findings. */
/* SPDX-License-Identifier: MIT */
#include "converter.h"

#if !DUVA_MIME_SMALL
#include <string.h>

int duva__convert_fail(duva_convert *c, duva_err err, duva_reason reason,
                       const char *field)
{
    c->error.reason = reason;
    c->error.field = field;
    c->error.number = c->error.where = 0;
    c->err = (int8_t)err;
    return err;
}

void duva__convert_object(duva_convert *c, unsigned bit, duva_reason reason)
{
    c->seen = (uint8_t)(c->seen | bit);
    c->needs = (uint8_t)(c->needs | bit);
    if ((bit & ~(unsigned)c->takes) == 0 || c->blame == NULL
        || c->error.reason != DUVA_REASON_NONE)
        return;
    c->error.reason = c->blame_reason != DUVA_REASON_NONE
                          ? (duva_reason)c->blame_reason
                          : reason;
    /* Names of types and of fields are overwritten by the next ones. */
    c->error.field = c->blame;
    if (c->blame == c->type || c->blame == c->name) {
        memmove(c->said, c->blame, sizeof c->said);
        c->error.field = c->said;
    }
    c->error.number = c->entity + 1u;
    c->error.where = c->line + 1;
}

int duva__convert_too_much(const duva_convert *c, const uint8_t *s, size_t len,
                           unsigned bit)
{
    uint8_t all = 0;
    size_t  i;

    if (c->takes & bit)
        return 0;
    for (i = 0; i < len; i++)
        all |= s[i];
    return all >= 0x80;
}

/* What the engine will make of n more octets. */
static void count(duva_convert *c, const uint8_t *s, size_t n)
{
    const uint8_t *lf = s;

    c->wire += n;
    while ((lf = memchr(lf, '\n', n - (size_t)(lf - s))) != NULL) {
        c->wire += (lf > s ? lf[-1] : c->last) != '\r';
        lf++;
    }
    if (n > 0)
        c->last = s[n - 1];
    else if (c->last != '\n')
        c->wire += 2;
}

int duva__convert_fill(duva_convert *c)
{
    c->have = (uint16_t)(c->have - c->at);
    memmove(c->in, c->in + c->at, c->have);
    c->at = 0;
    while (!c->eof && c->have < sizeof c->in) {
        const size_t room = sizeof c->in - c->have;
        const int    n = c->source(c->source_ctx, c->in + c->have, room);

        if (n < 0 || (size_t)n > room)
            return duva__convert_fail(c, DUVA_ERR_BODY, DUVA_REASON_SOURCE,
                                      "message");
        if (c->inspecting)
            count(c, c->in + c->have, (size_t)n);
        c->eof = n == 0;
        c->have = (uint16_t)(c->have + n);
    }
    return DUVA_OK;
}

unsigned duva__convert_plan(const duva_convert *c)
{
    if (c->entity >= DUVA_CONVERT_PARTS)
        return DUVA__KEEP;
    return c->plan[c->entity / 2] >> (c->entity % 2 * 4) & 15u;
}

void duva__convert_set_plan(duva_convert *c, unsigned plan)
{
    const unsigned shift = c->entity % 2 * 4u;
    uint8_t       *two;

    if (c->entity >= DUVA_CONVERT_PARTS)
        return;
    two = &c->plan[c->entity / 2];
    *two = (uint8_t)((*two & ~(15u << shift)) | plan << shift);
}

int duva__convert_overdone(const duva_convert *c)
{
    return (c->encoding == DUVA__BINARY_LABEL
            && !(c->takes & DUVA_MIME_BINARY))
           || (c->encoding == DUVA__8BIT && !(c->takes & DUVA_MIME_8BIT));
}
#else
typedef int duva__no_converter;
#endif
