/* result.c - turns a result into a sentence for people. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <netdb.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "posix.h"

struct line {
    char  *buf;
    size_t size, len;          /* len without the NUL, under size */
};

static void put(struct line *l, const char *format, ...)
{
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(l->buf + l->len, l->size - l->len, format, args);
    va_end(args);
    if (n > 0)
        l->len += (size_t)n < l->size - l->len ? (size_t)n
                                               : l->size - l->len - 1;
}

static void put_errno(struct line *l, int code)
{
    char words[128] = "";

    if (code == 0)
        return;
    if (strerror_r(code, words, sizeof words) != 0 && words[0] == '\0')
        snprintf(words, sizeof words, "error %d", code);
    put(l, ": %s", words);
}

/* The text of the system. */
static void put_cause(struct line *l, const duva_result *r)
{
    switch (r->err) {
    case DUVA_ERR_RESOLVE:
        put(l, ": %s", gai_strerror(r->cause));
        break;
    case DUVA_ERR_CONNECT: case DUVA_ERR_IO: case DUVA_ERR_RESOURCES:
        if (r->reason == DUVA_REASON_NONE)
            put_errno(l, r->cause);
        break;
    default:
        break;
    }
}

static void put_where(struct line *l, const duva_result *r)
{
    if (r->where == 0)
        return;
    if (r->err == DUVA_ERR_ARG)
        put(l, " (recipient %lu)", (unsigned long)r->where);
    else if (r->err == DUVA_ERR_BODY)
        put(l, " (line %lu)", (unsigned long)r->where);
    else if (r->reason == DUVA_REASON_NOT_OFFERED
             || r->reason == DUVA_REASON_OUT_OF_LIMITS)
        put(l, " (%s)", duva_cap_name(r->where));
    else
        put(l, " (%lu)", (unsigned long)r->where);
}

/* Lines of a long reply become one. */
static void put_reply(struct line *l, const duva_result *r)
{
    const duva_status *s = &r->status;
    size_t i = l->len;

    if (s->code != 0)
        put(l, "%s%u", l->len > 0 ? ": " : "", s->code);
#if DUVA_WITH_ENHANCED
    if (s->enhanced[0] != 0)
        put(l, " %u.%u.%u", s->enhanced[0], s->enhanced[1], s->enhanced[2]);
#endif
    if (r->text[0] != '\0')
        put(l, "%s%s", s->code != 0 ? " " : l->len > 0 ? ": " : "", r->text);
    for (; i < l->len; i++)
        if (l->buf[i] == '\n')
            l->buf[i] = ' ';
}

const char *duva_result_text(const duva_result *r, char *buf, size_t len)
{
    struct line l = { buf, len, 0 };

    if (buf == NULL || len == 0)
        return "";
    buf[0] = '\0';
    if (r == NULL)
        return buf;
    if (r->err != DUVA_OK || r->status.code == 0) {
        put(&l, "%s", duva_err_text(r->err));
        if (r->status.stage > DUVA_STAGE_CONNECT)
            put(&l, " at %s", duva_stage_name((duva_stage)r->status.stage));
    }
    if (r->reason != DUVA_REASON_NONE)
        put(&l, ": %s", duva_reason_text(r->reason));
    put_cause(&l, r);
    put_where(&l, r);
    put_reply(&l, r);
    if (r->fell_back)
        put(&l, " (TLS failed, so this was in clear)");
    return buf;
}
