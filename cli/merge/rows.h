/* rows.h - the rows of a CSV file, read one at a time. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ROWS_H
#define DUVA_CLI_ROWS_H

#include <stdint.h>
#include <stdio.h>

#include "modules/digest.h"
#include "text/csv.h"
#include "text/template.h"

struct cli_rows {
    FILE    *in;
    struct cli_csv csv; /* the current row */
    struct cli_columns columns;
    uint64_t count;            /* of all rows, without the first line, which
                                  has the names of the columns */
    uint64_t number;           /* of the current row, from 1 */
    struct cli_digest digest;  /* of the file */
};

/* Opens a CSV file and reads all of it once, so that errors are found before
 * the first mail.  It keeps one row in memory.  Returns 0, or an exit code with
 * the problem, which the caller puts behind the name of the file. 
 * cli_rows_close() must follow in any case. */
int  cli_rows_open(struct cli_rows *r, const char *file, char delimiter,
                   char problem[CLI_PROBLEM_SIZE]);
void cli_rows_close(struct cli_rows *r);

/* Reads the next row.  Returns 1; 0 at the end; -1: the file has changed, and
 * cannot be read any more. */
int  cli_rows_next(struct cli_rows *r);

/* 1 when the row has as many fields as there are columns, else 0. */
int  cli_rows_fit(const struct cli_rows *r);

#endif
