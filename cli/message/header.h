/* header.h - the header of a message that was composed elsewhere. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_HEADER_H
#define DUVA_CLI_HEADER_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CLI_HEADER_MAX (4u * 1024u * 1024u)

struct cli_field {
    char  *text;               /* with its folds; each line ends in LF */
    size_t len, room;          /* of it */
    size_t name;               /* octets of its name */
    unsigned long line;        /* its first one, from 1, as it was read */
};

/* Zero it before use. */
struct cli_header {
    struct cli_field *field;
    size_t count, room;
    size_t octets;
    unsigned long lines;       /* before the text, with the empty line */
    char  *behind;             /* the first lines of a text that no empty line
                                  is before; NULL: there was one */
};

/* Reads up to the empty line, or to a line that is no field: then the text has
 * begun.  What stands before the first field is left out when it is not of the
 * message: a byte order mark, and lines "From SENDER TIME" and ">From ..." as
 * mailboxes and UUCP have them (RFC 4155, RFC 976).  Returns 0; EX_DATAERR and
 * a problem; EX_NOINPUT or EX_OSERR. */
int  cli_header_read(struct cli_header *h, FILE *in, const char **problem);
void cli_header_free(struct cli_header *h);

/* Has the field that name?  Letters may be large or small, as below. */
int cli_field_is(const struct cli_field *field, const char *name);

/* The first field of that name, or NULL. */
const struct cli_field *cli_header_find(const struct cli_header *h,
                                        const char *name);
void cli_header_drop(struct cli_header *h, const char *name);

/* Drops all fields that name recipients of this delivery or of an
 * earlier one: To, Cc, Bcc, and the likes of Delivered-To. */
void cli_header_drop_recipients(struct cli_header *h);

/* Writes lines that end in LF, with CRLF. */
void cli_header_put_lines(FILE *out, const char *text);

/* All fields, without the empty line. */
void cli_header_write(const struct cli_header *h, FILE *out);

/* Line `number` of what cli_header_write() writes, and of an empty line and the
 * text behind it, as it was read. */
unsigned long cli_header_line(const struct cli_header *h,
                              unsigned long number);

#endif
