/* csv.h - rows of a CSV file, one at a time. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_CSV_H
#define DUVA_CLI_CSV_H

#include <stdint.h>
#include <stdio.h>

#include "text/utf8.h"

/* The longest row and the most fields in one: what is longer is rather a quote
 * that was never closed. */
#define CLI_CSV_ROW    (1024u * 1024u)
#define CLI_CSV_FIELDS 1024u

/* RFC 4180, where lines may also end with LF, empty ones are left out, and a
 * UTF-8 byte order mark may stand at the start.  The text must be UTF-8 without
 * NUL. */
struct cli_csv {
    FILE    *in;               /* the caller's */
    char     delimiter;
    uint64_t line;             /* where the row began, from 1 */
    size_t   count;            /* its fields */
    const char *problem;       /* after -1, in line `line` */
    /* private */
    uint64_t next_line;
    struct cli_utf8 utf8;
    size_t   start[CLI_CSV_FIELDS]; /* of the fields in text */
    char    *text;             /* on the heap: fields, each with a NUL */
    size_t   len, size;
};

/* Zeroes c and begins where in stands. */
void cli_csv_open(struct cli_csv *c, FILE *in, char delimiter);
void cli_csv_close(struct cli_csv *c);

/* Reads a row.  Returns 1; 0 at the end; -1, and problem says what is wrong:
 * then no further row can be read.  Memory is that of the longest row. */
int cli_csv_next(struct cli_csv *c);

/* A field of the row, from 0, until the next one is read. */
const char *cli_csv_field(const struct cli_csv *c, size_t i);

/* Writes fields that end with NULL as a row: quoted where they must be, no
 * line end.  One that a spreadsheet would take for a formula, since it begins
 * with "=", "+", "-", "@", a tab or a CR, has a "'" before it.  Returns the
 * octets, without the NUL; cap or more: it did not fit.  cap may be 0. */
size_t cli_csv_write(char *dst, size_t cap, const char *const *field);

#endif
