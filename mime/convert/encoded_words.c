/* encoded_words.c - fields of a finished header into encoded-words. */
/* SPDX-License-Identifier: MIT */
#include "encoded_words.h"
#include "../encode/utf8.h"
#include "../field/text.h"
#include "content_fields.h"

#if !DUVA_MIME_SMALL
#include <string.h>

/* Where an encoded-word may stand (RFC 2047 5). */
static const char *const texts[] = {
    "Subject", "Comments", "Content-Description", "Thread-Topic"
};
static const char *const people[] = {
    "From", "Sender", "Reply-To", "To", "Cc", "Bcc", "Resent-From",
    "Resent-Sender", "Resent-To", "Resent-Cc", "Resent-Bcc"
};

static int is_one_of(const uint8_t *s, size_t n, const char *const *name,
                     size_t count)
{
    while (count-- > 0)
        if (duva__convert_is(s, n, name[count]))
            return 1;
    return 0;
}

static int is_text(const uint8_t *s, size_t n)
{
    return is_one_of(s, n, texts, sizeof texts / sizeof texts[0])
           || (n > 2 && (s[0] | 0x20) == 'x' && s[1] == '-');
}

static int is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static size_t space_len(const uint8_t *s, size_t n)
{
    size_t i = 0;

    while (i < n && is_space(s[i]))
        i++;
    return i;
}

static size_t word_len(const uint8_t *s, size_t n)
{
    size_t i = 0;

    while (i < n && !is_space(s[i]))
        i++;
    return i;
}

/* Space between encoded-words is not shown (RFC 2047 6.2). */
static int has_words(const uint8_t *s, size_t n)
{
    size_t i;

    for (i = 1; i < n; i++)
        if (s[i - 1] == '=' && s[i] == '?')
            return 1;
    return 0;
}

void duva__convert_lines(duva__out *o, const uint8_t *s, size_t n)
{
    const uint8_t *lf;
    size_t         len, end;

    for (; n > 0; s += len + end, n -= len + end) {
        lf = memchr(s, '\n', n);
        len = lf != NULL ? (size_t)(lf - s) : n;
        end = lf != NULL;
        if (end && len > 0 && s[len - 1] == '\r')
            len--, end++;
        duva__write(o, (const char *)s, len);
        duva__writes(o, "\r\n");
    }
}

/* The same within a line that goes on. */
static void put_raw(duva__out *o, const uint8_t *s, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (s[i] == '\n')
            duva__writes(o, "\r\n");
        else if (s[i] != '\r')
            duva__write(o, (const char *)s + i, 1);
    }
}

/* ---- text ---- */

/* Words of ASCII, folded anew. */
static void put_ascii(duva__out *o, const uint8_t *s, size_t n)
{
    size_t i = space_len(s, n), len;

    for (; i < n; i += len, i += space_len(s + i, n - i)) {
        len = word_len(s + i, n - i);
        duva__fold(o, len, DUVA__LINE);
        duva__write(o, (const char *)s + i, len);
    }
}

/* What stands from the first word that is not ASCII to the last is encoded as
 * one, with the spaces within, and without its line ends. */
static duva_reason put_text(duva__out *o, const uint8_t *s, size_t n,
                            const char *charset)
{
    char   run[DUVA_CONVERT_FIELD];
    size_t i, k, len, first = n, last = 0, used = 0;

    for (i = 0; i < n; i += len) {
        i += space_len(s + i, n - i);
        len = word_len(s + i, n - i);
        for (k = i; k < i + len && s[k] < 0x80; k++)
            ;
        if (k == i + len)
            continue;
        first = first < i ? first : i;
        last = i + len;
    }
    for (i = first; i < last; i++)
        if (s[i] != '\r' && s[i] != '\n')
            run[used++] = (char)s[i];
    put_ascii(o, s, first);
    duva__words_in(o, charset, run, used, 1);
    put_ascii(o, s + last, n - last);
    duva__writes(o, "\r\n");
    return DUVA_REASON_NONE;
}

/* ---- addresses ---- */

enum { NAME_MAX_OCTETS = 320 };

/* The octets up to the end of what is quoted, or of a comment, or of one
 * octet. */
static size_t token_len(const uint8_t *s, size_t n)
{
    const uint8_t close = s[0] == '"' ? '"' : s[0] == '(' ? ')' : '>';
    unsigned      depth = 0;
    size_t        i;

    if (s[0] != '"' && s[0] != '(' && s[0] != '<')
        return 1;
    for (i = 1; i < n; i++) {
        if (s[i] == '\\' && close != '>' && i + 1 < n)
            i++;
        else if (s[i] == '(' && close == ')')
            depth++;
        else if (s[i] == close && depth-- == 0)
            return i + 1;
    }
    return n;
}

/* A phrase as people read it, with one space for many.  Returns its length,
 * or 0: it cannot be told, or is too long. */
static size_t read_phrase(const uint8_t *s, size_t n, char *name)
{
    size_t i, used = 0;
    int    quoted = 0, space = 0;

    for (i = 0; i < n; i++) {
        if (s[i] == '"') {
            quoted = !quoted;
            continue;
        }
        if (s[i] == '(' && !quoted)
            return 0;
        if (quoted && s[i] == '\\' && i + 1 < n)
            i++;
        if (is_space(s[i])) {
            space = used > 0;
            continue;
        }
        if (used + 2 > NAME_MAX_OCTETS)
            return 0;
        if (space)
            name[used++] = ' ';
        space = 0;
        name[used++] = (char)s[i];
    }
    return used;
}

static int is_ascii(const uint8_t *s, size_t n)
{
    while (n > 0 && s[n - 1] < 0x80)
        n--;
    return n == 0;
}

/* One phrase, if it is one, and what ends it: n octets at s. */
static int put_phrase(duva__out *o, const uint8_t *s, size_t n, size_t end,
                      const char *charset)
{
    char   name[NAME_MAX_OCTETS];
    size_t used;

    if (!is_ascii(s + end, n - end))
        return -1;
    if (is_ascii(s, end)) {
        put_raw(o, s, n);
        return 0;
    }
    if (n == end || (s[end] != '<' && s[end] != ':'))
        return -1;
    used = read_phrase(s, end, name);
    if (used == 0)
        return -1;
    duva__words_in(o, charset, name, used, 1);
    if (s[end] == '<')
        duva__fold(o, n - end, DUVA__LINE);
    put_raw(o, s + end, n - end);
    return 0;
}

static duva_reason put_people(duva__out *o, const uint8_t *s, size_t n,
                              const char *charset)
{
    size_t i = 0, len, begin = 0;

    while (n > 0 && is_space(s[n - 1]))
        n--;
    for (; i < n; i += len) {
        len = token_len(s + i, n - i);
        if (strchr("<:,;", s[i]) == NULL || s[i] == '\0')
            continue;
        if (put_phrase(o, s + begin, i + len - begin, i - begin, charset) < 0)
            return DUVA_REASON_NOT_ASCII;
        begin = i + len;
    }
    if (put_phrase(o, s + begin, n - begin, n - begin, charset) < 0)
        return DUVA_REASON_NOT_ASCII;
    duva__writes(o, "\r\n");
    return DUVA_REASON_NONE;
}

duva_reason duva__convert_words(duva__out *o, const uint8_t *s, size_t n)
{
    const uint8_t *const colon = memchr(s, ':', n);
    const size_t         name = (size_t)(colon - s) + 1;
    const int            utf8 = duva__is_utf8_text(s, n);
    const char *const    charset = utf8 ? "utf-8" : "unknown-8bit";
    duva_reason          reason = DUVA_REASON_NOT_ASCII;

    duva__write(o, (const char *)s, name);
    if (has_words(s, n))
        reason = DUVA_REASON_NOT_ASCII;
    else if (is_text(s, n))
        reason = put_text(o, s + name, n - name, charset);
    else if (is_one_of(s, n, people, sizeof people / sizeof people[0]))
        reason = put_people(o, s + name, n - name, charset);
    return reason != DUVA_REASON_NONE && !utf8 ? DUVA_REASON_NOT_UTF8 : reason;
}
#else
typedef int duva__no_encoded_words;
#endif
