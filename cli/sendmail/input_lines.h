/* input_lines.h - what programs write as mail: into lines that SMTP carries. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_INPUT_LINES_H
#define DUVA_CLI_INPUT_LINES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CLI_LINE 998u          /* RFC 5322 2.1.1 */

/* What ends a line.  In each of them CRs before the LF are of the line end,
 * as lines have that were converted twice. */
enum cli_line_end {
    CLI_ANY_END,               /* LF or CRLF: a file, or a pipe */
    CLI_CRLF_END,              /* CRLF, as SMTP has it */
    CLI_LF_END                 /* LF or CRLF, but only between LFs can a dot be
                                  the end */
};

/* Zero it, then set in and what the lines are like.
 *
 * A program that writes a mail cannot be asked what it meant, so what cannot be
 * carried as it is is mended: a CR or an LF that is no line end is a space in a
 * header, and ends a line in the text as a terminal would show it, but a dot
 * behind it is text; and a line over 998 octets goes on in the next one, which
 * begins with a space, and so it stays a field in a header.  A NUL is read as a
 * space, but nul_line tells of it: such a mail must not be sent.
 *
 * In the text behind a Content-Transfer-Encoding that says binary (RFC 2045 6)
 * nothing is mended: `exact` says so, and lines end as they were written. */
struct cli_input_lines {
    FILE   *in;
    uint8_t line_end;          /* enum cli_line_end */
    uint8_t dot_ends;          /* a line of one dot is the end */
    uint8_t stuffed;           /* and a dot before a line is doubled */
    uint8_t in_header;         /* may change between two lines */
    uint8_t exact;             /* out */
    size_t  lines;             /* out: that ended so far */
    size_t  nul_line;          /* out: that of the first NUL, from 1; 0: none */
    /* private */
    char    line[CLI_LINE + 3];
    size_t  len, pos;          /* of what is in line, and was given out */
    size_t  kept;              /* behind len: the start of the next line */
    size_t  lone;              /* CRs that were read and are no line end */
    char    held[2];           /* octets that are to be read again, the last */
    uint8_t holds;             /* first, and how many */
    uint8_t ended;
    uint8_t after_cr;          /* and the next octet is exact */
    uint8_t in_label;          /* in a Content-Transfer-Encoding */
    uint8_t within;            /* a dot would be text now */
    uint8_t cut_off;           /* out: it ended without its dot */
};

/* A stream of its lines, each ended by LF; NULL with errno.  Closing it leaves
 * in open. */
FILE *cli_input_lines_open(struct cli_input_lines *i);

/* Reads what is left of it. */
void cli_input_lines_drain(struct cli_input_lines *i);

#endif
