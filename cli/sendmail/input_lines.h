/* input_lines.h - reads a message as lines that SMTP can carry. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_INPUT_LINES_H
#define DUVA_CLI_INPUT_LINES_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CLI_LINE 998u          /* RFC 5322 2.1.1 */

/* What ends a line.  More CRs before the LF belong to the line end: lines that
 * were converted twice have them. */
enum cli_line_end {
    CLI_ANY_END,               /* LF or CRLF: a file, or a pipe */
    CLI_CRLF_END,              /* CRLF, as SMTP has it */
    CLI_LF_END                 /* LF or CRLF, but a dot ends the message only
                                  between two LFs */
};

/* Zero it, then set in and what the lines are like.
 *
 * What SMTP cannot carry is repaired, for the program that wrote it cannot be
 * asked.  A CR or an LF that is no line end becomes a space in the header and
 * ends a line of the body, but a dot behind it does not end the message.  A
 * line over 998 octets is continued in the next one, which begins with a space,
 * so that a header field is folded.  A NUL is read as a space, and nul_line is
 * the line of the first one: such a mail must not be sent.
 *
 * In the body behind "Content-Transfer-Encoding: binary" (RFC 2045 6) nothing
 * is repaired: `exact` is set, and lines end as they were written. */
struct cli_input_lines {
    FILE   *in;
    uint8_t line_end;          /* enum cli_line_end */
    uint8_t dot_ends;          /* a line of one dot ends the message */
    uint8_t stuffed;           /* with dot stuffing (RFC 5321 4.5.2) */
    uint8_t in_header;         /* may change between two lines */
    uint8_t exact;             /* out */
    size_t  lines;             /* out: that ended so far */
    size_t  nul_line;          /* out: that of the first NUL, from 1; 0: none */
    /* private */
    char    line[CLI_LINE + 3];
    size_t  len, pos;          /* of what is in line, and was given out */
    size_t  kept;              /* behind len: the start of the next line */
    size_t  lone;              /* CRs that were read and are no line end */
    char    held[2];           /* octets to be read again, the last one first */
    uint8_t holds;             /* how many */
    uint8_t ended;
    uint8_t after_cr;          /* and the next octet is exact */
    uint8_t in_label;          /* in a Content-Transfer-Encoding */
    uint8_t within;            /* a dot would not end the message here */
    uint8_t cut_off;           /* out: it ended without its dot */
};

/* A stream of its lines, each ended by LF; NULL with errno.  Closing it leaves
 * in open. */
FILE *cli_input_lines_open(struct cli_input_lines *i);

/* Reads what is left of it. */
void cli_input_lines_drain(struct cli_input_lines *i);

#endif
