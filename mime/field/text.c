/* text.c - text of header fields: raw, quoted or in encoded-words. */
/* SPDX-License-Identifier: MIT */
#include "text.h"
#include "../encode/base64.h"
#include "../encode/host.h"
#include "../encode/utf8.h"
#include "out.h"

#if !DUVA_MIME_SMALL
#include <string.h>

int duva__alnum(uint8_t c)
{
    return (c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
}

int duva__atext(uint8_t c)
{
    return c >= 0x80 || duva__alnum(c)
           || (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~", c) != NULL);
}

/* Octets of c in an encoded-word, in the set that RFC 2047 5 (3) allows in
 * every place. */
static size_t q_len(uint8_t c)
{
    if (DUVA__HOST && c >= 0x80)
        return 3;               /* strchr() takes its time to say so */
    return c == ' ' || duva__alnum(c) || strchr("!*+-/", c) != NULL ? 1 : 3;
}

static void put_q(duva__out *o, const uint8_t *s, size_t len)
{
    static const char hex[] = "0123456789ABCDEF";

    for (; len > 0; len--, s++) {
        const char code[3] = { '=', hex[*s >> 4], hex[*s & 15] };
        const char c = *s == ' ' ? '_' : (char)*s;

        if (q_len(*s) == 1)
            duva__write(o, &c, 1);
        else
            duva__write(o, code, 3);
    }
}

void duva__put_base64(duva__out *o, const void *octets, size_t len)
{
    uint8_t      line[DUVA__LINE_ENCODED];
    const size_t n = duva__base64(line, octets, len);

    duva__write(o, (const char *)line, n);
}

/* How many octets of s, whole characters, fit into `room` of payload.  In
 * base64, where more follows, as many as need no padding, perhaps none: some
 * readers join the words before they decode them. */
static size_t take(const uint8_t *s, size_t len, size_t room, int b)
{
    size_t n = 0, even = 0, cost = 0, next, i;

    while (n < len) {
        next = duva__utf8(s + n, len - n);
        if (next == 0 || next == 5)
            next = 1;           /* refused before; only to come to an end */
        for (i = 0; i < next; i++)
            cost += q_len(s[n + i]);
        if ((b ? (n + next + 2) / 3 * 4 : cost) > room)
            break;
        n += next;
        if (n % 3 == 0)
            even = n;
    }
    return b && n < len ? even : n;
}

void duva__words_in(duva__out *o, const char *charset, const char *text,
                    size_t len, int lead)
{
    enum { LEAST = 12 };
    const size_t   frame = strlen(charset) + 7; /* =?...?Q?...?= */
    const uint8_t *s = (const uint8_t *)text;
    size_t         q = 0, i, n;
    int            shorter, b;

    for (i = 0; i < len; i++)
        q += q_len(s[i]);
    shorter = (len + 2) / 3 * 4 < q;
    for (; len > 0; len -= n, s += n, lead = 1) {
        if (lead)
            duva__fold(o, frame + LEAST, DUVA__LINE_ENCODED);
        b = shorter;
        n = take(s, len, DUVA__LINE_ENCODED - frame - o->column, b);
        if (n == 0) {           /* one character the other way helps */
            b = 0;
            n = take(s, len < 4 ? len : 4, LEAST, b);
        }
        duva__writes(o, "=?");
        duva__writes(o, charset);
        duva__writes(o, b ? "?B?" : "?Q?");
        if (b)
            duva__put_base64(o, s, n);
        else
            put_q(o, s, n);
        duva__writes(o, "?=");
    }
}

void duva__words(duva__out *o, const char *text, size_t len, int lead)
{
    duva__words_in(o, "utf-8", text, len, lead);
}

/* Can it stand in the field as it is, and be read back so? */
static int is_plain(duva__out *o, const char *text, size_t len, size_t beyond,
                    size_t longest)
{
    size_t i, word = 0;

    if (beyond > 0 && (o->takes & DUVA_MIME_UTF8) == 0)
        return 0;
    for (i = 0; i < len; i++) {
        word = text[i] == ' ' ? 0 : word + 1;
        if (word > longest || text[i] == '\t'
            || (text[i] == '=' && text[i + 1] == '?'))
            return 0;
    }
    if (beyond > 0)
        o->needs |= DUVA_MIME_UTF8;
    return text[0] != ' ' && word > 0;
}

void duva__text(duva__out *o, const char *text, size_t longest)
{
    size_t beyond, len = duva__check_text(o, text, &beyond), space = 0, word, i;

    if (!is_plain(o, text, len, beyond, longest)) {
        duva__words(o, text, len, 1);
        return;
    }
    for (i = 0; i < len; i += word) {
        space = strspn(text + i, " ");
        word = strcspn(text + i + space, " ") + space;
        /* Of several spaces the first may carry the line end. */
        duva__fold(o, word - (i > 0), DUVA__LINE);
        duva__write(o, text + i + (i > 0), word - (i > 0));
    }
}

void duva__phrase(duva__out *o, const char *name)
{
    size_t beyond, len = duva__check_text(o, name, &beyond), escapes = 0, i;
    int    quote = 0;

    for (i = 0; i < len; i++) {
        if (!duva__atext((uint8_t)name[i])
            && (name[i] != ' ' || i == 0 || name[i + 1] == ' '))
            quote = 1;
        if (name[i] == '"' || name[i] == '\\')
            escapes++;
    }
    /* Longer names are encoded, since a quoted-string does not fold well. */
    if (len + escapes > 60 || !is_plain(o, name, len, beyond, len)) {
        duva__words(o, name, len, 1);
        return;
    }
    duva__fold(o, len + escapes + 2, DUVA__LINE_ENCODED);
    if (!quote) {
        duva__write(o, name, len);
        return;
    }
    duva__writes(o, "\"");
    for (i = 0; i < len; i++) {
        if (name[i] == '"' || name[i] == '\\')
            duva__writes(o, "\\");
        duva__write(o, name + i, 1);
    }
    duva__writes(o, "\"");
}
#endif
