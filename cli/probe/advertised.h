/* advertised.h - what a server advertises, taken from the conversation. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADVERTISED_H
#define DUVA_CLI_ADVERTISED_H

#include <stddef.h>
#include <stdint.h>

#include "duva/client.h"

/* A reply, its lines without codes and parted by '\n'. */
struct cli_reply_lines {
    unsigned code;             /* 0: it was not given */
    uint8_t  cut;              /* there was more than fits */
    size_t   len;
    char     text[8192];
};

/* Zero it, then set client. */
struct cli_advertised {
    const duva_client *client; /* whose conversation it is */
    struct cli_reply_lines greeting, clear, secured; /* the last two: of EHLO */
    /* private */
    struct cli_reply_lines *now;     /* being said; NULL: of no interest */
    uint8_t  more;             /* a line of it has passed */
    size_t   said, heard;      /* octets in the lines */
    char     command[8], line[2048];
};

/* A duva_trace_fn; from is 0 where a new connection begins. */
void cli_advertised_piece(void *advertised, char from, const char *text,
                          size_t len);

/* The n-th line of a reply, from 0, or NULL. */
const char *cli_reply_lines_line(const struct cli_reply_lines *w, size_t n,
                                 size_t *len);

/* The parameters of an EHLO keyword as they stand, or NULL: it is not
 * there. */
const char *cli_reply_lines_find(const struct cli_reply_lines *w,
                                 const char *keyword, size_t *len);

#endif
