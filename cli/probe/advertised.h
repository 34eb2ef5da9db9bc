/* advertised.h - the conversation into what a server advertises. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_ADVERTISED_H
#define DUVA_CLI_ADVERTISED_H

#include <stddef.h>
#include <stdint.h>

#include "duva/config.h"

/* The lines of a reply without codes, each with '\n'. */
struct cli_reply_lines {
    unsigned code; /* 0: no reply */
    uint8_t cut;   /* it had more than fits */
    size_t   len;
    char     text[8192];
};

/* Zero it. */
struct cli_advertised {
    struct cli_reply_lines greeting, clear, secured; /* the last two: of EHLO
                                        before and in TLS */
    /* private */
    uint8_t has_tls, more; /* more: a line of the reply was read */
    size_t   line_len;
    char     line[2048];
};

/* A new connection begins. */
void cli_advertised_connected(struct cli_advertised *a);

/* A duva_trace_fn. */
void cli_advertised_hear(void *advertised, const duva_trace_event *event);

/* The n-th line of a reply, from 0, or NULL. */
const char *cli_reply_lines_line(const struct cli_reply_lines *r, size_t n,
                                 size_t *len);

/* The parameters of an EHLO keyword, or NULL: it is not advertised. */
const char *cli_reply_lines_find(const struct cli_reply_lines *r,
                                 const char *keyword, size_t *len);

#endif
