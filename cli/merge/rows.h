/* rows.h - the rows of a merge: known as a whole, read one at a time. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ROWS_H
#define DUVA_CLI_ROWS_H

#include <stdint.h>
#include <stdio.h>

#include "merge/digest.h"
#include "text/template.h"
#include "text/csv.h"

struct cli_rows {
    FILE    *in;
    struct cli_csv csv;        /* the row at hand */
    struct cli_columns columns;
    uint64_t count;            /* of all rows; the first one names columns and
                                  is none */
    uint64_t number;           /* of the row at hand, from 1 */
    struct cli_digest digest;  /* of the file */
};

/* Opens a file of rows and reads all of it once, so that what cannot be read
 * is found before the first mail.  Memory is that of one row.  Returns 0, or
 * an exit code with what is wrong, to stand behind the name of the file.
 * cli_rows_close() must follow in any case. */
int  cli_rows_open(struct cli_rows *r, const char *file, char delimiter,
                   char problem[CLI_PROBLEM_SIZE]);
void cli_rows_close(struct cli_rows *r);

/* The next row.  Returns 1; 0 at the end; -1: the file was changed meanwhile,
 * and cannot be read any more. */
int  cli_rows_next(struct cli_rows *r);

/* Has the row as many fields as there are columns? */
int  cli_rows_fit(const struct cli_rows *r);

#endif
