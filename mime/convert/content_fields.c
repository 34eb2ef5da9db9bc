/* content_fields.c - what fields of a header say of the content below it. */
/* SPDX-License-Identifier: MIT */
#include "content_fields.h"

#if !DUVA_MIME_SMALL
#include <string.h>

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c | 0x20) : c;
}

/* Are these len octets that word, in any case? */
static int is_word(const uint8_t *s, size_t len, const char *word)
{
    size_t i;

    for (i = 0; i < len && word[i] != '\0'; i++)
        if (lower(s[i]) != lower((uint8_t)word[i]))
            return 0;
    return i == len && word[i] == '\0';
}

static int is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static const uint8_t *colon(const uint8_t *s, size_t n)
{
    return memchr(s, ':', n);
}

int duva__convert_is(const uint8_t *s, size_t n, const char *name)
{
    const uint8_t *end = colon(s, n);

    while (end != NULL && end > s && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return end != NULL && is_word(s, (size_t)(end - s), name);
}

void duva__convert_name(duva_convert *c, const uint8_t *s, size_t n)
{
    if (n >= sizeof c->name)
        n = sizeof c->name - 1;
    memcpy(c->name, s, n);
    c->name[n] = '\0';
}

/* Space and comments (RFC 5322 3.2.2). */
static const uint8_t *skip(const uint8_t *s, const uint8_t *end)
{
    unsigned depth = 0;

    for (; s < end; s++) {
        if (*s == '(')
            depth++;
        else if (*s == ')' && depth > 0)
            depth--;
        else if (*s == '\\' && depth > 0 && s + 1 < end)
            s++;
        else if (depth == 0 && !is_space(*s))
            break;
    }
    return s;
}

static const uint8_t *word_end(const uint8_t *s, const uint8_t *end)
{
    while (s < end && !is_space(*s) && *s != ';' && *s != '(')
        s++;
    return s;
}

static void unclear(duva_convert *c, const char *field, duva_reason reason)
{
    c->unclear = field;
    c->unclear_reason = (uint8_t)reason;
}

/* ---- Content-Transfer-Encoding ---- */

static void learn_label(duva_convert *c, const uint8_t *s, const uint8_t *end)
{
    static const char *const name[] = { "7bit", "8bit", "binary" };
    const uint8_t *const     from = skip(s, end), *to = word_end(from, end);
    uint8_t                  i;

    if (c->head & DUVA__HAS_LABEL)
        unclear(c, "Content-Transfer-Encoding", DUVA_REASON_REPEATED);
    c->head |= DUVA__HAS_LABEL;
    for (i = 0; i < 3 && !is_word(from, (size_t)(to - from), name[i]); i++)
        ;
    c->encoding = from == to ? DUVA__7BIT : i < 3 ? i : DUVA__ENCODED;
}

/* ---- Content-Type ---- */

/* A value, quoted or not, into the boundary that follows.  Returns its end, or
 * NULL: it cannot be one. */
static const uint8_t *take_boundary(duva_convert *c, const uint8_t *s,
                                    const uint8_t *end)
{
    const int quoted = s < end && *s == '"';

    if (c->next_len > 0)
        return NULL;           /* which of them would a reader take? */
    for (s += quoted; s < end; s++) {
        if (quoted ? *s == '"' : *s == ';' || is_space(*s))
            break;
        if (quoted && *s == '\\' && s + 1 < end)
            s++;
        if (c->next_len == sizeof c->next || *s < ' ' || *s > '~')
            return NULL;
        c->next[c->next_len++] = (char)*s;
    }
    while (c->next_len > 0 && c->next[c->next_len - 1] == ' ')
        c->next_len--;
    return c->next_len > 0 && (!quoted || s < end) ? s : NULL;
}

static const uint8_t *pass_value(const uint8_t *s, const uint8_t *end)
{
    int quoted = 0;

    for (; s < end && (quoted || *s != ';'); s++) {
        if (*s == '"')
            quoted = !quoted;
        else if (*s == '\\' && quoted && s + 1 < end)
            s++;
    }
    return s;
}

/* Are line ends more than one octet in it, by what is behind its name? */
static int is_wide(const uint8_t *s, const uint8_t *end)
{
    s = skip(s, end);
    if (s == end || *s != '=')
        return 0;
    s = skip(s + 1, end);
    s += s < end && *s == '"';
    return end - s >= 6
           && (is_word(s, 6, "utf-16") || is_word(s, 6, "utf-32"));
}

/* Returns -1 when there is a boundary that is none. */
static int learn_parameters(duva_convert *c, const uint8_t *s,
                            const uint8_t *end)
{
    const uint8_t *name, *value;

    while ((s = pass_value(s, end)) < end) {
        name = skip(s + 1, end);
        for (s = name; s < end && *s != '=' && *s != ';' && *s != '*'
             && !is_space(*s); s++)
            ;
        if (is_word(name, (size_t)(s - name), "charset"))
            c->wide = (uint8_t)is_wide(s, end);
        if (c->kind != DUVA__MULTIPART
            || !is_word(name, (size_t)(s - name), "boundary"))
            continue;
        value = skip(s, end);
        if (value == end || *value != '=')
            return -1;         /* or in pieces (RFC 2231) */
        s = take_boundary(c, skip(value + 1, end), end);
        if (s == NULL)
            return -1;
    }
    return 0;
}

static uint8_t kind_of(const char *type)
{
    if (strncmp(type, "text/", 5) == 0 || strchr(type, '/') == NULL)
        return DUVA__TEXT_KIND; /* also what is no type (RFC 2045 5.2) */
    if (strcmp(type, "multipart/signed") == 0)
        return DUVA__SIGNED;
    if (strncmp(type, "multipart/", 10) == 0)
        return DUVA__MULTIPART;
    if (strcmp(type, "message/rfc822") == 0)
        return DUVA__RFC822;
    /* It may be encoded (RFC 6532 3.7). */
    if (strcmp(type, "message/global") == 0)
        return DUVA__OTHER;
    return strncmp(type, "message/", 8) == 0 ? DUVA__MESSAGE : DUVA__OTHER;
}

static void learn_type(duva_convert *c, const uint8_t *s, const uint8_t *end)
{
    const uint8_t *const from = skip(s, end), *to = word_end(from, end);
    size_t               n = (size_t)(to - from), i;

    if (c->head & DUVA__HAS_TYPE)
        unclear(c, "Content-Type", DUVA_REASON_REPEATED);
    c->head |= DUVA__HAS_TYPE;
    n = n < sizeof c->type ? n : sizeof c->type - 1;
    for (i = 0; i < n; i++)
        c->type[i] = (char)lower(from[i]);
    c->type[n] = '\0';
    c->kind = kind_of(c->type);
    c->next_len = c->wide = 0;
    c->next_digest = strcmp(c->type, "multipart/digest") == 0;
    if (learn_parameters(c, to, end) < 0
        || (c->kind == DUVA__MULTIPART && c->next_len == 0))
        unclear(c, "Content-Type", DUVA_REASON_CHARACTER);
}

void duva__convert_learn(duva_convert *c, const uint8_t *s, size_t n)
{
    const uint8_t *const value = colon(s, n) + 1, *const end = s + n;

    if (duva__convert_is(s, n, "MIME-Version"))
        c->head |= DUVA__HAS_VERSION;
    else if (duva__convert_is(s, n, "Content-Type"))
        learn_type(c, value, end);
    else if (duva__convert_is(s, n, "Content-Transfer-Encoding"))
        learn_label(c, value, end);
}

void duva__convert_learn_long(duva_convert *c, const uint8_t *s, size_t n)
{
    if (duva__convert_is(s, n, "Content-Type"))
        unclear(c, "Content-Type", DUVA_REASON_RANGE);
    else if (duva__convert_is(s, n, "Content-Transfer-Encoding"))
        unclear(c, "Content-Transfer-Encoding", DUVA_REASON_RANGE);
    else if (duva__convert_is(s, n, "MIME-Version"))
        c->head |= DUVA__HAS_VERSION;
}
#else
typedef int duva__no_content_fields;
#endif
