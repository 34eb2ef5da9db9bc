/* table.c - a dialogue with a table of values: one dialogue for each row. */
/* SPDX-License-Identifier: MIT */
#include "reader.h"

#include <string.h>

static const char name_letters[] = "abcdefghijklmnopqrstuvwxyz";

/* Cuts the first cell off and moves *at behind it.  Cells have two spaces or
 * more between them; an empty one is written "". */
static char *cut_cell(char **at)
{
    char  *cell = *at;
    char  *end = strstr(cell, "  ");
    size_t len;

    if (end != NULL) {
        *end = '\0';
        *at = skip_space(end + 1);
    } else {
        *at = cell + strlen(cell);
    }
    len = strlen(cell);
    while (len > 0 && cell[len - 1] == ' ')
        cell[--len] = '\0';
    return strcmp(cell, "\"\"") == 0 ? cell + 2 : cell;
}

void table_values(struct reader *r, char *rest)
{
    struct table *t = &r->table;

    if (t->columns > 0)
        complain(r, "a dialogue has one table of values");
    while (*rest != '\0' && t->columns < TABLE_COLUMNS) {
        char *name = cut_cell(&rest);

        if (name[strspn(name, name_letters)] != '\0')
            complain(r, "the name of a column is of letters a to z: \"%s\"",
                     name);
        t->name[t->columns++] = name;
    }
    if (*rest != '\0' || t->columns == 0)
        complain(r, "a table has 1 to %d columns", TABLE_COLUMNS);
}

void table_row(struct reader *r, char *rest)
{
    struct table *t = &r->table;
    char         *cell[TABLE_COLUMNS];
    size_t        i;

    for (i = 0; i < t->columns && *rest != '\0'; i++)
        cell[i] = cut_cell(&rest);
    if (i == 0 || i < t->columns || *rest != '\0') {
        complain(r, "a row has a cell for each name in \"values\"");
        return;
    }
    if (r->row == NULL || strcmp(cell[0], r->row) != 0)
        return;
    if (t->found)
        complain(r, "two rows have one name: \"%s\"", r->row);
    memcpy(t->cell, cell, sizeof(t->cell));
    t->found = 1;
}

char *table_fill(struct reader *r, char *line)
{
    struct table *t = &r->table;
    struct text   filled = { NULL, 0 };
    const char   *at = line, *dollar;

    if (t->columns == 0 || strchr(line, '$') == NULL)
        return line;
    while (t->found && (dollar = strchr(at, '$')) != NULL) {
        const size_t len = strspn(dollar + 1, name_letters);
        size_t       i = 0;

        while (i < t->columns
               && (strlen(t->name[i]) != len
                   || memcmp(t->name[i], dollar + 1, len) != 0))
            i++;
        if (i == t->columns) {
            complain(r, "\"values\" has no column \"%.*s\"", (int)len,
                     dollar + 1);
            break;
        }
        t->used |= 1u << i;
        append(r->s, &filled, at, (size_t)(dollar - at));
        append(r->s, &filled, t->cell[i], strlen(t->cell[i]));
        at = dollar + 1 + len;
    }
    append(r->s, &filled, at, strlen(at));
    return filled.data;
}

void table_end(struct reader *r)
{
    const struct table *t = &r->table;
    size_t              i;

    if (t->columns > 0 && r->row == NULL)
        complain(r, "this has rows: name one, as in NAME.txt[ROW]");
    else if (r->row != NULL && !t->found)
        complain(r, "there is no row \"%s\"", r->row);
    for (i = 1; i < t->columns; i++)
        if (!(t->used & 1u << i))
            complain(r, "no line has \"$%s\"", t->name[i]);
}
