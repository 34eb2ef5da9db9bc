/* input.h - octets that any number of letters may carry at a time. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_INPUT_H
#define DUVA_CLI_INPUT_H

#include <stddef.h>
#include <stdint.h>

/* All of a file, of a pipe or of a text.  Once it is open nothing of it
 * changes, so that threads may share it; each reads through a cursor. */
struct cli_input {
    const char *name;          /* "report.pdf", for people; never NULL */
    const char *memory;        /* NULL: in fd */
    int         fd;
    uint8_t     owned;         /* close() is to give it back */
    uint64_t    start, len;    /* start: in fd */
};

/* Opens a file; "-" is standard input, from where it stands.  A regular file
 * stays where it is and must not change; what comes through a pipe is kept in
 * memory, or in a file without a name when it is long.  path must stay put.
 * Returns 0; or, with errno, EX_NOINPUT when it cannot be read, EX_IOERR or
 * EX_OSERR when there is no room to keep it; then there is nothing to close. */
int cli_input_open(struct cli_input *c, const char *path);

/* Why that failed, for people, from errno and the exit code: "NAME: reason"
 * behind what; where the copy in a file failed that is named instead. */
void cli_input_problem(char *text, size_t size, const char *what,
                       const char *name, int failed);

/* Makes a content of a text that is the caller's and must stay put. */
void cli_input_text(struct cli_input *c, const char *name, const char *text,
                    size_t len);

/* Legal at any time after zeroing or a failed open, and twice. */
void cli_input_close(struct cli_input *c);

/* A place in a content. */
struct cli_input_reader {
    const struct cli_input *content;
    uint64_t at;               /* of the next octet to read from content */
    size_t   kept, given;      /* octets in room, and of those read */
    char     room[8192];       /* for readers of small pieces */
};

/* Begins at the start.  The room needs not be cleared, which takes longer than
 * to read a short text. */
void cli_input_start(struct cli_input_reader *k,
                     const struct cli_input *content);

/* A duva_source_fn: with buf NULL it goes back to the start. */
int cli_input_read(void *cursor, void *buf, size_t len);

#endif
