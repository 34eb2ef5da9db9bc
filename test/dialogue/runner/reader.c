/* reader.c - turns a file into lines and words. */
/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct memory {
    struct memory *next;
};

void *script_alloc(struct script *s, size_t size)
{
    struct memory *m = calloc(1, sizeof(*m) + size);

    if (m == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    m->next = s->memory;
    s->memory = m;
    return m + 1;
}

void script_free(struct script *s)
{
    struct memory *m = s->memory;

    free(s);
    while (m != NULL) {
        struct memory *next = m->next;

        free(m);
        m = next;
    }
}

void complain(struct reader *r, const char *format, ...)
{
    va_list args;

    if (r->failed)
        return;
    r->failed = 1;
    fprintf(stderr, "%s:%u: ", r->s->path, r->line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

void *grow(struct script *s, void *array, size_t count, size_t size)
{
    void *bigger;

    if (count > 0 && (count & (count - 1)) != 0)
        return array;
    bigger = script_alloc(s, (count > 0 ? 2 * count : 1) * size);
    if (count > 0)
        memcpy(bigger, array, count * size);
    return bigger;
}

/* ---- words, numbers, escapes ---- */

char *skip_space(char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

char *take_word(char **at)
{
    char *word = skip_space(*at);
    char *end = word + strcspn(word, " \t");

    *at = end;
    if (*end != '\0') {
        *end = '\0';
        *at = skip_space(end + 1);
    }
    return word;
}

unsigned long long take_number(struct reader *r, const char *word)
{
    char              *end;
    unsigned long long value = strtoull(word, &end, 10);

    if (!isdigit((unsigned char)*word) || *end != '\0')
        complain(r, "not a number: \"%s\"", word);
    return value;
}

/* Keeps a NUL behind the last octet, which is not counted. */
static void put(struct script *s, struct text *t, char c)
{
    t->data = grow(s, t->data, t->len, 1);
    t->data[t->len++] = c;
}

void append(struct script *s, struct text *t, const char *more, size_t len)
{
    while (len-- > 0)
        put(s, t, *more++);
    put(s, t, '\0');
    t->len--;
}

/* \{COUNT:WORDS}: returns what follows it. */
static const char *resolve_times(struct reader *r, const char *at,
                                 const char *end, struct text *t)
{
    const char   *close = memchr(at, '}', (size_t)(end - at));
    char         *colon;
    unsigned long count = strtoul(at + 1, &colon, 10);
    struct text   words;

    if (close == NULL || !isdigit((unsigned char)at[1]) || *colon != ':'
        || colon > close) {
        complain(r, "\\{ needs a number, a colon, words and }");
        return end;
    }
    words = resolve(r, colon + 1, (size_t)(close - colon - 1));
    while (count-- > 0)
        append(r->s, t, words.data, words.len);
    return close + 1;
}

/* at is the character after a backslash; returns what follows the escape. */
static const char *resolve_escape(struct reader *r, const char *at,
                                  const char *end, struct text *t)
{
    static const char names[] = "rnt0e\\", values[] = "\r\n\t\0\033\\";
    const char       *name = at < end ? strchr(names, *at) : NULL;
    char              hex[3] = "";

    if (at < end && *at == '{')
        return resolve_times(r, at, end, t);
    if (end - at > 2 && *at == 'x' && isxdigit((unsigned char)at[1])
        && isxdigit((unsigned char)at[2])) {
        memcpy(hex, at + 1, 2);
        put(r->s, t, (char)strtoul(hex, NULL, 16));
        return at + 3;
    }
    if (name == NULL || *name == '\0')
        complain(r, "no such escape: \"\\%.1s\"", at);
    else
        put(r->s, t, values[name - names]);
    return at + 1;
}

struct text resolve(struct reader *r, const char *src, size_t len)
{
    const char *end = src + len;
    struct text t = { NULL, 0 };

    while (src < end && !r->failed) {
        if (*src == '\\') {
            src = resolve_escape(r, src + 1, end, &t);
        } else {
            put(r->s, &t, *src++);
        }
    }
    append(r->s, &t, "", 0);
    return t;
}

char *resolve_word(struct reader *r, const char *src)
{
    return resolve(r, src, strlen(src)).data;
}

int choose(struct reader *r, const struct choice *list, const char *word)
{
    for (; list->word != NULL; list++)
        if (strcmp(list->word, word) == 0)
            return list->value;
    complain(r, "not one of the words possible here: \"%s\"", word);
    return 0;
}

char *read_file(struct script *s, const char *path)
{
    FILE  *f = fopen(path, "rb");
    char  *text = NULL;
    size_t len = 0, got;
    char   piece[4096];

    if (f == NULL) {
        perror(path);
        return NULL;
    }
    while ((got = fread(piece, 1, sizeof(piece), f)) > 0) {
        char *more = script_alloc(s, len + got + 1);

        if (len > 0)
            memcpy(more, text, len);
        memcpy(more + len, piece, got);
        text = more;
        len += got;
    }
    fclose(f);
    return text != NULL ? text : script_alloc(s, 1);
}

static char *copy_line(struct reader *r, const char *line, size_t len)
{
    char  *copy = script_alloc(r->s, len + 1);
    size_t i, n = 0;

    if (r->loop == NULL)
        return memcpy(copy, line, len);
    copy = script_alloc(r->s, 10 * len + 1);
    for (i = 0; i < len; i++) {
        if (line[i] == '%')
            n += (size_t)sprintf(copy + n, "%u", r->turn);
        else
            copy[n++] = line[i];
    }
    return copy;
}

char *read_next(struct reader *r)
{
    const char  *line = r->next;
    const size_t len = strcspn(line, "\n");

    r->next += len + (line[len] == '\n');
    r->line++;
    return copy_line(r, line, len);
}
