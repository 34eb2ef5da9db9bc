/* input.h - the octets of a file, a pipe or a text, to be read repeatedly. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_INPUT_H
#define DUVA_CLI_INPUT_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* An input does not change once it is open, so that threads and mails may share
 * it; each reads through a cli_input_reader of its own. */
struct cli_input {
    const char *name;          /* "report.pdf", for people; never NULL */
    const char *memory;        /* NULL: in fd */
    int         fd;
    uint8_t     owned;         /* cli_input_close() frees memory, closes fd */
    uint64_t    start, len;    /* octets; start is an offset in fd */
};

/* Sees each piece of an input once, in order, while it is opened.  Returns 0,
 * or an exit code that ends it. */
typedef int cli_input_check_fn(void *ctx, const char *data, size_t len);

/* Does the option name standard input, "-"?  NULL: it is not given. */
int cli_is_stdin(const char *path);

/* Opens a file; "-" is standard input, from where it stands.  A regular file
 * is read where it is and must not change; what comes through a pipe is copied
 * to memory, or to a temporary file when it is long.  path is borrowed.
 * Returns 0; or, with errno, EX_NOINPUT when it cannot be read, EX_IOERR or
 * EX_OSERR when it cannot be copied; then there is nothing to close. */
int cli_input_open(struct cli_input *c, const char *path);

/* The same, and all of it goes through check, without a further reading of a
 * pipe.  Returns the exit code of check, too. */
int cli_input_open_checked(struct cli_input *c, const char *path,
                           cli_input_check_fn *check, void *ctx);

/* The same for the rest of a stream, which is copied and stays open. */
int cli_input_copy(struct cli_input *c, const char *name, FILE *stream,
                   cli_input_check_fn *check, void *ctx);

/* An input of a text, which is borrowed. */
void cli_input_text(struct cli_input *c, const char *name, const char *text,
                    size_t len);

/* May be called after zeroing, after a failed open, and twice. */
void cli_input_close(struct cli_input *c);

/* Why an input could not be opened, for people, from errno and the exit code:
 * "NAME: reason" behind what; when the copy failed that is named instead. */
void cli_input_problem(char *text, size_t size, const char *what,
                       const char *name, int failed);

/* All octets and a NUL, on the heap; or NULL with errno. */
char *cli_input_load(const struct cli_input *c);

/* A position in an input. */
struct cli_input_reader {
    const struct cli_input *input;
    uint64_t at;               /* of the next octet to read from input */
    size_t   kept, given;      /* octets in room, and of those read */
    char     room[8192];       /* for readers of small pieces */
};

/* Begins at the start.  The room is not cleared, which would take longer than
 * to read a short text. */
void cli_input_start(struct cli_input_reader *r, const struct cli_input *input);

/* A duva_source_fn: with buf NULL it goes back to the start. */
int cli_input_read(void *reader, void *buf, size_t len);

#endif
