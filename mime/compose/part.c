/* part.c - the header fields of a part. */
/* SPDX-License-Identifier: MIT */
#include "part.h"
#include "../encode/utf8.h"
#include "../field/out.h"
#include "../field/text.h"

#if !DUVA_MIME_SMALL
#include <string.h>

/* Is a the media type b, or, when b ends with a slash, one of those? */
static int same_type(const char *a, const char *b)
{
    for (; *b != '\0'; a++, b++)
        if (((uint8_t)*a | 0x20) != (uint8_t)*b)
            return 0;
    return *a == '\0' || b[-1] == '/';
}

int duva__is_rfc822(const duva_part *p)
{
    return p->type != NULL && same_type(p->type, "message/rfc822");
}

int duva__is_body_part(const duva_part *p)
{
    return p->place == DUVA_PLACE_TEXT || p->place == DUVA_PLACE_HTML
           || p->place == DUVA_PLACE_CALENDAR;
}

static int is_simple(const char *name, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++)
        if (name[i] < ' ' || name[i] > '~' || strchr("\"\\%", name[i]) != NULL
            || (name[i] == '=' && name[i + 1] == '?'))
            return 0;
    return len < 60 && name[0] != ' ' && name[len - 1] != ' ';
}

static int is_attribute(uint8_t c)
{
    return duva__alnum(c) || c == '-' || c == '.' || c == '_';
}

/* As many characters as the line still takes, whole ones; returns octets. */
static size_t put_percent(duva__out *o, const uint8_t *s, size_t len)
{
    size_t i, k, n;

    for (i = 0; i < len && o->column + 12 < DUVA__LINE; i += n) {
        n = duva__utf8(s + i, len - i);
        if (n == 0 || n == 5)
            n = 1;
        for (k = i; k < i + n; k++) {
            const char code[3] = { '%', "0123456789ABCDEF"[s[k] >> 4],
                                   "0123456789ABCDEF"[s[k] & 15] };

            if (is_attribute(s[k]))
                duva__write(o, (const char *)s + k, 1);
            else
                duva__write(o, code, 3);
        }
    }
    return i;
}

/* The name in UTF-8, in as many pieces as it takes (RFC 2231 3 and 4). */
static void put_extended(duva__out *o, const char *name, size_t len)
{
    enum { FIRST = 46 };       /* what surely fits into one line */
    unsigned piece = 0;
    char     number[2];
    size_t   n, cost = 0;

    for (n = 0; n < len; n++)
        cost += is_attribute((uint8_t)name[n]) ? 1 : 3;
    if (cost <= FIRST) {
        duva__writes(o, ";\r\n filename*=utf-8''");
        put_percent(o, (const uint8_t *)name, len);
        return;
    }

    for (; len > 0 && piece < 100; piece++, name += n, len -= n) {
        size_t digits = 0;

        if (piece >= 10)
            number[digits++] = (char)('0' + piece / 10);
        number[digits++] = (char)('0' + piece % 10);
        duva__writes(o, ";\r\n filename*");
        duva__write(o, number, digits);
        duva__writes(o, piece == 0 ? "*=utf-8''" : "*=");
        n = put_percent(o, (const uint8_t *)name, len);
    }
}

/* The file name as the older parameter of Content-Type, which takes
 * encoded-words with those who know it at all, or as that of
 * Content-Disposition.  Not both ways in one field: parsers differ in which
 * of the two they use. */
static void put_name(duva__out *o, const duva_part *p, int disposition)
{
    const size_t len = p->name != NULL ? strlen(p->name) : 0;
    size_t       beyond;

    if (len == 0)
        return;
    o->field = "file name";
    duva__check_text(o, p->name, &beyond);
    if (strchr(p->name, '\t') != NULL)
        duva__refuse(o, DUVA_REASON_CONTROL, 0);
    if (len > 255)
        duva__refuse(o, DUVA_REASON_RANGE, 0);
    if (is_simple(p->name, len)) {
        duva__writes(o, disposition ? ";\r\n filename=\"" : ";\r\n name=\"");
        duva__write(o, p->name, len);
        duva__writes(o, "\"");
    } else if (disposition) {
        put_extended(o, p->name, len);
    } else {
        duva__writes(o, ";\r\n name=\"");
        duva__words(o, p->name, len, 0);
        duva__writes(o, "\"");
    }
}

static void put_type(duva__out *o, const duva_part *p)
{
    static const char *const usual[] = {
        "text/plain", "text/html", "application/octet-stream",
        "text/calendar", "application/octet-stream"
    };
    const char *const type = p->type != NULL ? p->type : usual[p->place];

    o->field = "type";
    duva__writes(o, "Content-Type:");
    duva__fold(o, strlen(type) + 1, DUVA__LINE);
    duva__put_only(o, type, DUVA__SPECIALS, '/');
    if (p->type != NULL && same_type(p->type, "multipart/"))
        duva__refuse(o, DUVA_REASON_CHARACTER, 1);
    if (duva__is_body_part(p) || p->charset != NULL) {
        o->field = "charset";
        duva__writes(o, "; charset=");
        duva__put_only(o, p->charset != NULL ? p->charset : "utf-8",
                       "/" DUVA__SPECIALS, 0);
    }
    if (p->place == DUVA_PLACE_CALENDAR && p->method != NULL) {
        o->field = "method";
        duva__writes(o, "; method=");
        duva__put_only(o, p->method, "/" DUVA__SPECIALS, 0);
    }
    if (p->flags & DUVA_PART_FLOWED)
        duva__writes(o, ";\r\n format=flowed; delsp=yes");
    put_name(o, p, 0);
}

void duva__put_encoding(duva__out *o, unsigned encoding)
{
    static const char *const name[] = {
        "", "quoted-printable", "base64", "7bit", "8bit", "binary"
    };

    duva__writes(o, "\r\nContent-Transfer-Encoding: ");
    duva__writes(o, name[encoding]);
}

static void put_cid(duva__out *o, const char *cid)
{
    o->field = "Content-ID";
    duva__writes(o, "\r\nContent-ID: <");
    duva__put_only(o, cid, " <>\"\\()", 0);
    if (strchr(cid, '@') == NULL)
        duva__refuse(o, DUVA_REASON_CHARACTER, 1);
    duva__writes(o, ">");
}

void duva__part_fields(duva__out *o, const duva_part *p, int related)
{
    put_type(o, p);
    duva__put_encoding(o, p->chosen);
    if (p->cid != NULL)
        put_cid(o, p->cid);
    if (!duva__is_body_part(p) || p->name != NULL) {
        duva__writes(o, "\r\nContent-Disposition: ");
        duva__writes(o, related || duva__is_body_part(p) ? "inline"
                                                         : "attachment");
        put_name(o, p, 1);
    }
    duva__writes(o, "\r\n\r\n");
}
#endif
