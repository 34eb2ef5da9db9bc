/* template.c - text with {{fields}} and a row into text without. */
/* SPDX-License-Identifier: MIT */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/template.h"
#include "text/csv.h"
#include "text/escape.h"

enum { LITERAL = -1 };

struct cli_piece {
    const char *text;          /* a literal, or what replaces an empty field */
    size_t  len;
    int     column;            /* or LITERAL */
    uint8_t raw, has_default;
};

/* ---- columns ---- */

static const char *trimmed(const char *text, size_t *len)
{
    while (*len > 0 && (*text == ' ' || *text == '\t')) {
        text++;
        --*len;
    }
    while (*len > 0 && (text[*len - 1] == ' ' || text[*len - 1] == '\t'))
        --*len;
    return text;
}

static int find_column(const struct cli_columns *c, const char *name,
                       size_t len)
{
    size_t i;

    for (i = 0; i < c->count; i++)
        if (strlen(c->name[i]) == len && memcmp(c->name[i], name, len) == 0)
            return (int)i;
    return -1;
}

static const char *check_name(const struct cli_columns *c, const char *name,
                              size_t len)
{
    if (len == 0)
        return "a column has no name";
    if (strpbrk(name, "{}|\r\n") != NULL)
        return "the name of a column contains a brace, a bar or a line end";
    return find_column(c, name, len) >= 0 ? "two columns have the same name"
                                          : NULL;
}

const char *cli_columns_take(struct cli_columns *c, const struct cli_csv *row)
{
    const char *problem = NULL, *name;
    size_t i, len;

    memset(c, 0, sizeof(*c));
    c->text = malloc(row->len);
    c->name = calloc(row->count, sizeof(*c->name));
    if (c->text == NULL || c->name == NULL)
        return "not enough memory";
    memcpy(c->text, row->text, row->len);
    for (i = 0; i < row->count && problem == NULL; i++) {
        name = c->text + row->start[i];
        len = strlen(name);
        name = trimmed(name, &len);
        c->text[(size_t)(name - c->text) + len] = '\0';
        problem = check_name(c, name, len);
        c->name[c->count++] = name;
    }
    return problem;
}

void cli_columns_free(struct cli_columns *c)
{
    free(c->text);
    free(c->name);
}

/* ---- text ---- */

int cli_text_put(struct cli_text *t, const char *text, size_t len)
{
    size_t size = t->size > 0 ? t->size : 256;
    char *more;

    while (size <= t->len + len)
        size *= 2;
    if (size != t->size) {
        more = realloc(t->text, size);
        if (more == NULL)
            return -1;
        t->text = more;
        t->size = size;
    }
    memcpy(t->text + t->len, text, len);
    t->len += len;
    t->text[t->len] = '\0';
    return 0;
}

void cli_text_free(struct cli_text *t)
{
    free(t->text);
}

/* ---- parsing ---- */

static int set_problem(char problem[CLI_PROBLEM_SIZE], const char *before,
                       const char *name, size_t len, const char *after)
{
    char shown[100];

    cli_escape(shown, sizeof(shown), name, len);
    snprintf(problem, CLI_PROBLEM_SIZE, "%s%s%s", before, shown, after);
    return -1;
}

static int no_memory(char problem[CLI_PROBLEM_SIZE])
{
    snprintf(problem, CLI_PROBLEM_SIZE, "not enough memory");
    return -1;
}

static int no_such_column(char problem[CLI_PROBLEM_SIZE], const char *name,
                          size_t len, const struct cli_columns *columns)
{
    char there[200];
    size_t i, n = 0;

    there[0] = '\0';
    for (i = 0; i < columns->count && n + 8 < sizeof(there); i++) {
        n += (size_t)snprintf(there + n, sizeof(there) - n, "%s",
                              i > 0 ? ", " : "");
        n += cli_escape(there + n, sizeof(there) - n, columns->name[i],
                        strlen(columns->name[i]));
    }
    set_problem(problem, "{{", name, len,
                "}}: no such column; the columns are ");
    strncat(problem, there, CLI_PROBLEM_SIZE - 1 - strlen(problem));
    return -1;
}

static struct cli_piece *add_piece(struct cli_template *t)
{
    struct cli_piece *more =
        realloc(t->piece, (t->count + 1) * sizeof(*t->piece));

    if (more == NULL)
        return NULL;
    t->piece = more;
    memset(&more[t->count], 0, sizeof(*more));
    return &more[t->count++];
}

static int add_literal(struct cli_template *t, const char *text, size_t len,
                       char problem[CLI_PROBLEM_SIZE])
{
    struct cli_piece *p = len > 0 ? add_piece(t) : NULL;

    if (len == 0)
        return 0;
    if (p == NULL)
        return no_memory(problem);
    p->text = text;
    p->len = len;
    p->column = LITERAL;
    return 0;
}

/* What stands between the braces. */
static int add_field(struct cli_template *t, const char *name, size_t len,
                     int raw, const struct cli_columns *columns,
                     char problem[CLI_PROBLEM_SIZE])
{
    const char *bar = memchr(name, '|', len);
    size_t name_len = bar != NULL ? (size_t)(bar - name) : len;
    struct cli_piece *p;
    int column;

    t->has_fields = 1;
    len -= name_len;
    name = trimmed(name, &name_len);
    column = find_column(columns, name, name_len);
    if (column < 0)
        return no_such_column(problem, name, name_len, columns);
    p = add_piece(t);
    if (p == NULL)
        return no_memory(problem);
    p->column = column;
    p->raw = (uint8_t)raw;
    p->has_default = bar != NULL;
    p->text = bar != NULL ? bar + 1 : "";
    p->len = bar != NULL ? len - 1 : 0;
    return 0;
}

static const char *find_text(const char *text, const char *end,
                             const char *what)
{
    const size_t len = strlen(what);

    for (; (size_t)(end - text) >= len; text++)
        if (memcmp(text, what, len) == 0)
            return text;
    return NULL;
}

int cli_template_parse(struct cli_template *t, const char *text, size_t len,
                       const struct cli_columns *columns,
                       char problem[CLI_PROBLEM_SIZE])
{
    const char *const end = text + len;
    const char *open, *close;
    int raw, escaped, failed = 0;

    memset(t, 0, sizeof(*t));
    while (failed == 0 && (open = find_text(text, end, "{{")) != NULL) {
        escaped = open > text && open[-1] == '\\';
        failed = add_literal(t, text, (size_t)(open - text) - (size_t)escaped,
                             problem);
        if (escaped) {
            text = open + 2;
            failed = failed != 0 ? failed : add_literal(t, open, 2, problem);
            continue;
        }
        raw = end - open > 2 && open[2] == '{';
        text = open + 2 + raw;
        close = find_text(text, end, raw ? "}}}" : "}}");
        if (close == NULL)
            return set_problem(
                problem, "", open, (size_t)(end - open),
                ": the braces are not closed; write \\{{ for literal "
                "braces");
        if (failed == 0)
            failed = add_field(t, text, (size_t)(close - text), raw, columns,
                               problem);
        text = close + 2 + raw;
    }
    return failed != 0 ? failed
                       : add_literal(t, text, (size_t)(end - text), problem);
}

void cli_template_free(struct cli_template *t)
{
    free(t->piece);
}

/* ---- filling in ---- */

/* How a value is written. */
enum escaping {
    AS_IT_IS,
    AS_HTML,
    IN_QUOTES,   /* which are there */
    WITH_QUOTES, /* which are added */
    AS_ADDRESS
};

/* What an octet is written as, or NULL: as itself. */
static const char *escape(char octet, enum escaping how)
{
    if (how != AS_HTML)
        return octet == '"' ? "\\\"" : octet == '\\' ? "\\\\" : NULL;
    switch (octet) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    default:
        return NULL;
    }
}

static int put_escaped(struct cli_text *out, const char *value, size_t len,
                       enum escaping how)
{
    const char *as;
    size_t run = 0;

    for (; run < len; ) {
        as = escape(value[run], how);
        if (as == NULL) {
            run++;
            continue;
        }
        if (cli_text_put(out, value, run) != 0
            || cli_text_put(out, as, strlen(as)) != 0)
            return -1;
        value += run + 1;
        len -= run + 1;
        run = 0;
    }
    return cli_text_put(out, value, run);
}

static int put_value(struct cli_text *out, const char *value, size_t len,
                     enum escaping how)
{
    const size_t quote = how == WITH_QUOTES && len > 0;

    if (how == AS_IT_IS || how == AS_ADDRESS)
        return cli_text_put(out, value, len);
    return cli_text_put(out, "\"", quote) != 0
                   || put_escaped(out, value, len, how) != 0
                   || cli_text_put(out, "\"", quote) != 0
               ? -1
               : 0;
}

/* In a list of addresses: does a name in < > follow before the next comma? */
static int is_name(const struct cli_template *t, size_t i)
{
    const struct cli_piece *p;
    size_t at;

    for (i++; i < t->count; i++) {
        p = &t->piece[i];
        for (at = 0; p->column == LITERAL && at < p->len; at++)
            if (strchr("<,;>", p->text[at]) != NULL)
                return p->text[at] == '<';
    }
    return 0;
}

/* Whether what follows a literal stands in quotes. */
static int quotes_after(const struct cli_piece *p, int in_quotes)
{
    size_t i;

    for (i = 0; i < p->len; i++)
        if (in_quotes && p->text[i] == '\\')
            i++;
        else if (p->text[i] == '"')
            in_quotes = !in_quotes;
    return in_quotes;
}

static enum escaping escaping_of(const struct cli_template *t, size_t i,
                                 enum cli_place place, int in_quotes)
{
    if (place == CLI_PLACE_HTML)
        return t->piece[i].raw ? AS_IT_IS : AS_HTML;
    if (place != CLI_PLACE_ADDRESS)
        return AS_IT_IS;
    if (in_quotes)
        return IN_QUOTES;
    return is_name(t, i) ? WITH_QUOTES : AS_ADDRESS;
}

static const char *problem_of(const char *value, size_t len,
                              enum cli_place place, enum escaping how)
{
    size_t i;

    if (place == CLI_PLACE_TEXT || place == CLI_PLACE_HTML)
        return NULL;
    for (i = 0; i < len; i++)
        if ((unsigned char)value[i] < 0x20 || value[i] == 0x7F)
            return "}} contains a line end or another control character";
    for (i = 0; how == AS_ADDRESS && i < len; i++)
        if (strchr(",;<>()\" ", value[i]) != NULL)
            return "}} is not one address";
    return NULL;
}

static int fill_field(const struct cli_piece *p, const char *value,
                      const char *name, enum cli_place place, enum escaping how,
                      struct cli_text *out, char problem[CLI_PROBLEM_SIZE])
{
    size_t len = strlen(value);
    const char *wrong;

    if (place == CLI_PLACE_ADDRESS)
        value = trimmed(value, &len);
    wrong = len == 0 && !p->has_default ? "}} is empty"
                                        : problem_of(value, len, place, how);
    if (wrong != NULL)
        return set_problem(problem, "{{", name, strlen(name), wrong);
    if (len == 0)
        return cli_text_put(out, p->text, p->len) != 0 ? no_memory(problem)
                                                       : 0;
    return put_value(out, value, len, how) != 0 ? no_memory(problem) : 0;
}

int cli_template_fill(const struct cli_template *t, const struct cli_csv *row,
                      const struct cli_columns *columns, enum cli_place place,
                      struct cli_text *out, char problem[CLI_PROBLEM_SIZE])
{
    const struct cli_piece *p;
    int failed = cli_text_put(out, "", 0) != 0 ? no_memory(problem) : 0;
    int in_quotes = 0;
    size_t i;

    for (i = 0; i < t->count && failed == 0; i++) {
        p = &t->piece[i];
        if (p->column != LITERAL) {
            failed
                = fill_field(p, cli_csv_field(row, (size_t)p->column),
                             columns->name[p->column], place,
                             escaping_of(t, i, place, in_quotes), out, problem);
            continue;
        }
        if (place == CLI_PLACE_ADDRESS)
            in_quotes = quotes_after(p, in_quotes);
        if (cli_text_put(out, p->text, p->len) != 0)
            failed = no_memory(problem);
    }
    return failed;
}
