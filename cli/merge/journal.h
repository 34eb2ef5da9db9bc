/* journal.h - which rows of a merge were begun, and what became of them. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_JOURNAL_H
#define DUVA_CLI_JOURNAL_H

#include <stdint.h>
#include <stdio.h>

#include "merge/digest.h"
#include "merge/recipient_results.h"

/*
 * A file of lines that is only added to:
 *
 *     duva merge 1
 *     rows DIGEST             what the merge is of: it must not change
 *     letter DIGEST
 *     id WORD                 for its Message-IDs: a row has the same for ever
 *     run BOOT                a run begins, on a machine started as BOOT
 *     ahead ROW               rows up to here may be begun in this run
 *     begun ROW               its message is about to leave
 *     back ROW                it was not delivered, and may be begun again
 *     part ROW VERDICT CODE ADDRESS
 *                             a recipient that is decided, of a row that is not
 *     VERDICT ROW CSV         its line in the results
 *
 * A row is on file as begun before the first octet of its message can leave;
 * without a message nothing is delivered.  So when the process is killed, a
 * row that was begun and has no verdict is uncertain, and no other one is.
 * When the machine stops, lines may be lost that were not yet on the disk:
 * "ahead" always is before a row up to there is begun, and then every one of
 * those without a verdict counts as begun.  While a merge runs, and when it was
 * killed, there are NULs behind the last line.
 */

/* What a journal is about. */
struct cli_journal_key {
    char rows[CLI_DIGEST_SIZE], message[CLI_DIGEST_SIZE];
    char     boot[64];         /* of the running system; "": unknown */
    uint64_t count;            /* of the rows */
    char     id[33];           /* for a new journal; then that on file */
};

enum cli_row {
    CLI_ROW_NEW,               /* nothing of it can have left, or it came back:
                                  to be sent */
    CLI_ROW_RETRY,             /* put off by the server: to be sent */
    CLI_ROW_BEGUN,             /* uncertain, as nothing else is known */
    CLI_ROW_UNCERTAIN,         /* uncertain, and there is a verdict */
    CLI_ROW_DECIDED            /* for good */
};

struct cli_journal {
    int      fd;
    int      cause;            /* errno of the first failure to write, or 0 */
    uint8_t  resumed;          /* there was a run before */
    uint64_t rows;             /* that there are */
    uint64_t top;              /* the last row of which there is a line */
    uint64_t ahead;            /* of this run */
    struct cli_open_row *open; /* up to top, but DECIDED: in their order */
    size_t   count, size;      /* of those */
    size_t   cursor;
    struct cli_recipient_results parts; /* of the runs before */
    char    *window;           /* the end of the file, or NULL: */
    size_t   len;              /* of what is there; of what is not written yet,
                                  in text */
    int64_t  at;               /* in the file, of the window */
    char     text[8192];
};

#define CLI_JOURNAL_SIZE 200   /* of a problem */

/* Opens the journal, or begins one, and locks it.  Returns 0, or an exit code
 * with what is wrong, to stand behind the name of the file. */
int  cli_journal_open(struct cli_journal *j, const char *file,
                      struct cli_journal_key *key,
                      char problem[CLI_JOURNAL_SIZE]);
void cli_journal_close(struct cli_journal *j);

/* What the runs before know of a row.  To be asked in ascending order; after
 * a rewind from the start again. */
enum cli_row cli_journal_row(struct cli_journal *j, uint64_t row);
void cli_journal_rewind(struct cli_journal *j);

/* Copies the lines of the results that stay, in the order of the verdicts: of
 * the rows that are DECIDED.  Returns 0, or -1. */
int cli_journal_results(struct cli_journal *j, FILE *out);

/* The next return 0, or -1 with j->cause: then nothing more may be begun. */

/* Rows up to this one, and some more, may be begun from now on. */
int cli_journal_ahead(struct cli_journal *j, uint64_t row);
/* When it returns 0 it is on file. */
int cli_journal_begun(struct cli_journal *j, uint64_t row);
/* These are on file with the next one that is, or with a flush. */
int cli_journal_back(struct cli_journal *j, uint64_t row);
int cli_journal_parts(struct cli_journal *j, uint64_t row,
                      const duva_mail *mail);
int cli_journal_verdict(struct cli_journal *j, uint64_t row,
                        const char *verdict, const char *csv);
int cli_journal_flush(struct cli_journal *j);

#endif
