/* finished.h - a message that was composed elsewhere, checked to be sent. */
/* SPDX-License-Identifier: MIT */
#ifndef DUVA_CLI_FINISHED_H
#define DUVA_CLI_FINISHED_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "duva/mail.h"
#include "message/header.h"
#include "message/message_id.h"
#include "system/input.h"

/* What is found in the header of a finished message. */
struct cli_header_check {
    uint8_t     place;
    char        begin[5];      /* of the message */
    size_t      octets;        /* of it that were looked at */
    size_t      line, fields;
    const char *problem;       /* NULL: none */
};

/* Octets that can be read repeatedly: a header in memory, where there is one,
 * then the rest.  Zero it before use. */
struct cli_finished {
    char    *head;             /* on the heap; NULL: none */
    size_t   head_len;
    struct cli_input rest;
    duva_body check;           /* of the rest: octets, or what is wrong */
    uint8_t  eight_bit;        /* there is an octet above 127 in it */
    uint8_t  binary;           /* it may have what no line has: so it is for
                                  duva_convert to read, or to refuse */
    uint8_t  with_header;      /* there is a header in the rest: */
    struct cli_header_check header;
    const struct cli_header *given; /* what head was made of; NULL: nothing */
    uint32_t added;            /* lines of head before those of given */
    char     message_id[CLI_MESSAGE_ID_SIZE]; /* that was added; "": none */
    /* private */
    struct cli_input_reader reader;
    size_t   head_read;
};

/* Opens file ("-" is standard input), reads all of it and checks it.  Returns
 * 0; or EX_DATAERR: m->header.problem says why, or if that is NULL m->check; or
 * as cli_input_open(), with errno.  cli_finished_close() may follow in any
 * case. */
int  cli_finished_open(struct cli_finished *m, const char *file);

/* The same for the rest of a stream, whose header was read. */
int  cli_finished_take(struct cli_finished *m, FILE *in);
void cli_finished_close(struct cli_finished *m);

/* Line `number` of what is sent, from 1: in what was read; 0: it was added. */
unsigned long cli_finished_line(const struct cli_finished *m,
                                unsigned long number);

/* A duva_source_fn; call it with buf NULL before the first reading. */
int  cli_finished_read(void *finished, void *buf, size_t len);

#endif
