/* journal.h - which rows of a merge were begun, and their verdicts. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_JOURNAL_H
#define DUVA_CLI_JOURNAL_H

#include <stdint.h>
#include <stdio.h>

#include "merge/recipient_results.h"
#include "modules/digest.h"

/*
 * A file of lines that is only added to:
 *
 *     duva merge 1
 *     rows DIGEST             of the rows, and of the template: neither may
 *     letter DIGEST           change between two runs
 *     id WORD                 part of the Message-IDs: those of a row stay
 *     run BOOT                a run begins; BOOT is the boot id of the system
 *     ahead ROW               rows up to this one may be begun in this run
 *     begun ROW               its message is about to be sent
 *     back ROW                it was not delivered, and may be begun again
 *     part ROW VERDICT CODE ADDRESS
 *                             a decided recipient of a row that is not decided
 *     VERDICT ROW CSV         the verdict of a row, and its line in the results
 *
 * "begun" is written before the first octet of a message can be sent.  So when
 * the process is killed, a row that was begun and has no verdict is uncertain,
 * and no other row is.  When the system stops, lines that were not yet on the
 * disk may be lost.  "ahead" is always on the disk before a row up to it is
 * begun; then each of these rows without a verdict counts as begun.  While a
 * merge runs, and after it was killed, NULs follow the last line.
 */

/* What a journal belongs to. */
struct cli_journal_key {
    char rows[CLI_DIGEST_SIZE], message[CLI_DIGEST_SIZE];
    char     boot[64];         /* of the running system; "": unknown */
    uint64_t count;            /* of the rows */
    char id[33]; /* for a new journal; else set to that of the file */
};

enum cli_row_state {
    CLI_ROW_NEW,       /* not begun, or not delivered: to be sent */
    CLI_ROW_RETRY,     /* deferred: to be sent */
    CLI_ROW_BEGUN,     /* without a verdict, so it is uncertain */
    CLI_ROW_UNCERTAIN, /* the verdict is uncertain */
    CLI_ROW_DECIDED    /* accepted, rejected or failed */
};

struct cli_journal {
    int      fd;
    int      cause;            /* errno of the first failure to write, or 0 */
    uint8_t resumed;           /* there was an earlier run */
    uint64_t rows;             /* the number of rows */
    uint64_t top;              /* the last row that has a line */
    uint64_t ahead;            /* of this run */
    struct cli_open_row
        *open;          /* rows up to top that are not DECIDED, in order */
    size_t count, size; /* of open */
    size_t   cursor;
    struct cli_recipient_results recipients; /* of earlier runs */
    char    *window;           /* the end of the file, or NULL: */
    size_t   len;              /* of what is there; of what is not written yet,
                                  in text */
    int64_t  at;               /* in the file, of the window */
    char     text[8192];
};

#define CLI_JOURNAL_SIZE 200   /* of a problem */

/* Opens the journal, or creates it, and locks it.  Returns 0, or an exit code
 * with the problem, which the caller puts behind the name of the file.
 * cli_journal_close() must follow in any case. */
int  cli_journal_open(struct cli_journal *j, const char *file,
                      struct cli_journal_key *key,
                      char problem[CLI_JOURNAL_SIZE]);
void cli_journal_close(struct cli_journal *j);

/* The state of a row after the earlier runs.  Call it for rows in ascending
 * order; after cli_journal_rewind() from the first row again. */
enum cli_row_state cli_journal_row(struct cli_journal *j, uint64_t row);
void cli_journal_rewind(struct cli_journal *j);

/* Copies the results of the rows that are DECIDED, in the order of their
 * verdicts.  Returns 0, or -1. */
int cli_journal_results(struct cli_journal *j, FILE *out);

/* The following return 0; or -1 with j->cause, and then no row may be begun. */

/* Rows up to this one, and some more, may be begun. */
int cli_journal_ahead(struct cli_journal *j, uint64_t row);
/* After it has returned 0 the line is in the file. */
int cli_journal_begun(struct cli_journal *j, uint64_t row);
/* These lines are in the file after the next begun, or a flush. */
int cli_journal_back(struct cli_journal *j, uint64_t row);
int cli_journal_recipients(struct cli_journal *j, uint64_t row,
                           const duva_mail *mail);
int cli_journal_verdict(struct cli_journal *j, uint64_t row,
                        const char *verdict, const char *csv);
int cli_journal_flush(struct cli_journal *j);

#endif
