/* out.c - header text in, that part of it out that the reader lacks. */
/* SPDX-License-Identifier: MIT */
#include "out.h"
#include "../encode/host.h"
#include "../encode/utf8.h"

#include <string.h>

void duva__refuse(duva__out *o, duva_reason reason, size_t where)
{
    if (o->error.reason != DUVA_REASON_NONE)
        return;
    o->error.reason = reason;
    o->error.field = o->field;
    o->error.number = o->number;
    o->error.where = (uint32_t)where;
}

void duva__refuse_in(duva__out *o, duva_reason reason, const char *field)
{
    o->field = field;
    duva__refuse(o, reason, 0);
}

/* Text within a line that is passed over, finds room as a whole, or none at
 * all. */
static int write_run(duva__out *o, const char *text, size_t len)
{
    const size_t room = (size_t)(o->end - o->at);

    if ((o->skip > 0 && o->skip < len)
        || (o->skip == 0 && room > 0 && room < len)
        || o->column + len > DUVA__LINE_MAX || memchr(text, '\n', len) != NULL)
        return 0;
    o->column = (uint16_t)(o->column + len);
    if (o->skip > 0) {
        o->skip -= (uint32_t)len;
        return 1;
    }
    if (room == 0) {
        o->lost += (uint32_t)len;
        return 1;
    }
    memcpy(o->at, text, len);
    o->at += len;
    return 1;
}

void duva__write(duva__out *o, const char *text, size_t len)
{
    if (DUVA__HOST && write_run(o, text, len))
        return;
    for (; len > 0; len--) {
        const char c = *text++;

        if (c == '\r' || c == '\n')
            o->column = 0;
        else if (++o->column > DUVA__LINE_MAX)
            duva__refuse(o, DUVA_REASON_LINE_LONG, 0);
        if (o->skip > 0)
            o->skip--;
        else if (o->at < o->end)
            *o->at++ = (uint8_t)c;
        else
            o->lost++;
    }
}

void duva__writes(duva__out *o, const char *text)
{
    duva__write(o, text, strlen(text));
}

void duva__fold(duva__out *o, size_t need, size_t line)
{
    if (o->column > 1 && o->column + 1 + need > line)
        duva__writes(o, "\r\n");
    duva__writes(o, " ");
}

size_t duva__check_text(duva__out *o, const char *text, size_t *beyond)
{
    const uint8_t *s = (const uint8_t *)text;
    const size_t   len = strlen(text);
    size_t         i, n;

    *beyond = 0;
    for (i = 0; i < len; i += n) {
        n = 1;
        if (DUVA__HOST && s[i] >= ' ' && s[i] < 0x7f)
            continue;
        n = duva__utf8(s + i, len - i);
        if (n == 0 || n == 5) {
            duva__refuse(o, DUVA_REASON_NOT_UTF8, i + 1);
            return len;
        }
        /* C1 too: U+0080 to U+009F are line ends and escapes to some. */
        if ((s[i] < 0x20 && s[i] != '\t') || s[i] == 0x7f
            || (s[i] == 0xc2 && s[i + 1] < 0xa0))
            duva__refuse(o, DUVA_REASON_CONTROL, i + 1);
        if (n > 1 && *beyond == 0)
            *beyond = i + 1;
    }
    return len;
}

size_t duva__check_raw(duva__out *o, const char *text)
{
    size_t       beyond;
    const size_t len = duva__check_text(o, text, &beyond);

    if (beyond > 0 && (o->takes & DUVA_MIME_UTF8) == 0)
        duva__refuse(o, DUVA_REASON_NOT_ASCII, beyond);
    if (beyond > 0)
        o->needs |= DUVA_MIME_UTF8;
    return len;
}

size_t duva__put_only(duva__out *o, const char *text, const char *without,
                      char mark)
{
    char   wanted = mark;
    size_t i;

    for (i = 0; text[i] != '\0'; i++) {
        const char c = text[i];

        if (c == mark && i > 0 && text[i + 1] != '\0' && wanted == mark)
            wanted = '\0';
        else if (c < ' ' || c > '~' || c == mark || strchr(without, c) != NULL)
            duva__refuse(o, DUVA_REASON_CHARACTER, i + 1);
    }
    if (i == 0 || wanted != '\0')
        duva__refuse(o, DUVA_REASON_CHARACTER, i);
    duva__write(o, text, i);
    return i;
}
