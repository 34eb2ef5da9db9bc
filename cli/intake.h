/* intake.h - what programs write as mail: into lines that SMTP carries. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_INTAKE_H
#define DUVA_CLI_INTAKE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define CLI_LINE 998u          /* RFC 5322 2.1.1 */

/* Zero it, then set in and what the lines are like.
 *
 * A program that writes a mail cannot be asked what it meant, so what cannot be
 * carried as it is is mended: a CR alone ends a line as a terminal would show
 * it, a NUL becomes a space, and a line over 998 octets goes on in the next
 * one, which begins with a space, and so it stays a field in a header. */
struct cli_intake {
    FILE   *in;
    uint8_t dot_ends;          /* a line of one dot is the end */
    uint8_t stuffed;           /* and a dot before a line is doubled */
    /* private */
    char    line[CLI_LINE + 3];
    size_t  len, pos;          /* of what is in line, and was given out */
    size_t  kept;              /* behind len: the start of the next line */
    uint8_t ended, within;
    uint8_t cut_off;           /* out: it ended without its dot */
};

/* A stream of its lines, each ended by LF; NULL with errno.  Closing it leaves
 * in open. */
FILE *cli_intake_open(struct cli_intake *i);

#endif
