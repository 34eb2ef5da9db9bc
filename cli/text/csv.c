/* csv.c - comma separated values (RFC 4180) into rows of fields, and back. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/csv.h"
#include "text/utf8.h"

/* Where in a row the reader stands. */
enum place { START, PLAIN, QUOTED, CLOSED, DONE };

void cli_csv_open(struct cli_csv *c, FILE *in, char delimiter)
{
    memset(c, 0, sizeof(*c));
    c->in = in;
    c->delimiter = delimiter;
    c->next_line = 1;
}

void cli_csv_close(struct cli_csv *c)
{
    free(c->text);
    c->text = NULL;
    c->size = 0;
}

const char *cli_csv_field(const struct cli_csv *c, size_t i)
{
    return c->text + c->start[i];
}

static int fail(struct cli_csv *c, const char *problem)
{
    c->problem = problem;
    return -1;
}

static int put(struct cli_csv *c, char octet)
{
    const size_t size = c->size == 0 ? 256 : 2 * c->size;
    char *more;

    if (c->len == CLI_CSV_ROW)
        return fail(c, "the row is longer than a megabyte; is a quote not "
                       "closed?");
    if (c->len == c->size) {
        more = realloc(c->text, size);
        if (more == NULL)
            return fail(c, "not enough memory");
        c->text = more;
        c->size = size;
    }
    c->text[c->len++] = octet;
    return 0;
}

static int end_field(struct cli_csv *c)
{
    if (put(c, '\0') != 0)
        return -1;
    c->count++;
    return 0;
}

static int begin_field(struct cli_csv *c)
{
    if (c->count == CLI_CSV_FIELDS)
        return fail(c, "the row has more than 1024 fields");
    c->start[c->count] = c->len;
    return 0;
}

/* The next octet; EOF at the end, and when it has no place in a text. */
static int take(struct cli_csv *c)
{
    const int octet = getc_unlocked(c->in);

    if (octet == EOF) {
        if (ferror(c->in))
            fail(c, "it cannot be read");
        else if (c->utf8.more > 0)
            fail(c, "it is not UTF-8");
        return EOF;
    }
    if (octet == '\0')
        fail(c, "there is a NUL in it");
    else if (cli_utf8_feed(&c->utf8, (unsigned char)octet) < 0)
        fail(c, "it is not UTF-8");
    if (octet == '\n')
        c->next_line++;
    return c->problem != NULL ? EOF : octet;
}

/* CR ends a line only before LF, and LF by itself does too. */
static int is_line_end(struct cli_csv *c, int octet)
{
    int next;

    if (octet == '\n')
        return 1;
    if (octet != '\r')
        return 0;
    next = getc_unlocked(c->in);
    if (next != '\n') {
        ungetc(next, c->in);
        return next == EOF;
    }
    c->next_line++;
    return 1;
}

static enum place after_field(struct cli_csv *c, enum place next)
{
    if (end_field(c) != 0)
        return DONE;
    if (next == START && begin_field(c) != 0)
        return DONE;
    return next;
}

/* Outside of quotes. */
static enum place plain(struct cli_csv *c, enum place at, int octet)
{
    if (octet == EOF || is_line_end(c, octet))
        return after_field(c, DONE);
    if (octet == c->delimiter)
        return after_field(c, START);
    if (octet == '"' && at == START)
        return QUOTED;
    if (at == CLOSED)
        fail(c, "there is text behind the closing quote of a field");
    else if (octet == '"')
        fail(c, "there is a quote in a field that does not begin with one");
    else
        put(c, (char)octet);
    return PLAIN;
}

static enum place quoted(struct cli_csv *c, int octet)
{
    int next;

    if (octet == EOF) {
        fail(c, "a quote is not closed");
        return DONE;
    }
    if (octet != '"') {
        put(c, (char)octet);
        return QUOTED;
    }
    next = getc_unlocked(c->in);
    if (next != '"') {
        ungetc(next, c->in);
        return CLOSED;
    }
    put(c, '"');
    return QUOTED;
}

/* A byte order mark is no part of the first field. */
static void skip_mark(struct cli_csv *c)
{
    char begin[3];

    if (fread(begin, 1, sizeof(begin), c->in) != sizeof(begin)
        || memcmp(begin, "\xEF\xBB\xBF", sizeof(begin)) != 0)
        rewind(c->in);
}

static int is_blank(const struct cli_csv *c, int was_quoted)
{
    return c->count == 1 && c->text[0] == '\0' && !was_quoted;
}

/* Returns 1 when it has a row, 0 when it is blank, or -1. */
static int read_row(struct cli_csv *c, int octet)
{
    enum place at = START;
    int was_quoted = 0;

    c->count = c->len = 0;
    begin_field(c);
    for (;;) {
        at = at == QUOTED ? quoted(c, octet) : plain(c, at, octet);
        was_quoted |= at == QUOTED;
        if (c->problem != NULL)
            return -1;
        if (at == DONE)
            return !is_blank(c, was_quoted);
        octet = take(c);
        if (c->problem != NULL)
            return -1;
    }
}

int cli_csv_next(struct cli_csv *c)
{
    int octet, found = 0;

    if (c->problem == NULL && c->next_line == 1 && ftell(c->in) == 0)
        skip_mark(c);
    while (c->problem == NULL && found == 0) {
        c->line = c->next_line;
        octet = take(c);
        if (octet == EOF)
            return c->problem != NULL ? -1 : 0;
        found = read_row(c, octet);
    }
    return c->problem != NULL ? -1 : 1;
}

/* ---- back ---- */

static void add(char *dst, size_t cap, size_t *len, char octet)
{
    if (*len + 1 < cap)
        dst[*len] = octet;
    ++*len;
}

size_t cli_csv_write(char *dst, size_t cap, const char *const *field)
{
    size_t len = 0, i;
    const char *p;
    int quote;

    for (i = 0; field[i] != NULL; i++) {
        quote = strpbrk(field[i], "\",\r\n") != NULL
                || strncmp(field[i], "\xEF\xBB\xBF", 3) == 0;
        if (i > 0)
            add(dst, cap, &len, ',');
        if (quote)
            add(dst, cap, &len, '"');
        if (strspn(field[i], "=+-@\t\r") > 0)
            add(dst, cap, &len, '\'');
        for (p = field[i]; *p != '\0'; p++) {
            if (*p == '"')
                add(dst, cap, &len, '"');
            add(dst, cap, &len, *p);
        }
        if (quote)
            add(dst, cap, &len, '"');
    }
    if (cap > 0)
        dst[len < cap ? len : cap - 1] = '\0';
    return len;
}
