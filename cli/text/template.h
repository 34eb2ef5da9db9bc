/* template.h - text with {{fields}}, to be filled in from rows. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_TEMPLATE_H
#define DUVA_CLI_TEMPLATE_H

#include <stdint.h>

#include "text/csv.h"

/*
 *     {{name}}          the field of that column; an empty one is an error
 *     {{name|friend}}   the same; an empty one is the text after the bar
 *     {{{name}}}        the same, in HTML without escaping
 *     \{{               two braces
 *
 * Spaces around a name are not part of it.  What a field holds is never read
 * as a template.
 */

/* The names of the columns, as the first row of a file has them. */
struct cli_columns {
    char  *text;               /* on the heap */
    const char **name;         /* the same */
    size_t count;
};

/* Copies the names of a row.  Returns NULL, or the problem. */
const char *cli_columns_take(struct cli_columns *c, const struct cli_csv *row);
void cli_columns_free(struct cli_columns *c);

/* Text that grows.  Zero it; it ends with a NUL once there was a put. */
struct cli_text {
    char  *text;               /* on the heap */
    size_t len, size;
};

/* Returns 0, or -1: not enough memory. */
int  cli_text_put(struct cli_text *t, const char *text, size_t len);
void cli_text_free(struct cli_text *t);

struct cli_template {
    struct cli_piece *piece;   /* on the heap */
    size_t count;
    uint8_t has_fields;
};

/* The size of a problem: text for people, escaped for a terminal. */
#define CLI_PROBLEM_SIZE 400

/* Parses text, which is borrowed.  Returns 0, or -1 with the problem. */
int  cli_template_parse(struct cli_template *t, const char *text, size_t len,
                        const struct cli_columns *columns,
                        char problem[CLI_PROBLEM_SIZE]);
void cli_template_free(struct cli_template *t);

/* Where the text is used: what it may contain, and how it is escaped. */
enum cli_place {
    CLI_PLACE_TEXT,            /* anything, as it is */
    CLI_PLACE_HTML,            /* & < > " ' are escaped */
    CLI_PLACE_LINE,            /* no line ends nor other control characters */
    CLI_PLACE_ADDRESS          /* the same, in a list of addresses: a field is
                                  one word of a name, put in quotes, or one
                                  address, or a part of it */
};

/* Adds the text for a row, which has all columns, to out.  Returns 0, or -1
 * with the problem of this row. */
int cli_template_fill(const struct cli_template *t, const struct cli_csv *row,
                      const struct cli_columns *columns, enum cli_place place,
                      struct cli_text *out, char problem[CLI_PROBLEM_SIZE]);

#endif
