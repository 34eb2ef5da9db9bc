/* option_help.c - the tables of a command into its help. */
/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "options/option.h"
#include "options/option_help.h"

enum { TEXT_COLUMN = 27, LAST_COLUMN = 79, LONGEST = 32 };

/* ---- the nearest name ---- */

static int least(int a, int b, int c)
{
    const int ab = a < b ? a : b;

    return ab < c ? ab : c;
}

int cli_spelling_distance(const char *a, const char *b)
{
    const size_t len = strlen(b);
    int row[LONGEST + 1], diagonal, above;
    size_t i, j;

    if (strlen(a) > LONGEST || len > LONGEST)
        return LONGEST;
    for (j = 0; j <= len; j++)
        row[j] = (int)j;
    for (i = 0; a[i] != '\0'; i++) {
        diagonal = row[0]++;
        for (j = 0; j < len; j++) {
            above = row[j + 1];
            row[j + 1] = least(diagonal + (a[i] != b[j]), above + 1,
                               row[j] + 1);
            diagonal = above;
        }
    }
    return row[len];
}

/* A beginning that several options share is near to the first of them. */
static int distance_of(const struct cli_option *o, const char *name)
{
    if (o->name == NULL || o->visibility == CLI_OPTION_HIDDEN)
        return LONGEST;
    return strncmp(o->name, name, strlen(name)) == 0
               ? 1
               : cli_spelling_distance(name, o->name);
}

const char *cli_nearest_option(const struct cli_command *c, const char *text)
{
    const struct cli_option_table *t;
    const struct cli_option *o;
    const char *nearest = NULL;
    char name[LONGEST + 1];
    int distance, best;

    text += strspn(text, "-");
    snprintf(name, sizeof(name), "%.*s", (int)strcspn(text, "="), text);
    best = strlen(name) < 4 ? 1 : (int)strlen(name) / 3;
    for (t = c->table; t < c->table + c->tables; t++)
        for (o = t->option; o < t->option + t->count; o++) {
            distance = distance_of(o, name);
            if (distance < best + (nearest == NULL)) {
                best = distance;
                nearest = o->name;
            }
        }
    return nearest;
}

/* ---- the help ---- */

/* Prints words from a column on; each further line begins at TEXT_COLUMN. */
static void put_wrapped(const char *text, int column)
{
    const char *word = text;
    int n;

    for (; *word != '\0'; word += n + (word[n] == ' ')) {
        n = (int)strcspn(word, " ");
        if (column + 1 + n > LAST_COLUMN) {
            printf("\n%*s", TEXT_COLUMN, "");
            column = TEXT_COLUMN;
        } else if (word != text) {
            putchar(' ');
            column++;
        }
        printf("%.*s", n, word);
        column += n;
    }
    putchar('\n');
}

static int put_label(const struct cli_option *o)
{
    const int has_letter = o->letter != 0 && o->kind != CLI_OPTION_HELP;
    int column = printf("  ");

    if (has_letter)
        column += printf("-%c", o->letter);
    if (o->name != NULL)
        column += printf("%s--%s", has_letter ? ", " : "", o->name);
    if (o->argument != NULL)
        column += printf(" %s", o->argument);
    return column;
}

static void put_option(const struct cli_option *o, int with_more)
{
    const int more = with_more && o->more != NULL;
    int column = put_label(o);
    char text[600];

    column += printf("%*s", column < TEXT_COLUMN - 1 ? TEXT_COLUMN - column : 2,
                     "");
    snprintf(text, sizeof(text), "%s%s%s", o->help, more ? "; " : "",
             more ? o->more : "");
    put_wrapped(text, column);
}

static void put_table(const struct cli_option_table *t, int all)
{
    const struct cli_option *o;

    if (all)
        printf("\n%s\n", t->title);
    for (o = t->option; o < t->option + t->count; o++)
        if (o->visibility == CLI_OPTION_COMMON
            || (all && o->visibility == CLI_OPTION_RARE))
            put_option(o, all);
}

void cli_help_print(const struct cli_command *c, int all)
{
    size_t i;

    printf("usage: duva %s %s\n", c->name, c->usage);
    if (!all)
        putchar('\n');
    for (i = 0; i < c->tables; i++)
        put_table(&c->table[i], all);
    if (c->closing != NULL)
        printf("\n%s\n", c->closing);
}
