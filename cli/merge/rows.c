/* rows.c - a CSV file into columns, a digest and rows in their order. */
/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "merge/rows.h"
#include "modules/digest.h"
#include "system/shortage.h"
#include "text/csv.h"
#include "text/template.h"

#define PIECE 65536u

static int set_problem(char problem[CLI_PROBLEM_SIZE], int code,
                       const char *what)
{
    snprintf(problem, CLI_PROBLEM_SIZE, "%s", what);
    return code;
}

/* A pipe can be read once only, and not by a second run. */
static int open_file(struct cli_rows *r, const char *file,
                     char problem[CLI_PROBLEM_SIZE])
{
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    struct stat st;

    r->in = fd >= 0 ? fdopen(fd, "r") : NULL;
    if (r->in == NULL && fd >= 0)
        close(fd);
    if (r->in == NULL || fstat(fd, &st) != 0)
        return set_problem(problem, cli_file_code(EX_NOINPUT), strerror(errno));
    if (!S_ISREG(st.st_mode))
        return set_problem(problem, EX_NOINPUT,
                           "the rows must be in a regular file, so that an "
                           "interrupted merge can continue");
    return 0;
}

static int read_digest(struct cli_rows *r, char problem[CLI_PROBLEM_SIZE])
{
    char *piece = malloc(PIECE);
    size_t len;
    int failed = 0;

    if (piece == NULL)
        return set_problem(problem, EX_OSERR, "not enough memory");
    while (failed == 0 && (len = fread(piece, 1, PIECE, r->in)) > 0)
        failed = cli_digest_add(&r->digest, piece, len);
    free(piece);
    if (failed == DUVA_ERR_RESOURCES)
        return set_problem(problem, EX_OSERR,
                           duva_err_text(DUVA_ERR_RESOURCES));
    if (failed != 0)
        return set_problem(problem, EX_SOFTWARE,
                           "the TLS library has no SHA-256");
    if (ferror(r->in))
        return set_problem(problem, EX_NOINPUT, strerror(errno));
    rewind(r->in);
    return 0;
}

static int bad_row(const struct cli_rows *r, const char *what,
                   char problem[CLI_PROBLEM_SIZE])
{
    snprintf(problem, CLI_PROBLEM_SIZE, "line %" PRIu64 ": %s", r->csv.line,
             what);
    return EX_DATAERR;
}

static void rewind_rows(struct cli_rows *r, char delimiter)
{
    cli_csv_close(&r->csv);
    rewind(r->in);
    cli_csv_open(&r->csv, r->in, delimiter);
    r->number = 0;
}

/* Reads all of it, and goes to the first row. */
static int read_all(struct cli_rows *r, char delimiter,
                    char problem[CLI_PROBLEM_SIZE])
{
    const char *wrong;
    int found;

    rewind_rows(r, delimiter);
    found = cli_csv_next(&r->csv);
    if (found == 0)
        return set_problem(problem, EX_DATAERR,
                           "it is empty; the first row must name the columns");
    wrong = found < 0 ? r->csv.problem
                      : cli_columns_take(&r->columns, &r->csv);
    if (wrong != NULL)
        return bad_row(r, wrong, problem);
    while ((found = cli_csv_next(&r->csv)) > 0)
        r->count++;
    if (found < 0)
        return bad_row(r, r->csv.problem, problem);
    if (r->count == 0)
        return set_problem(problem, EX_DATAERR,
                           "there is no row after the names of the columns");
    rewind_rows(r, delimiter);
    cli_csv_next(&r->csv);
    return 0;
}

int cli_rows_open(struct cli_rows *r, const char *file, char delimiter,
                  char problem[CLI_PROBLEM_SIZE])
{
    int failed;

    memset(r, 0, sizeof(*r));
    failed = open_file(r, file, problem);
    if (failed == 0)
        failed = read_digest(r, problem);
    return failed != 0 ? failed : read_all(r, delimiter, problem);
}

void cli_rows_close(struct cli_rows *r)
{
    cli_csv_close(&r->csv);
    cli_columns_free(&r->columns);
    if (r->in != NULL)
        (void)fclose(r->in);   /* it was only read */
}

int cli_rows_next(struct cli_rows *r)
{
    const int found = cli_csv_next(&r->csv);

    r->number += found > 0;
    return found;
}

int cli_rows_fit(const struct cli_rows *r)
{
    return r->csv.count == r->columns.count;
}
