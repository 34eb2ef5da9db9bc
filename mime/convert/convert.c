/* convert.c - converts a finished message for its server, on demand. */
/* SPDX-License-Identifier: MIT */
#include "../encode/host.h"
#include "../field/out.h"
#include "converter.h"
#include "parser.h"

#if !DUVA_MIME_SMALL
#include <limits.h>
#include <string.h>

/* The source from its start. */
static int start(duva_convert *c, int inspecting)
{
    if (c->source(c->source_ctx, NULL, 0) < 0)
        return duva__convert_fail(c, DUVA_ERR_BODY, DUVA_REASON_SOURCE,
                                  "message");
    c->inspecting = (uint8_t)inspecting;
    c->at = c->have = c->staged = c->stage_at = 0;
    c->eof = 0;
    duva__convert_begin(c);
    return DUVA_OK;
}

/* What the whole message has to be blamed for. */
static int judge(duva_convert *c)
{
    c->converts = (c->needs & ~c->takes) != 0;
    c->needs &= (uint8_t)~DUVA__NEVER;
    if (!c->converts) {
        memset(&c->error, 0, sizeof c->error);
        return DUVA_OK;
    }
    if (c->error.reason == DUVA_REASON_NONE && c->signed_line > 0) {
        duva__convert_fail(c, DUVA_ERR_UNSUPPORTED, DUVA_REASON_NOT_ASCII,
                           "DKIM-Signature");
        c->error.where = c->signed_line;
    }
    if (c->error.reason == DUVA_REASON_NONE)
        return DUVA_OK;
    c->err = DUVA_ERR_UNSUPPORTED;
    return DUVA_ERR_UNSUPPORTED;
}

static int inspect(duva_convert *c)
{
    duva__out none;
    int       err;

    memset(&c->error, 0, sizeof c->error);
    c->err = DUVA_OK;
    c->ready = c->needs = c->converts = 0;
    c->signed_line = 0;
    c->wire = 0;
    c->last = '\n';
    if (c->source == NULL)
        return duva__convert_fail(c, DUVA_ERR_ARG, DUVA_REASON_MISSING,
                                  "source");
    memset(&none, 0, sizeof none);
    err = start(c, 1);
    while (err == DUVA_OK && c->state != DUVA__AT_END)
        err = duva__convert_step(c, &none);
    if (err == DUVA_OK)
        err = judge(c);
    if (err == DUVA_OK)
        err = start(c, 0);
    c->ready = err == DUVA_OK;
    return err;
}

/* Steps until something is written, or the message ends.  Returns the octets:
 * cap is DUVA__CONVERT_ROOM at least. */
static int advance(duva_convert *c, uint8_t *dst, size_t cap)
{
    duva__out o;
    int       err;

    memset(&o, 0, sizeof o);
    o.at = dst;
    o.end = dst + cap;
    while (c->state != DUVA__AT_END
           && (size_t)(o.end - o.at) >= DUVA__CONVERT_ROOM) {
        err = duva__convert_step(c, &o);
        if (err < 0)
            return err;
    }
    return (int)(o.at - dst);
}

static int pull(duva_convert *c, uint8_t *to, size_t len)
{
    size_t n = 0, some;
    int    got;

    while (n < len) {
        some = (size_t)(c->staged - c->stage_at);
        if (some == 0 && c->state == DUVA__AT_END)
            break;
        if (some == 0 && len - n >= DUVA__CONVERT_ROOM) {
            got = advance(c, to + n, len - n);
            if (got < 0)
                return got;
            n += (size_t)got;
            continue;
        }
        if (some == 0) {
            got = advance(c, c->stage, sizeof c->stage);
            if (got < 0)
                return got;
            c->staged = (uint16_t)got;
            c->stage_at = 0;
            continue;
        }
        some = some < len - n ? some : len - n;
        memcpy(to + n, c->stage + c->stage_at, some);
        c->stage_at = (uint16_t)(c->stage_at + some);
        n += some;
    }
    return (int)n;
}

int duva_convert_read(void *convert, void *buf, size_t len)
{
    duva_convert *const c = convert;
    int                 err;

    if (buf == NULL)
        return inspect(c);
    if (c->err < 0)
        return c->err;
    if (!c->ready && (err = inspect(c)) < 0)
        return err;
    len = len < INT_MAX ? len : INT_MAX;
    return c->converts ? pull(c, buf, len)
                       : c->source(c->source_ctx, buf, len);
}

uint64_t duva_convert_size(duva_convert *c)
{
    uint8_t  room[DUVA__HOST ? 4096 : DUVA__CONVERT_ROOM];
    uint64_t size = 0;
    int      n = inspect(c);

    if (n < 0 || !c->converts)
        return n < 0 ? 0 : c->wire;
    while ((n = advance(c, room, sizeof room)) > 0)
        size += (unsigned)n;
    if (n < 0 || start(c, 0) < 0)
        return 0;
    return size;
}
#else
typedef int duva__no_convert;  /* a file must not be empty */
#endif
