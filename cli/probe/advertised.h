/* advertised.h - the conversation into what a server advertises. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADVERTISED_H
#define DUVA_CLI_ADVERTISED_H

#include <stddef.h>
#include <stdint.h>

#include "duva/client.h"

/* The lines of a reply without codes, each with '\n'. */
struct cli_reply_lines {
    unsigned code; /* 0: no reply */
    uint8_t cut;   /* it had more than fits */
    size_t   len;
    char     text[8192];
};

/* Zero it, then set client. */
struct cli_advertised {
    const duva_client *client; /* whose conversation it is */
    struct cli_reply_lines greeting, clear,
        secured; /* EHLO before and in TLS */
    /* private */
    struct cli_reply_lines *now; /* being read; NULL: not kept */
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

/* The parameters of an EHLO keyword, or NULL: it is not advertised. */
const char *cli_reply_lines_find(const struct cli_reply_lines *w,
                                 const char *keyword, size_t *len);

#endif
