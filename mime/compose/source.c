/* source.c - the octets of a part, from memory or from its source. */
/* SPDX-License-Identifier: MIT */
#include "source.h"
#include "structure.h"

#include <string.h>

const duva_part *duva__part_of(const duva_mime *m)
{
    return &m->message->parts[m->part];
}

int duva__content_fail(duva_mime *m, duva_reason reason)
{
    m->error.reason = reason;
    m->error.field = "content";
    m->error.number = m->part + 1u;
    m->error.where = 0;
    m->state = DUVA__FAILED;
    m->err = DUVA_ERR_BODY;
    return DUVA_ERR_BODY;
}

int duva__content_start(duva_mime *m)
{
    const duva_part *const p = duva__part_of(m);

    m->pos = 0;
    m->kept = m->eof = m->half = 0;
    if (p->read == NULL)
        return DUVA_OK;
    if (p->flags & DUVA_PART_ONCE)
        m->used = 1;
    else if (p->read(p->ctx, NULL, 0) < 0)
        return duva__content_fail(m, DUVA_REASON_SOURCE);
    return DUVA_OK;
}

int duva__content_pull(duva_mime *m, uint8_t *to, size_t len)
{
    const duva_part *const p = duva__part_of(m);
    int                    got = 0;

    if (len > (duva__size)p->len - m->pos)
        len = (size_t)((duva__size)p->len - m->pos);
    if (DUVA_MIME_SMALL && p->read == NULL && len > 0) {
        memcpy(to, (const uint8_t *)p->data + m->pos, len);
        got = (int)len;
    } else if (len > 0) {
        got = p->read(p->ctx, to, len);
    }
    if (got < 0 || (size_t)got > len)
        return duva__content_fail(m, DUVA_REASON_SOURCE);
    if (got == 0 && len > 0
        && (duva__size)p->len != (duva__size)DUVA_LEN_UNKNOWN)
        return duva__content_fail(m, DUVA_REASON_LENGTH);
    m->eof = got == 0;
    m->pos += (unsigned)got;
    return got;
}
